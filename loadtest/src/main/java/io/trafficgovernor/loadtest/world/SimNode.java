package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.RetryRule;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.cluster.ProbeSender;

/** One process of a node: born with nothing, ended by a crash. */
final class SimNode {
  private final NodeTime time;
  private final AdmissionController admission;
  private final NodeDoor door;
  private final LeaseHolder holder;
  private final long incarnation;

  SimNode(
      ClassTable classes,
      Rules rules,
      NodeDoor.NodeSetting setting,
      NodeTime time,
      SimGrid grid,
      ProbeSender prober,
      long incarnation,
      long succeeds) {
    this.time = time;
    this.incarnation = incarnation;
    admission = new AdmissionController(classes, time, false, RetryRule.EQUAL, rules);
    door = new NodeDoor(setting, time, admission);
    holder =
        new LeaseHolder(
            new LeaseHolder.Identity(
                "node-" + setting.node(), incarnation, succeeds, SettingsPrint.UNKNOWN),
            admission,
            grid.from(setting.node(), time),
            time,
            prober,
            time::wallMillis,
            new LeaseHolder.Listener() {
              @Override
              public void granted(Lease lease) {
                door.adopted(lease);
              }

              @Override
              public void slept() {
                door.surrendered();
              }
            });
  }

  void start(long delayNanos) {
    holder.start(delayNanos);
  }

  /** Leaves in good order: nothing new, and no more renewals. */
  void leave() {
    admission.drain(time.nanos());
    holder.stop();
  }

  long incarnation() {
    return incarnation;
  }

  NodeTime time() {
    return time;
  }

  NodeDoor door() {
    return door;
  }

  AdmissionController admission() {
    return admission;
  }
}
