package io.trafficgovernor.loadtest.replay;

/** A run could not be carried to its end: the message says what was waited for. */
final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunFailedException(String message) {
    super(message);
  }

  RunFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
