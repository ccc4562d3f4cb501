package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.page.Sheet;

/** The report as one HTML page that asks nothing of the network. */
final class Page {
  private static final String STYLE =
      """
      th.r { border-bottom: 2px solid #999; text-align: center } td.b, th.b { border-left: 1px solid #ddd }
      .systems { font-size: 12px }
      .systems td:nth-child(1), .systems td:nth-child(2) { min-width: 150px }
      .cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 12px 0 }
      .card { border: 1px solid #ddd; border-radius: 6px; padding: 10px 14px; flex: 1 1 300px }
      .card b { display: block; font-size: 18px; font-weight: 600 }
      .card span { color: #555; font-size: 12px }
      svg { max-width: 620px }
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
    html.append(Sheet.begin(report.title(), report.verdict().toString(), STYLE));
    html.append("<p>Time counts from the instant at which the store returned.</p>\n");
    html.append(Headlines.html(report));
    html.append(RunPlots.html(report));
    html.append(SystemsTable.html(report));
    html.append(Checks.html(report.checks()));
    context();
    return html.append(Sheet.end()).toString();
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
