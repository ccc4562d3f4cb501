package io.trafficgovernor.loadtest.record;

/** How an attempt ended, as its client saw it. */
public enum Ending {
  /** Answered well and in time. */
  OK,
  /** Given what the store answered earlier; the answer says how old it is. */
  STALE,
  /** Accepted without the store, by the configuration. */
  OPENED,
  /** A write was taken in and will be delivered. */
  JOURNALED,
  /** Refused: a one-time token that had been accepted before. */
  USED,
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

  /** Whether the client has what it asked for, from the store. */
  public boolean good() {
    return this == OK;
  }

  /** Whether the client has nothing to ask again for. */
  public boolean settled() {
    return switch (this) {
      case OK, STALE, OPENED, JOURNALED, USED -> true;
      case SHED, REFUSED, FAILED, BROKEN, TIMEOUT -> false;
    };
  }
}
