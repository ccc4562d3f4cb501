package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.store.StoreModel;
import io.trafficgovernor.loadtest.witness.Invariants;

/**
 * A run that is over.
 *
 * @param control who decided
 * @param invariants what was checked on the way
 * @param returnNanos when the store came back
 * @param events how many tasks ran
 */
public record Run(
    Scenario scenario,
    String control,
    int nodes,
    long seed,
    RunLog log,
    Invariants invariants,
    StoreModel.Work work,
    int restarts,
    long returnNanos,
    long endNanos,
    long events) {
  /** Seconds from the store's return to that instant. */
  public double sinceReturn(long nanos) {
    return (nanos - returnNanos) / 1e9;
  }
}
