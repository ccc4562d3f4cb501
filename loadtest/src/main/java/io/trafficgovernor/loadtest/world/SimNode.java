package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.RetryRule;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.cluster.ProbeSender;
import io.trafficgovernor.cluster.memory.StateKeeper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One process of a node: born with what its disk remembers, ended by a crash. */
final class SimNode {
  private final NodeTime time;
  private final AdmissionController admission;
  private final NodeDoor door;
  private final LeaseHolder holder;
  private final SimGrid.Reach grid;
  private final long incarnation;

  SimNode(
      ClassTable classes,
      Rules rules,
      NodeDoor.NodeSetting setting,
      NodeTime time,
      SimGrid.Reach grid,
      ProbeSender prober,
      long incarnation,
      long succeeds) {
    this.time = time;
    this.grid = grid;
    this.incarnation = incarnation;
    admission = new AdmissionController(classes, time, false, RetryRule.EQUAL, rules);
    door = new NodeDoor(setting, time, admission);
    holder =
        new LeaseHolder(
            new LeaseHolder.Identity(
                "node-" + setting.node(), incarnation, succeeds, SettingsPrint.UNKNOWN),
            admission,
            grid,
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

  /** What a voter remembers of the ledger, from one process to the next. */
  static final class Disk implements StateKeeper.Disk {
    private @Nullable LedgerState remembered;

    @Override
    public void write(LedgerState state) {
      remembered = state;
    }

    private Optional<LedgerState> read() {
      return Optional.ofNullable(remembered);
    }
  }

  /**
   * Begins as a governor does: leases are asked for once the grid has heard what the disk holds.
   *
   * @param disk null for a client of the voters, which remembers nothing
   */
  void start(@Nullable Disk disk, long delayNanos) {
    Runnable asking = () -> holder.start(delayNanos);
    if (disk == null) {
      asking.run();
    } else {
      new StateKeeper(grid, grid::seed, disk, time).start(disk.read(), asking, why -> {});
    }
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
