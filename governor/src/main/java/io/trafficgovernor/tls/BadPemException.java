package io.trafficgovernor.tls;

/** A PEM file that cannot be used, and why. */
public final class BadPemException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String part;

  BadPemException(String part, String message) {
    super(message, null, false, false);
    this.part = part;
  }

  /** Which file it is: {@code cert}, {@code key} or {@code ca}. */
  public String part() {
    return part;
  }
}
