package io.trafficgovernor.loadtest.record;

/**
 * The instants of a run, each not before the one above it.
 *
 * @param loadedNanos clients begin
 * @param diedNanos the store dies
 * @param returnedNanos it is back, cold
 * @param endedNanos clients stop
 */
public record Moments(long loadedNanos, long diedNanos, long returnedNanos, long endedNanos) {
  public Moments {
    if (diedNanos < loadedNanos || returnedNanos < diedNanos || endedNanos < returnedNanos) {
      throw new IllegalArgumentException(
          "moments: got %d, %d, %d, %d, allowed only rising ones"
              .formatted(loadedNanos, diedNanos, returnedNanos, endedNanos));
    }
  }

  /** Seconds from the store's return to that instant; negative before it. */
  public double sinceReturn(long nanos) {
    return (nanos - returnedNanos) / 1e9;
  }
}
