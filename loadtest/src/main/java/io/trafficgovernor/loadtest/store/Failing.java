package io.trafficgovernor.loadtest.store;

import java.util.random.RandomGenerator;

/**
 * Requests that the application behind the store answers with an error, whatever the load.
 *
 * @param rank only of this class; {@link #ALL} for every one
 * @param origin only at this address; {@link #ALL} for every one
 * @param share part of them that fails, in (0, 1]
 */
public record Failing(int rank, int origin, double share) {
  /** Every class, or every address. */
  public static final int ALL = -1;

  public Failing {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "share that fails: got " + share + ", allowed more than 0 and at most 1");
    }
  }

  boolean strikes(Job job, RandomGenerator random) {
    return (rank == ALL || rank == job.rank())
        && (origin == ALL || origin == job.origin())
        && random.nextDouble() < share;
  }
}
