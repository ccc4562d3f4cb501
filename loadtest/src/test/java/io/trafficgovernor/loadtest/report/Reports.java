package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reports of made-up runs. */
final class Reports {
  private static final Judgement JUDGEMENT = new Judgement(new Judgement.Bars(3, 2, 25));

  static final List<SystemFacts> FACTS =
      List.of(
          new SystemFacts("The store", "-", "all failed", "stale reads", SystemFacts.NO_CLIENT),
          new SystemFacts("Gateway", "config", "failed", "stale", 0),
          new SystemFacts("Access", "auth", "100 % of logins failed", "fail closed", 1),
          new SystemFacts("Stream <live>", "read", "unreachable", "stale", 2));

  private Reports() {}

  static Report of(RunRecord... runs) {
    List<Check> checks = new ArrayList<>();
    for (RunRecord run : runs) {
      checks.addAll(run.governed() ? JUDGEMENT.governed(run) : JUDGEMENT.control(run, runs[0]));
    }
    return new Report(
        "june-12", "Workers KV & others", Map.of("seed", "12"), FACTS, List.of(runs), checks);
  }

  /** A governed run that went well and a control that stayed down. */
  static Report good() {
    return of(
        new RunSketch().reopened(25).record(),
        new RunSketch().name("control").ungoverned().neverBack().record());
  }
}
