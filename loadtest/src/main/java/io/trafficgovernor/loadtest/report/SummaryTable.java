package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.ArrayList;
import java.util.List;

/** The report as lines for a terminal. */
public final class SummaryTable {
  private SummaryTable() {}

  /** All of it: each run's systems, the checks, the verdict. */
  public static List<String> lines(Report report) {
    List<String> lines = new ArrayList<>();
    for (RunRecord run : report.runs()) {
      lines.add("");
      lines.add(
          "%s run: %s, %.0f first attempts/s, %d attempts in all"
              .formatted(
                  run.name(),
                  run.governed() ? "governed" : "without the governor",
                  run.population().ratePerSecond(),
                  run.attempts().size()));
      lines.addAll(systems(report, run));
    }
    lines.add("");
    for (Check check : report.checks()) {
      lines.add(
          "%-12s %-28s %10s  bar %8.2f  %s"
              .formatted(
                  check.outcome(),
                  check.id(),
                  check.value() == null ? "-" : "%.2f".formatted(check.value()),
                  check.bar(),
                  check.note()));
    }
    lines.add("");
    report.context().forEach((name, text) -> lines.add(name + ": " + text));
    lines.add("verdict: " + report.verdict());
    return lines;
  }

  private static List<String> systems(Report report, RunRecord run) {
    List<SystemRow> rows = SystemRow.of(run);
    List<String> lines = new ArrayList<>();
    lines.add(
        "  %-46s %-10s %9s %5s %8s %8s %8s  %s"
            .formatted(
                "system", "class", "back", "order", "served", "refused", "p99 ms", "degraded"));
    for (SystemFacts facts : report.facts()) {
      if (facts.client() == SystemFacts.NO_CLIENT) {
        lines.add(
            "  %-46s %-10s %9s %43s%s"
                .formatted(facts.name(), "-", "the store", "", facts.degradedIn(run, 0)));
      } else {
        SystemRow row = rows.get(facts.client());
        lines.add(
            "  %-46s %-10s %9s %5s %7.1f%% %8d %8.0f  %s"
                .formatted(
                    facts.name(),
                    facts.className(),
                    row.back().text(),
                    row.order() == 0 ? "-" : Integer.toString(row.order()),
                    row.firstAttempts() == 0 ? 0.0 : 100.0 * row.served() / row.firstAttempts(),
                    row.refused(),
                    row.p99Millis(),
                    facts.degradedIn(run, row.refused())));
      }
    }
    return lines;
  }
}
