package io.trafficgovernor.process;

/** Something outside this program keeps the node from starting; the message is for its operator. */
public final class StartFailedException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * A failure to be shown as one line.
   *
   * @param message what, what was got and what is allowed
   */
  public StartFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
