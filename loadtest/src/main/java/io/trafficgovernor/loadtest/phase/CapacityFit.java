package io.trafficgovernor.loadtest.phase;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Fits a store's capacity on two published outcomes of one trigger: with the usual demand it stays
 * down, with three quarters of it it recovers. Nothing else is fitted.
 *
 * @param lowest capacity at which the lower demand recovers with every seed, per second
 * @param highest capacity at which the usual demand stays down with every seed
 */
record CapacityFit(double lowest, double highest) {
  /** Where the search ends: this many times the demand is beyond what any trigger can fill. */
  private static final double MOST_TIMES = 8;

  private static final double STEP_SHARE = 0.01;

  /**
   * Looks for both bounds.
   *
   * @param trial the published trigger at the usual demand
   * @param lowerDemand the demand with which it recovers
   * @param seeds not those that the result is tested with
   */
  static CapacityFit of(
      Trial.Experiment experiment, Trial trial, double lowerDemand, List<Long> seeds) {
    double lowest = 0;
    double highest = Double.POSITIVE_INFINITY;
    double step = STEP_SHARE * trial.demand();
    double end = MOST_TIMES * trial.demand();
    for (long seed : seeds) {
      Trial usual = trial.withSeed(seed);
      Trial lower = usual.withDemand(lowerDemand);
      OptionalDouble recovers =
          Bisection.least(
              lowerDemand, end, step, at -> experiment.recovers(lower.withCapacity(at)));
      OptionalDouble holds =
          Bisection.least(
              trial.demand(), end, step, at -> experiment.recovers(usual.withCapacity(at)));
      lowest = Math.max(lowest, recovers.orElse(Double.POSITIVE_INFINITY));
      highest = Math.min(highest, holds.orElse(end) - step);
    }
    return new CapacityFit(lowest, highest);
  }

  /** Whether some capacity shows both outcomes. */
  boolean found() {
    return lowest < highest;
  }

  /** The middle of what shows both, by ratio. */
  double capacity() {
    return Math.sqrt(lowest * highest);
  }
}
