package io.trafficgovernor.admission.control;

import java.util.List;

/**
 * How the backend did when it was well: the yardstick of a recovery, frozen when OPEN is left.
 *
 * @param ratePerSecond the good rate of the whole cluster, more than 0
 * @param latencySeconds the mean latency to the response head; 0 while unknown
 * @param failureShares part of each class's answers that always fails, in [0, 1]; empty while
 *     unknown
 * @param peakPerSecond highest rate seen lately; 0 while unknown
 */
public record Reference(
    double ratePerSecond, double latencySeconds, List<Double> failureShares, double peakPerSecond) {

  private static final double ENVELOPE_HEADROOM = 1.5;
  private static final double MIN_CEILING_PER_SECOND = 10;
  private static final double MIN_CEILING_SHARE = 0.01;

  public Reference {
    failureShares = List.copyOf(failureShares);
    if (!(ratePerSecond > 0)) {
      throw new IllegalArgumentException(
          "reference rate: got " + ratePerSecond + "/s, allowed more than 0");
    }
  }

  /** What is known before anything was measured: the configured rate. */
  public static Reference configured(double ratePerSecond) {
    return new Reference(ratePerSecond, 0, List.of(), 0);
  }

  /** Failures of that class that are nothing new, at most those in the tally. */
  public double usualFailures(int rank, Tally tally) {
    return Math.min((double) tally.failure(), share(rank) * tally.answers());
  }

  /** The same with one standard deviation of their scatter, which is large among few answers. */
  public double excusableFailures(int rank, Tally tally) {
    double share = share(rank);
    double usual = share * tally.answers();
    return Math.min((double) tally.failure(), usual + Math.sqrt(usual * (1 - share)));
  }

  private double share(int rank) {
    return rank < failureShares.size() ? failureShares.get(rank) : 0;
  }

  /** The least ceiling outside OUTAGE: max(10/s, 1 % of the reference rate). */
  public double minCeiling() {
    return Math.max(MIN_CEILING_PER_SECOND, MIN_CEILING_SHARE * ratePerSecond);
  }

  /** The ceiling in OPEN: max(reference rate, 1.5 times the recent peak). */
  public double envelope() {
    return Math.max(ratePerSecond, ENVELOPE_HEADROOM * peakPerSecond);
  }
}
