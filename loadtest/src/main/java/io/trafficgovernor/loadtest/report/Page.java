package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.List;

/** The report as one HTML page that asks nothing of the network. */
final class Page {
  private static final String STYLE =
      """
      body { font: 14px system-ui, sans-serif; margin: 24px auto; max-width: 1240px; color: #222 }
      h1 { font-size: 22px } h2 { font-size: 17px; margin-top: 28px }
      table { border-collapse: collapse; width: 100% }
      td, th { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: left }
      td.n { text-align: right; font-variant-numeric: tabular-nums }
      .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 12px }
      svg { width: 100%; background: #fafafa; font: 10px system-ui, sans-serif }
      svg .t { font-size: 12px; font-weight: 600 } svg .y { text-anchor: end }
      svg .x { text-anchor: middle } svg .g { stroke: #ddd } svg .m { stroke: #000; stroke-dasharray: 3 3 }
      .PASS { color: #2a7d3a } .FAIL { color: #b3261e } .INCONCLUSIVE { color: #a15c00 }
      """;

  private final Report report;
  private final StringBuilder html = new StringBuilder();

  private Page(Report report) {
    this.report = report;
  }

  /** The whole page. */
  static String of(Report report) {
    return new Page(report).write();
  }

  private String write() {
    String title = Plot.escape(report.title());
    html.append(
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>%s</title>"
            .formatted(title));
    html.append("<style>").append(STYLE).append("</style></head><body>\n");
    html.append(
        "<h1>%s: <span class='%s'>%s</span></h1>%n"
            .formatted(title, report.verdict(), report.verdict()));
    report
        .context()
        .forEach(
            (name, text) ->
                html.append("<div>%s: %s</div>%n".formatted(Plot.escape(name), Plot.escape(text))));
    checks();
    sideBySide();
    report.runs().forEach(this::systems);
    return html.append("</body></html>\n").toString();
  }

  private void checks() {
    html.append("<h2>Checks</h2><table><tr><th>check<th>value<th>bar<th>outcome<th>what</tr>\n");
    for (Check check : report.checks()) {
      html.append(
          "<tr><td>%s<td class='n'>%s<td class='n'>%.2f<td class='%s'>%s<td>%s</tr>%n"
              .formatted(
                  check.id(),
                  check.value() == null ? "-" : "%.2f".formatted(check.value()),
                  check.bar(),
                  check.outcome(),
                  check.outcome(),
                  Plot.escape(check.note())));
    }
    html.append("</table>\n");
  }

  private void sideBySide() {
    html.append("<h2>The runs side by side</h2><p>Time counts from the store's return.</p>");
    html.append("<div class='grid'>\n");
    double highest = highest();
    report.runs().forEach(run -> html.append(rates(run, highest)));
    report.runs().forEach(run -> html.append(success(run)));
    html.append("</div>\n");
    if (!report.runs().isEmpty()) {
      html.append("<div class='grid'>").append(together()).append("</div>\n");
    }
  }

  /** One scale for all runs, or they could not be compared. */
  private double highest() {
    double highest = 1;
    for (RunRecord run : report.runs()) {
      highest = Math.max(highest, 2 * run.population().ratePerSecond());
    }
    return highest;
  }

  private static String rates(RunRecord run, double highest) {
    Series series = new Series(run);
    Plot plot = plot(run.name() + ": requests per second", series, highest);
    if (run.governed()) {
      plot.line("ceiling", series.at(0), series.ceiling());
      plot.line("admitted", series.at(0), series.admitted());
    }
    return plot.line("arrivals", series.at(0), series.arrivals())
        .line("capacity", series.at(0), series.capacity())
        .svg();
  }

  private static String success(RunRecord run) {
    Series series = new Series(run);
    Plot plot = plot(run.name() + ": % of first attempts that succeed", series, 100);
    List<double[]> lines = series.successByClass();
    List<TrafficClass> classes = run.population().classes();
    for (int rank = 0; rank < classes.size(); rank++) {
      plot.line(classes.get(rank).name(), series.at(0), lines.get(rank));
    }
    return plot.svg();
  }

  private String together() {
    double from = 0;
    double to = 0;
    for (RunRecord run : report.runs()) {
      Series series = new Series(run);
      from = Math.min(from, series.at(0));
      to = Math.max(to, series.at(series.seconds()));
    }
    Plot plot = new Plot("all runs: % of first attempts that succeed", from, to, 100);
    for (RunRecord run : report.runs()) {
      Series series = new Series(run);
      plot.line(run.name(), series.at(0), series.success());
    }
    return plot.svg();
  }

  private static Plot plot(String title, Series series, double highest) {
    return new Plot(title, series.at(0), series.at(series.seconds()), highest);
  }

  private void systems(RunRecord run) {
    html.append("<h2>Systems in the run '%s'</h2>".formatted(Plot.escape(run.name())));
    html.append(
        "<table><tr><th>system<th>published impact<th>class<th>back<th>order<th>served<th>refused"
            + "<th>p50 ms<th>p99 ms<th>degraded answer</tr>\n");
    List<SystemRow> rows = SystemRow.of(run);
    for (SystemFacts facts : report.facts()) {
      html.append(
          "<tr><td>%s<td>%s<td>%s"
              .formatted(
                  Plot.escape(facts.name()),
                  Plot.escape(facts.impact()),
                  Plot.escape(facts.className())));
      html.append(
          facts.client() == SystemFacts.NO_CLIENT
              ? "<td colspan='6'>the store itself"
              : cells(rows.get(facts.client())));
      html.append(
          "<td>%s: %s</tr>%n".formatted(Plot.escape(facts.degraded()), SummaryTable.NOT_BUILT));
    }
    html.append("</table>\n");
  }

  private static String cells(SystemRow row) {
    return ("<td class='n'>%s<td class='n'>%s<td class='n'>%d of %d"
            + "<td class='n'>%d<td class='n'>%.0f<td class='n'>%.0f")
        .formatted(
            row.back().text(),
            row.order() == 0 ? "-" : Integer.toString(row.order()),
            row.served(),
            row.firstAttempts(),
            row.refused(),
            row.p50Millis(),
            row.p99Millis());
  }
}
