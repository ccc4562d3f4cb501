package io.trafficgovernor.loadtest.incident;

import io.trafficgovernor.loadtest.store.StoreSettings;

/**
 * The fastest return there can be: whoever knows the store sends exactly what it can serve, so
 * every miss warms and nothing queues. After n requests the key i is cached with probability 1 - (1
 * - p_i)^n; the capacity follows from the hits, and n grows at the least of capacity, demand and
 * quota. Pure. Source: DESIGN.md, "The oracle".
 */
public final class Oracle {
  private static final double STEP_SECONDS = 0.25;
  private static final double LONGEST_SECONDS = 3_600;

  private final StoreSettings store;
  private final double[] logMissed;
  private final double[] probability;

  /** An oracle for keys whose popularity falls as 1 / rank^exponent. */
  public Oracle(StoreSettings store, int keys, double exponent) {
    this.store = store;
    probability = new double[keys];
    double sum = 0;
    for (int key = 0; key < keys; key++) {
      probability[key] = Math.pow(key + 1.0, -exponent);
      sum += probability[key];
    }
    logMissed = new double[keys];
    for (int key = 0; key < keys; key++) {
      probability[key] /= sum;
      logMissed[key] = Math.log1p(-probability[key]);
    }
  }

  /**
   * Seconds from a cold return until the capacity reaches the demand.
   *
   * @return {@value #LONGEST_SECONDS} if it is not reached by then
   */
  public double seconds(double demandPerSecond, double quotaPerSecond, double quotaSeconds) {
    double served = 0;
    double at = 0;
    while (at < LONGEST_SECONDS) {
      double capacity = store.capacity(hitShare(served));
      if (capacity >= demandPerSecond) {
        return at;
      }
      served += STEP_SECONDS * (at < quotaSeconds ? Math.min(capacity, quotaPerSecond) : capacity);
      at += STEP_SECONDS;
    }
    return LONGEST_SECONDS;
  }

  private double hitShare(double served) {
    double share = 0;
    for (int key = 0; key < probability.length; key++) {
      share -= probability[key] * Math.expm1(served * logMissed[key]);
    }
    return share;
  }
}
