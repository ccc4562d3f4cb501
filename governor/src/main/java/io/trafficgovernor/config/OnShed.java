package io.trafficgovernor.config;

/** What a request gets that does not reach the backend. */
public enum OnShed {
  /** A refusal, at once. */
  REJECT,
  /** What the backend answered earlier. */
  STALE,
  /** The answer that stands in the configuration. */
  FAIL_OPEN,
  /** A receipt for a write that is on disk and will be delivered. */
  JOURNAL
}
