package io.trafficgovernor.gateway.origin;

/**
 * What one event loop thinks of one origin, by its own calls alone. An origin that cannot be
 * connected to, or fails several times in a row, is left out for a while, longer each time; when it
 * is tried again it starts slowly. Not thread-safe; takes the time as an argument.
 */
final class OriginHealth {
  /** Broken answers and time-outs in a row, after which an origin is left out. */
  static final int MAX_FAILURES = 5;

  static final long FIRST_BAN_NANOS = 1_000_000_000L;
  static final long LONGEST_BAN_NANOS = 32_000_000_000L;
  static final long SLOW_START_NANOS = 10_000_000_000L;

  /** Even a new one gets a part, or it would never show that it is well. */
  static final double LEAST_WEIGHT = 0.1;

  private int failures;
  private long banNanos;
  private long bannedUntilNanos;
  private boolean banned;
  private boolean sendsUnasked;

  /** No connection could be made. */
  void unreachable(long nowNanos) {
    ban(nowNanos);
  }

  /** It broke off, or did not answer in time. */
  void failed(long nowNanos) {
    failures++;
    if (failures >= MAX_FAILURES) {
      ban(nowNanos);
    }
  }

  private void ban(long nowNanos) {
    if (usable(nowNanos)) {
      banNanos = banNanos == 0 ? FIRST_BAN_NANOS : Math.min(LONGEST_BAN_NANOS, 2 * banNanos);
      bannedUntilNanos = nowNanos + banNanos;
      banned = true;
      failures = 0;
    }
  }

  /** It answered, whatever the answer was. */
  void answered(long nowNanos) {
    failures = 0;
    if (banned && nowNanos - bannedUntilNanos >= SLOW_START_NANOS) {
      banned = false;
      banNanos = 0;
    }
  }

  /**
   * It sent bytes that belong to no request.
   *
   * @return whether that is news
   */
  boolean sentUnasked() {
    boolean news = !sendsUnasked;
    sendsUnasked = true;
    return news;
  }

  /** Whether it ever did that: what it should not send may come at any time. */
  boolean sendsUnasked() {
    return sendsUnasked;
  }

  /** Whether it is not left out now. */
  boolean usable(long nowNanos) {
    return !banned || nowNanos - bannedUntilNanos >= 0;
  }

  /** Its part of what a well origin gets, in [{@value #LEAST_WEIGHT}, 1]. */
  double weight(long nowNanos) {
    if (!banned) {
      return 1;
    }
    double part = (double) (nowNanos - bannedUntilNanos) / SLOW_START_NANOS;
    return Math.max(LEAST_WEIGHT, Math.min(1, part));
  }
}
