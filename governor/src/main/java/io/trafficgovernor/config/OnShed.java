package io.trafficgovernor.config;

/** What a request gets that does not reach the backend. */
public enum OnShed {
  /** A refusal, at once. */
  REJECT,
  /** What the backend answered earlier. */
  STALE
}
