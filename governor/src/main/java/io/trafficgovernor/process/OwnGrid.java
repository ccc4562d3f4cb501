package io.trafficgovernor.process;

import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.observe.Meters;

/** What the meters ask of the grid this node came to. */
record OwnGrid(HazelcastLedgerGrid grid) implements Meters.GridFacts {
  @Override
  public long refusedOrders() {
    return grid.refusedOrders();
  }

  @Override
  public boolean ownsLedger() {
    return grid.ownsEntry();
  }
}
