package io.trafficgovernor.admission.request;

/**
 * Arrivals per second of each class on this node, smoothed over 0.6 s: what the reserves for higher
 * classes are sized by. Not thread-safe.
 */
final class ArrivalRates {
  private static final double MEMORY_SECONDS = 0.6;

  private final double[] rates;
  private final long[] counted;
  private long sinceNanos;
  private boolean started;

  ArrivalRates(int classes) {
    rates = new double[classes];
    counted = new long[classes];
  }

  void arrived(int rank) {
    counted[rank]++;
  }

  /** Folds in what was counted since the last call. */
  void update(long nowNanos) {
    double seconds = (nowNanos - sinceNanos) / 1e9;
    if (started && seconds <= 0) {
      return;
    }
    double weight = started ? 1 - Math.exp(-seconds / MEMORY_SECONDS) : 0;
    for (int rank = 0; rank < rates.length; rank++) {
      double rate = started ? counted[rank] / seconds : 0;
      rates[rank] += weight * (rate - rates[rank]);
      counted[rank] = 0;
    }
    sinceNanos = nowNanos;
    started = true;
  }

  /** Arrivals per second of all classes above that rank. */
  double above(int rank) {
    double sum = 0;
    for (int higher = 0; higher < rank; higher++) {
      sum += rates[higher];
    }
    return sum;
  }
}
