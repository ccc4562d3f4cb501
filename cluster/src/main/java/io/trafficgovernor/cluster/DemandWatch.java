package io.trafficgovernor.cluster;

/**
 * Notices that a node's demand has changed by more than chance explains, from the count of arrivals
 * between two looks against what the last second lets expect. Source: DESIGN.md, "The protocol".
 * Not thread-safe.
 */
final class DemandWatch {
  private static final double MEMORY_SECONDS = 0.6;
  private static final double RISE_DEVIATIONS = 6;
  private static final double RISE_COUNT = 3;

  /** With fewer than that many expected, a silent moment tells nothing. */
  private static final double LEAST_EXPECTED_FOR_A_FALL = 12;

  private static final double FALL_SHARE = 0.4;
  private static final double FALL_COUNT = 2;

  private long count;
  private long atNanos;
  private boolean started;
  private double perSecond;

  /**
   * Whether it has changed since the last look; from then on the new demand is what is expected.
   *
   * @param arrivals cumulative
   */
  boolean changed(long arrivals, long nowNanos) {
    double seconds = (nowNanos - atNanos) / 1e9;
    if (started && seconds <= 0) {
      return false;
    }
    long came = arrivals - count;
    boolean first = !started;
    started = true;
    count = arrivals;
    atNanos = nowNanos;
    if (first) {
      return false;
    }
    double expected = perSecond * seconds;
    boolean changed =
        came > expected + RISE_DEVIATIONS * Math.sqrt(expected) + RISE_COUNT
            || (expected >= LEAST_EXPECTED_FOR_A_FALL && came < FALL_SHARE * expected - FALL_COUNT);
    double weight = changed ? 1 : 1 - Math.exp(-seconds / MEMORY_SECONDS);
    perSecond += weight * (came / seconds - perSecond);
    return changed;
  }
}
