package io.trafficgovernor.admission.request;

import java.util.Arrays;

/** A node's own last 20 outcomes: all it has to go by when it is cut off. Not thread-safe. */
final class RecentOutcomes {
  private static final int SIZE = 20;
  private static final int MIN_GOOD = 19;
  private static final long MAX_AGE_NANOS = 10_000_000_000L;

  private final long[] atNanos = new long[SIZE];
  private final boolean[] good = new boolean[SIZE];
  private int seen;

  void add(boolean wasGood, long nowNanos) {
    atNanos[seen % SIZE] = nowNanos;
    good[seen % SIZE] = wasGood;
    seen = seen + 1 == 2 * SIZE ? SIZE : seen + 1;
  }

  void clear() {
    seen = 0;
    Arrays.fill(good, false);
  }

  /** Whether at least 95 % of the last 20 were good, and the oldest of them is at most 10 s old. */
  boolean healthy(long nowNanos) {
    if (seen < SIZE || nowNanos - atNanos[seen % SIZE] > MAX_AGE_NANOS) {
      return false;
    }
    int goods = 0;
    for (boolean each : good) {
      goods += each ? 1 : 0;
    }
    return goods >= MIN_GOOD;
  }
}
