package io.trafficgovernor.loadtest.phase;

import java.util.OptionalDouble;

/**
 * One question to the simulator: does the store come back after that?
 *
 * @param capacity requests per second that the store can serve
 * @param demand first attempts per second
 * @param part of its speed that the trigger leaves, in (0, 1)
 * @param seconds how long the trigger lasts
 */
record Trial(double capacity, double demand, double part, double seconds, long seed) {
  Trial withCapacity(double perSecond) {
    return new Trial(perSecond, demand, part, seconds, seed);
  }

  Trial withDemand(double perSecond) {
    return new Trial(capacity, perSecond, part, seconds, seed);
  }

  Trial withPart(double other) {
    return new Trial(capacity, demand, other, seconds, seed);
  }

  Trial withSeconds(double other) {
    return new Trial(capacity, demand, part, other, seed);
  }

  Trial withSeed(long other) {
    return new Trial(capacity, demand, part, seconds, other);
  }

  /** Whoever can carry out a trial. */
  @FunctionalInterface
  interface Experiment {
    Outcome carryOut(Trial trial);

    /** Whether the store comes back. */
    default boolean recovers(Trial trial) {
      return carryOut(trial).recovered();
    }
  }

  /**
   * What came of a trial.
   *
   * @param goodPercent first attempts answered in time, of the last ten seconds whose fate is known
   * @param backSeconds from the trigger's end until 99 % of the next 3 s were served; empty if
   *     never
   */
  record Outcome(double goodPercent, OptionalDouble backSeconds) {
    private static final double RECOVERED_PERCENT = 99;

    boolean recovered() {
      return goodPercent >= RECOVERED_PERCENT;
    }
  }
}
