package io.trafficgovernor.loadtest.measure;

/** A run made more attempts than its log holds, so that no measure of it would be true. */
public final class IncompleteLogException extends RuntimeException {
  private static final long serialVersionUID = 1;

  IncompleteLogException(String message) {
    super(message);
  }
}
