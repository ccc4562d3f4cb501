package io.trafficgovernor.loadtest.fleet;

/** A run could not be carried to its end: the message says what was waited for. */
public final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RunFailedException(String message) {
    super(message);
  }

  public RunFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
