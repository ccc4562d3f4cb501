package io.trafficgovernor.admission.request;

/**
 * Tokens asked for per second by each class on this node, smoothed over 0.6 s: what the reserves
 * for higher classes are sized by. Not thread-safe.
 */
final class ArrivalRates {
  private static final double MEMORY_SECONDS = 0.6;

  private final double[] rates;
  private final long[] counted;
  private double retryRate;
  private long countedRetries;
  private long sinceNanos;
  private boolean started;

  ArrivalRates(int classes) {
    rates = new double[classes];
    counted = new long[classes];
  }

  void arrived(int rank, int cost, boolean firstAttempt) {
    counted[rank] += cost;
    countedRetries += firstAttempt ? 0 : cost;
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
    retryRate += weight * ((started ? countedRetries / seconds : 0) - retryRate);
    countedRetries = 0;
    sinceNanos = nowNanos;
    started = true;
  }

  /** Part of the arrivals that are retries, in [0, 1]; 0 while nothing arrives. */
  double retryShare() {
    double all = above(rates.length);
    return all <= 0 ? 0 : Math.min(1, retryRate / all);
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
