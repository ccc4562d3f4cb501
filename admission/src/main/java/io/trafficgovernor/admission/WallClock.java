package io.trafficgovernor.admission;

/**
 * Wall time of this machine, to notice that it slept: the monotonic clock stands still meanwhile.
 * Thread-safe.
 */
@FunctionalInterface
public interface WallClock {
  /** For virtual time, where nothing sleeps. */
  WallClock NEVER_SLEEPS = () -> 0;

  /** Milliseconds since 1970. */
  long millis();
}
