package io.trafficgovernor.loadtest.record;

/** How an attempt ended, as its client saw it. */
public enum Ending {
  /** Answered well and in time. */
  OK,
  /** Refused by the governor: the answer names its reason. */
  SHED,
  /** Refused by the store: 429 or 503 of its own. */
  REFUSED,
  /** Any other answer. */
  FAILED,
  /** No connection, or it broke. */
  BROKEN,
  /** No answer in time. */
  TIMEOUT;

  /** Whether the client has what it asked for. */
  public boolean good() {
    return this == OK;
  }
}
