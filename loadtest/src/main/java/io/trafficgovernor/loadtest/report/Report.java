package io.trafficgovernor.loadtest.report;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.List;
import java.util.Map;

/**
 * Everything that is told of a replay.
 *
 * @param facts rows of the incident's table
 * @param context what the figures depend on, by its name: seed, machine, oracle
 * @param runs those that came to their ends
 */
public record Report(
    String name,
    String title,
    Map<String, String> context,
    List<SystemFacts> facts,
    List<RunRecord> runs,
    List<Check> checks) {
  public Report {
    requireNonNull(name, "name");
    requireNonNull(title, "title");
    context = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(context));
    facts = List.copyOf(facts);
    runs = List.copyOf(runs);
    checks = List.copyOf(checks);
  }

  /** What the checks say together. */
  public Check.Outcome verdict() {
    return Judgement.verdict(checks);
  }
}
