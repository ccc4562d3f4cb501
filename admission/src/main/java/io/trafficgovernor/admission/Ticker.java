package io.trafficgovernor.admission;

/**
 * Source of monotonic time. The one system clock lives in the governor; the simulator hands in a
 * virtual one, and the algorithms here never ask: they take {@code nowNanos} as an argument.
 */
@FunctionalInterface
public interface Ticker {
  /**
   * Nanoseconds since an arbitrary origin. Never falls; comparable only with readings of the same
   * ticker, by subtraction. Thread-safe.
   */
  long nanos();
}
