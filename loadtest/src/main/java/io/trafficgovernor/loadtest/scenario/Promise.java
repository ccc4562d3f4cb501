package io.trafficgovernor.loadtest.scenario;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * A bar that a scenario must meet: at least or at most, as is better for the measure.
 *
 * @param median over the seeds
 * @param worst over the seeds
 */
public record Promise(Measure measure, OptionalDouble median, OptionalDouble worst) {
  public Promise {
    requireNonNull(measure, "measure");
    requireNonNull(median, "median");
    requireNonNull(worst, "worst");
  }
}
