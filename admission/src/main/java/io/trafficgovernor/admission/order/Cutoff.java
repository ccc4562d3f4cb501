package io.trafficgovernor.admission.order;

import java.util.List;

/**
 * The key at and above which requests are refused at once, for the whole cluster. It sits where the
 * demand below it is {@value #HEADROOM} of the ceiling: the surplus keeps waiting rooms and buckets
 * busy.
 *
 * <p>Raising is free; it falls only because the ceiling fell, or because the demand of the marginal
 * class and of those that come before it rose by more than {@value #DEMAND_TOLERANCE} (invariant
 * I7): neither noise in the demand nor a crowd of less important requests may throw out users who
 * are already in.
 *
 * @param key in [0, classes * 65536]; everything passes at the upper end
 * @param budget the ceiling times {@value #HEADROOM} for which the key was last lowered or set, rps
 * @param upperDemand demand of the marginal class and those before it at that moment, rps
 */
public record Cutoff(long key, double budget, double upperDemand) {
  /** Demand let past the cutoff, as a multiple of the ceiling. */
  public static final double HEADROOM = 1.25;

  /** Growth of the upper demand that may lower the cutoff. */
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
    double upper = demandUpTo(key, demand);
    boolean mayFall = newBudget < budget || upper > upperDemand * (1 + DEMAND_TOLERANCE);
    if (wanted < key && !mayFall) {
      return new Cutoff(key, newBudget, upperDemand);
    }
    return new Cutoff(wanted, newBudget, demandUpTo(wanted, demand));
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

  /** Demand of the class a key lies in and of all that come before it. */
  private static double demandUpTo(long key, List<Double> demand) {
    int marginal = (int) Math.min(demand.size() - 1, key / SessionKey.PER_CLASS);
    return demand.subList(0, marginal + 1).stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Part of a class that lies below the cutoff, in [0, 1]. */
  public double openShare(int rank) {
    double within = (key - rank * SessionKey.PER_CLASS) / (double) SessionKey.PER_CLASS;
    return Math.max(0, Math.min(1, within));
  }
}
