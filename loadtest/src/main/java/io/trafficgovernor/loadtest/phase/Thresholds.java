package io.trafficgovernor.loadtest.phase;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The shortest trigger after which the store stays down.
 *
 * @param seconds one for each seed; empty where even the longest was survived
 */
record Thresholds(List<OptionalDouble> seconds) {
  static final double LONGEST_SECONDS = 30;
  private static final double STEP_SECONDS = 0.25;

  Thresholds {
    seconds = List.copyOf(seconds);
  }

  static Thresholds of(Trial.Experiment experiment, Trial trial, List<Long> seeds) {
    List<OptionalDouble> seconds = new ArrayList<>();
    for (long seed : seeds) {
      Trial seeded = trial.withSeed(seed);
      seconds.add(
          Bisection.least(
              0,
              LONGEST_SECONDS,
              STEP_SECONDS,
              length -> !experiment.recovers(seeded.withSeconds(length))));
    }
    return new Thresholds(seconds);
  }

  /** Seeds whose threshold lies there, bounds included. */
  long within(double from, double to) {
    return sorted().stream().filter(each -> each >= from && each <= to).count();
  }

  /** In order, without those that never stayed down. */
  List<Double> sorted() {
    return seconds.stream()
        .filter(OptionalDouble::isPresent)
        .map(OptionalDouble::getAsDouble)
        .sorted()
        .toList();
  }

  /** The middle one; empty if none stayed down. */
  OptionalDouble median() {
    List<Double> sorted = sorted();
    return sorted.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted.get(sorted.size() / 2));
  }
}
