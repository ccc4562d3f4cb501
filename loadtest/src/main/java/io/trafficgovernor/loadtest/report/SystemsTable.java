package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.List;

/** Every system of the incident as an HTML table, with a group of columns for each run. */
final class SystemsTable {
  private static final int COLUMNS_PER_RUN = 5;

  private SystemsTable() {}

  static String html(Report report) {
    StringBuilder html = new StringBuilder("<h2>Every system of the incident</h2>\n");
    html.append(
        """
        <p>back: when 99 % of its first attempts succeeded again; #: its place in the order of
        return; served: part of its first attempts after the return that succeeded, with the time
        that 99 % of these did not exceed; refused: attempts that a governor refused from the
        store's death on.</p>
        <div class='scroll'><table class='systems'>
        """);
    html.append("<tr><th><th><th>");
    for (RunRecord run : report.runs()) {
      html.append(
          "<th class='r b' colspan='%d'>%s".formatted(COLUMNS_PER_RUN, Plot.escape(run.name())));
    }
    html.append("<th></tr>\n<tr><th>system<th>published impact<th>class");
    html.append(
        ("<th class='n b'>back<th class='n'>#<th class='n'>served<th class='n'>p99 ms"
                + "<th class='n'>refused")
            .repeat(report.runs().size()));
    html.append("<th class='b'>degraded answer</tr>\n");
    List<List<SystemRow>> rows = report.runs().stream().map(SystemRow::of).toList();
    for (SystemFacts facts : report.facts()) {
      html.append(row(facts, rows, degraded(facts, report.runs())));
    }
    return html.append("</table></div>\n").toString();
  }

  private static String row(SystemFacts facts, List<List<SystemRow>> runs, String degraded) {
    StringBuilder html = new StringBuilder();
    html.append(
        "<tr><td>%s<td>%s<td>%s"
            .formatted(
                Plot.escape(facts.name()),
                Plot.escape(facts.impact()),
                Plot.escape(facts.className())));
    for (List<SystemRow> rows : runs) {
      html.append(
          facts.client() == SystemFacts.NO_CLIENT
              ? "<td class='b' colspan='%d'>the store itself".formatted(COLUMNS_PER_RUN)
              : cells(rows.get(facts.client())));
    }
    return html.append("<td class='b'>%s</tr>%n".formatted(Plot.escape(degraded))).toString();
  }

  /** As the first governed run gave it. */
  private static String degraded(SystemFacts facts, List<RunRecord> runs) {
    return runs.stream()
        .filter(RunRecord::governed)
        .findFirst()
        .map(run -> facts.degradedIn(run, refused(facts, run)))
        .orElse(facts.degraded());
  }

  private static long refused(SystemFacts facts, RunRecord run) {
    return facts.client() == SystemFacts.NO_CLIENT
        ? 0
        : SystemRow.of(run).get(facts.client()).refused();
  }

  private static String cells(SystemRow row) {
    double served = row.firstAttempts() == 0 ? 0 : 100.0 * row.served() / row.firstAttempts();
    return ("<td class='n b'>%s<td class='n'>%s<td class='n'>%.1f%%<td class='n'>%.0f"
            + "<td class='n'>%d")
        .formatted(
            row.back().text(),
            row.order() == 0 ? "-" : Integer.toString(row.order()),
            served,
            row.p99Millis(),
            row.refused());
  }
}
