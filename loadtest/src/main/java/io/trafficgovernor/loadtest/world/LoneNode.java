package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.witness.Witness;
import java.util.List;

/** A node without a grid: the same data path, on leases that somebody else makes. */
public final class LoneNode implements Door {
  private final NodeTime time;
  private final AdmissionController admission;
  private final NodeDoor door;

  /**
   * A node that refuses everything until it gets a lease.
   *
   * @param freesAtTimeout whether a slot is free at the time-out, though the store works on
   */
  public LoneNode(
      Scenario scenario,
      int node,
      EventQueue truth,
      Upstream upstream,
      List<Witness> witnesses,
      boolean freesAtTimeout) {
    time = new NodeTime(truth, truth.nanos(), 0);
    admission = new AdmissionController(scenario.classes(), time, false);
    Scenario.Backend backend = scenario.backend();
    NodeDoor.NodeSetting setting =
        new NodeDoor.NodeSetting(
            node,
            scenario.classes(),
            backend.origins(),
            truth,
            upstream,
            witnesses,
            freesAtTimeout,
            false,
            backend.retryAfterSeconds(),
            backend.connections(),
            Breakage.NONE);
    door = new NodeDoor(setting, time, admission);
  }

  /** Takes a lease into use, unless it has a newer one. */
  public void adopt(Lease lease) {
    admission.adopt(lease, time.nanos());
  }

  @Override
  public void send(Call call) {
    door.send(call);
  }
}
