package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.judge.Check;

/** The report as one HTML page that asks nothing of the network. */
final class Page {
  private static final String STYLE =
      """
      body { font: 14px/1.4 system-ui, sans-serif; margin: 24px auto; max-width: 1240px;
             padding: 0 16px; color: #222 }
      h1 { font-size: 22px; margin-bottom: 4px } h2 { font-size: 17px; margin: 28px 0 8px }
      p { margin: 4px 0 12px; color: #555 }
      table { border-collapse: collapse; width: 100% }
      td, th { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: left;
               vertical-align: top }
      th.n, td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
      th.r { border-bottom: 2px solid #999; text-align: center } td.b, th.b { border-left: 1px solid #ddd }
      .systems { font-size: 12px }
      .systems td:nth-child(1), .systems td:nth-child(2) { min-width: 150px }
      .scroll { overflow-x: auto }
      .cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 12px 0 }
      .card { border: 1px solid #ddd; border-radius: 6px; padding: 10px 14px; flex: 1 1 300px }
      .card b { display: block; font-size: 18px; font-weight: 600 }
      .card span { color: #555; font-size: 12px }
      .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 12px }
      svg { width: 100%; max-width: 620px; background: #fafafa; font: 10px system-ui, sans-serif }
      svg .t { font-size: 12px; font-weight: 600 } svg .y { text-anchor: end }
      svg .x { text-anchor: middle } svg .g { stroke: #ddd }
      svg .m { stroke: #000; stroke-dasharray: 3 3 }
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
    html.append("<!doctype html><html lang='en'><head><meta charset='utf-8'>");
    html.append("<meta name='viewport' content='width=device-width'>");
    html.append("<title>%s</title><style>%s</style></head><body>%n".formatted(title, STYLE));
    html.append(
        "<h1>%s: <span class='%s'>%s</span></h1>%n"
            .formatted(title, report.verdict(), report.verdict()));
    html.append("<p>Time counts from the instant at which the store returned.</p>\n");
    html.append(Headlines.html(report));
    html.append(RunPlots.html(report));
    html.append(SystemsTable.html(report));
    checks();
    context();
    return html.append("</body></html>\n").toString();
  }

  private void checks() {
    html.append("<h2>Checks</h2><table><tr><th>check<th class='n'>value<th class='n'>bar");
    html.append("<th>outcome<th>what</tr>\n");
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

  private void context() {
    html.append("<h2>What it depends on</h2><table>\n");
    report
        .context()
        .forEach(
            (name, text) ->
                html.append(
                    "<tr><td>%s<td>%s</tr>%n".formatted(Plot.escape(name), Plot.escape(text))));
    html.append("</table>\n");
  }
}
