package io.trafficgovernor.admission.forecast;

import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.List;

/**
 * What a forecast goes by.
 *
 * @param plan upper bound of the ceiling
 * @param rampNanos ramp time that has passed already
 * @param ceilingPerSecond where the ceiling stands, more than 0
 * @param growthPerSecond by which part of itself it grows in the next second, 0 or more
 * @param ageSeconds how long it has risen: it takes as long again for the growth to halve; more
 *     than 0
 * @param demand first attempts per second of each class, in order of importance
 * @param nodes in the cluster, at least 1
 * @param largestCost tokens that the dearest request takes, at least 1
 */
public record Outlook(
    RampPlan plan,
    long rampNanos,
    double ceilingPerSecond,
    double growthPerSecond,
    double ageSeconds,
    List<Double> demand,
    int nodes,
    int largestCost) {
  public Outlook {
    demand = List.copyOf(demand);
    if (!(ceilingPerSecond > 0)) {
      throw new IllegalArgumentException(
          "ceiling: got " + ceilingPerSecond + "/s, allowed more than 0");
    }
    if (!(ageSeconds > 0)) {
      throw new IllegalArgumentException("age: got " + ageSeconds + " s, allowed more than 0");
    }
    if (largestCost < 1) {
      throw new IllegalArgumentException("cost: got " + largestCost + ", allowed 1 or more");
    }
    if (nodes < 1) {
      throw new IllegalArgumentException("nodes: got " + nodes + ", allowed 1 or more");
    }
  }

  double totalDemand() {
    return demand.stream().mapToDouble(Double::doubleValue).sum();
  }
}
