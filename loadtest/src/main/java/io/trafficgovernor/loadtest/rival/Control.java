package io.trafficgovernor.loadtest.rival;

import io.trafficgovernor.cluster.ProbeSender;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.witness.Witness;
import io.trafficgovernor.loadtest.world.Backends;
import io.trafficgovernor.loadtest.world.Door;
import io.trafficgovernor.loadtest.world.EventQueue;
import java.util.List;
import java.util.SplittableRandom;

/** Whoever stands between clients and store in a run. */
public interface Control {
  /**
   * Where it has to work.
   *
   * @param nodes how many of it there are
   * @param prober sends a probe to the store
   * @param witnesses to be told of what it does
   * @param random its own chance
   * @param returnNanos when the store comes back; those who are told everything may know
   */
  record Setting(
      Scenario scenario,
      int nodes,
      EventQueue truth,
      Backends backends,
      ProbeSender prober,
      List<Witness> witnesses,
      SplittableRandom random,
      long returnNanos) {
    public Setting {
      witnesses = List.copyOf(witnesses);
    }
  }

  /** Its name in reports. */
  String name();

  /** Sets it up, and says where the clients' attempts go. */
  Door door(Setting setting);
}
