package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.judge.HerdReturn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The herd of a simulated run. */
public final class HerdMeasures {
  private HerdMeasures() {}

  /** How it came back, if one came. */
  public static Optional<HerdReturn> of(Run run) {
    RunLog log = run.log();
    if (log.herdUsers() == 0) {
      return Optional.empty();
    }
    List<Long> served = new ArrayList<>(log.herd().size());
    for (int i = 0; i < log.herd().size(); i++) {
      served.add(log.herd().get(i));
    }
    CeilingLine ceiling = new CeilingLine(log.levels(), CeilingLine.LEASE_NANOS);
    return Optional.of(
        new HerdReturn(
            new HerdReturn.Herd(log.herdNanos(), log.herdUsers(), served),
            List.of(log.attempts()),
            ceiling::tokens,
            log.store().stream()
                .map(at -> new HerdReturn.Capacity(at.atNanos(), at.capacity()))
                .toList()));
  }
}
