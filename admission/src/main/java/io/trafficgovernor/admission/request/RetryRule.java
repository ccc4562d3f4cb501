package io.trafficgovernor.admission.request;

/** What becomes of a retry that nobody called back. */
public enum RetryRule {
  /** It counts as what it is of. */
  EQUAL,
  /**
   * It is served one class lower, and its class may spend a tenth of its completions on retries.
   */
  MOVED_DOWN
}
