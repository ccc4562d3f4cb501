package io.trafficgovernor.loadtest.rival;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.loadtest.rival.Control.Setting;
import io.trafficgovernor.loadtest.world.Door;
import io.trafficgovernor.loadtest.world.LoneNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Nodes that nobody coordinates: each keeps to what it is told by hand. */
final class LoneNodes implements Door {
  private static final long DAY_NANOS = 86_400_000_000_000L;
  private static final double NO_RATE = 1e6;

  /** As many slots as nobody can fill. */
  static final int NO_WINDOW = 1_000_000;

  private final Setting setting;
  private final List<LoneNode> nodes = new ArrayList<>();
  private final SplittableRandom choice;
  private long grants;

  /**
   * Nodes that are closed.
   *
   * @param freesAtTimeout whether a slot is free at the time-out, though the store works on
   */
  LoneNodes(Setting setting, int size, boolean freesAtTimeout) {
    this.setting = setting;
    this.choice = setting.random().split();
    for (int node = 0; node < size; node++) {
      nodes.add(
          new LoneNode(
              setting.scenario(),
              node,
              setting.truth(),
              setting.backends(),
              setting.witnesses(),
              freesAtTimeout));
    }
  }

  /**
   * Every node may do that much from now on.
   *
   * @param ratePerSecond of each; positive infinity for no bound
   */
  void allow(double ratePerSecond, int slots) {
    grants++;
    long now = setting.truth().nanos();
    boolean bound = ratePerSecond != Double.POSITIVE_INFINITY;
    double rate = bound ? ratePerSecond : NO_RATE;
    Grant.ClusterView view =
        new Grant.ClusterView(
            1,
            bound ? Phase.RAMPING : Phase.OPEN,
            rate,
            slots,
            rate,
            setting.scenario().classes().size() * 65_536L,
            0,
            List.of(),
            "told by hand",
            0,
            List.of(),
            List.of(),
            false);
    Grant grant =
        new Grant(
            new GrantId(1, grants),
            view,
            rate,
            slots,
            0,
            DAY_NANOS,
            DAY_NANOS,
            OptionalLong.empty(),
            1);
    nodes.forEach(node -> node.adopt(new Lease(grant, now)));
  }

  @Override
  public void send(Call call) {
    nodes.get(choice.nextInt(nodes.size())).send(call);
  }
}
