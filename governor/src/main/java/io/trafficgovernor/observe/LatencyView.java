package io.trafficgovernor.observe;

/** Latencies as this node saw them. */
@FunctionalInterface
public interface LatencyView {
  /**
   * That quantile of a class's latency to the response head over the last minutes, in milliseconds;
   * 0 while there is none.
   *
   * @param quantile 0.5 or 0.99
   */
  double millis(int rank, double quantile);
}
