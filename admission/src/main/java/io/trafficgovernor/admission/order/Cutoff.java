package io.trafficgovernor.admission.order;

import java.util.List;

/**
 * The key at and above which requests are refused at once, for the whole cluster. It sits where the
 * demand below it is {@value #HEADROOM} of the ceiling: the surplus keeps waiting rooms and buckets
 * busy.
 *
 * <p>Raising is free; it falls only because the ceiling fell, or because what passes it has grown
 * by more than {@value #DEMAND_TOLERANCE} since it was set (invariant I7): neither noise in the
 * demand nor a crowd above it, of less important requests, may throw out users who are already in.
 *
 * @param key in [0, classes * 65536]; everything passes at the upper end
 * @param budget the ceiling times {@value #HEADROOM} for which the key was last lowered or set, rps
 * @param passing demand below the key at that moment, rps
 */
public record Cutoff(long key, double budget, double passing) {
  /** Demand let past the cutoff, as a multiple of the ceiling. */
  public static final double HEADROOM = 1.25;

  /** Growth of what passes that may lower the cutoff. */
  public static final double DEMAND_TOLERANCE = 0.02;

  /** Everything passes. */
  public static Cutoff open(int classes) {
    return new Cutoff(classes * SessionKey.PER_CLASS, Double.MAX_VALUE, 0);
  }

  /**
   * The cutoff for this ceiling and demand, with the hysteresis of I7 against the present one.
   * Pure.
   *
   * @param demand first attempts per second of each class, in order of importance
   */
  public Cutoff next(double ceiling, List<Double> demand) {
    double newBudget = HEADROOM * ceiling;
    long wanted = solve(newBudget, demand);
    boolean mayFall =
        newBudget < budget || demandBelow(key, demand) > passing * (1 + DEMAND_TOLERANCE);
    if (wanted < key && !mayFall) {
      return new Cutoff(key, newBudget, passing);
    }
    return new Cutoff(wanted, newBudget, demandBelow(wanted, demand));
  }

  /** Key below which the demand adds up to {@code budget}; the upper end if it never does. */
  private static long solve(double budget, List<Double> demand) {
    double left = budget;
    for (int rank = 0; rank < demand.size(); rank++) {
      double wanted = demand.get(rank);
      if (wanted > left) {
        // class 0 is not ordered by session: it is open as a whole
        long within =
            rank == 0 ? SessionKey.PER_CLASS : (long) (left / wanted * SessionKey.PER_CLASS);
        return rank * SessionKey.PER_CLASS + within;
      }
      left -= wanted;
    }
    return demand.size() * SessionKey.PER_CLASS;
  }

  /** Demand that passes the cutoff, by the class's share of keys below it, rps. */
  public double passing(List<Double> demand) {
    return demandBelow(key, demand);
  }

  private static double demandBelow(long key, List<Double> demand) {
    double sum = 0;
    for (int rank = 0; rank < demand.size(); rank++) {
      sum += demand.get(rank) * openShare(key, rank);
    }
    return sum;
  }

  /** Part of a class that lies below the cutoff, in [0, 1]. */
  public double openShare(int rank) {
    return openShare(key, rank);
  }

  private static double openShare(long key, int rank) {
    double within = (key - rank * SessionKey.PER_CLASS) / (double) SessionKey.PER_CLASS;
    return Math.max(0, Math.min(1, within));
  }
}
