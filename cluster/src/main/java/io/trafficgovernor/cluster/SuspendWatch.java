package io.trafficgovernor.cluster;

import io.trafficgovernor.admission.WallClock;

/**
 * Notices that the machine slept: wall time went on and the monotonic clock did not. A step of the
 * wall clock forward looks the same; to mistake it for a sleep costs one lease. Not thread-safe.
 */
final class SuspendWatch {
  /** More than any slewing does between two looks, less than a tenth of a lease. */
  private static final long MOST_JUMP_NANOS = 100_000_000L;

  private final WallClock wall;
  private long aheadNanos;
  private boolean started;

  SuspendWatch(WallClock wall) {
    this.wall = wall;
  }

  /** Whether it slept since the last look. */
  boolean slept(long nowNanos) {
    long ahead = wall.millis() * 1_000_000L - nowNanos;
    boolean jumped =
        started && wall != WallClock.NEVER_SLEEPS && ahead - aheadNanos > MOST_JUMP_NANOS;
    started = true;
    aheadNanos = ahead;
    return jumped;
  }
}
