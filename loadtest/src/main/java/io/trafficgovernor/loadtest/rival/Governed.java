package io.trafficgovernor.loadtest.rival;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.loadtest.scenario.Fault;
import io.trafficgovernor.loadtest.world.Breakage;
import io.trafficgovernor.loadtest.world.Cluster;
import io.trafficgovernor.loadtest.world.Door;
import io.trafficgovernor.loadtest.world.RandomFaults;
import java.util.ArrayList;
import java.util.List;

/**
 * The governor: production admission, lease holder and ledger on every node.
 *
 * @param rules those of the law that hold
 */
public record Governed(Breakage breakage, Rules rules) implements Control {
  /** With all rules of the law. */
  public Governed(Breakage breakage) {
    this(breakage, Rules.ALL);
  }

  @Override
  public String name() {
    List<String> wrong = new ArrayList<>();
    if (breakage != Breakage.NONE) {
      wrong.add(breakage.words());
    }
    rules.without().stream().sorted().map(Rule::words).forEach(wrong::add);
    return wrong.isEmpty() ? "governed" : "governed, but " + String.join(", ", wrong);
  }

  @Override
  public Door door(Setting setting) {
    Cluster cluster =
        new Cluster(
            setting.scenario(),
            setting.nodes(),
            setting.truth(),
            setting.backends(),
            setting.prober(),
            setting.witnesses(),
            breakage,
            rules,
            setting.random().split());
    setting
        .backends()
        .listen(
            (up, now) -> {
              if (!up) {
                cluster.disconnected();
              }
            });
    List<Fault> faults = new ArrayList<>(setting.scenario().weather().faults());
    if (setting.scenario().weather().random()) {
      faults.addAll(
          RandomFaults.draw(setting.scenario().weather(), setting.nodes(), setting.random()));
    }
    for (Fault fault : faults) {
      setting
          .truth()
          .after(
              setting.returnNanos() + (long) (fault.atSeconds() * 1e9),
              now -> cluster.happen(fault));
    }
    return cluster;
  }
}
