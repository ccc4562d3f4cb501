package io.trafficgovernor.loadtest.proof;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Figures;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.report.Plot;
import io.trafficgovernor.loadtest.scenario.Measure;
import java.util.List;

/** A proof as one HTML page that asks nothing of the network. */
final class ProofPage {
  private static final String STYLE =
      """
      body { font: 14px system-ui, sans-serif; margin: 24px auto; max-width: 1240px; color: #222 }
      h1 { font-size: 22px } h2 { font-size: 17px; margin-top: 28px }
      table { border-collapse: collapse; width: 100% } .wide { overflow-x: auto }
      td, th { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }
      td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
      .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 12px }
      svg { width: 100%; background: #fafafa; font: 10px system-ui, sans-serif }
      svg .t { font-size: 12px; font-weight: 600 } svg .y { text-anchor: end }
      svg .x { text-anchor: middle } svg .g { stroke: #ddd } svg .m { stroke: #000; stroke-dasharray: 3 3 }
      .PASS { color: #2a7d3a } .FAIL { color: #b3261e } .INCONCLUSIVE { color: #a15c00 }
      """;

  private final Proof proof;
  private final StringBuilder html = new StringBuilder();

  private ProofPage(Proof proof) {
    this.proof = proof;
  }

  static String of(Proof proof) {
    return new ProofPage(proof).write();
  }

  private String write() {
    String verdict = proof.passed() ? "PASS" : "FAIL";
    html.append("<!doctype html><html lang='en'><head><meta charset='utf-8'>")
        .append("<title>Simulations</title><style>")
        .append(STYLE)
        .append("</style></head><body>\n")
        .append("<h1>Simulations: <span class='%s'>%s</span></h1>%n".formatted(verdict, verdict))
        .append("<p>Production admission, lease holder and ledger in virtual time. ")
        .append("Median (worst) of the seeds; time counts from the store's return.</p>\n");
    table();
    checks();
    pictures();
    runs();
    return html.append("</body></html>\n").toString();
  }

  private void table() {
    html.append("<h2>Measures</h2><div class='wide'><table><tr><th>scenario<th>control<th>nodes");
    for (Measure column : ProofTable.columns()) {
      html.append("<th>").append(ProofTable.heading(column));
    }
    html.append("<th>beyond / B</tr>\n");
    for (Summary summary : proof.summaries()) {
      html.append(
          "<tr><td title='%s'>%s<td>%s<td class='n'>%d"
              .formatted(
                  Plot.escape(summary.scenario().title()),
                  Plot.escape(summary.scenario().name()),
                  Plot.escape(summary.control()),
                  summary.nodes()));
      for (Measure column : ProofTable.columns()) {
        html.append("<td class='n'>").append(ProofTable.cell(summary, column));
      }
      html.append("<td class='n'>%.0f / %.0f</tr>%n".formatted(summary.beyond(), summary.bound()));
    }
    html.append("</table></div>\n");
  }

  private void checks() {
    html.append("<h2>Checks</h2><table><tr><th>check<th>value<th>bar<th>outcome<th>what</tr>\n");
    for (Check check : proof.checks()) {
      html.append(
          "<tr><td>%s<td class='n'>%s<td class='n'>%.2f<td class='%s'>%s<td>%s</tr>%n"
              .formatted(
                  Plot.escape(check.id()),
                  check.value() == null ? "-" : "%.2f".formatted(check.value()),
                  check.bar(),
                  check.outcome(),
                  check.outcome(),
                  Plot.escape(check.note())));
    }
    html.append("</table>\n");
  }

  private void pictures() {
    html.append("<h2>The first seed of each</h2><div class='grid'>\n");
    for (Picture picture : proof.pictures()) {
      double[] sent = picture.line().sent();
      int seconds = sent.length;
      html.append(
          new Plot(picture.title() + ": per second", 0, seconds, 2 * picture.demand())
              .line("ceiling", 0.5, picture.line().ceiling())
              .line("sent", 0.5, sent)
              .line("good", 0.5, picture.line().good())
              .line("oracle", 0.5, picture.oracle().good())
              .line("capacity", 0.5, picture.line().capacity())
              .svg());
      Plot success = new Plot(picture.title() + ": % of first attempts", 0, seconds, 100);
      List<double[]> lines = picture.line().successByClass();
      for (int rank = 0; rank < picture.classes().size(); rank++) {
        success.line(picture.classes().get(rank), 0.5, lines.get(rank));
      }
      html.append(success.svg());
    }
    html.append("</div>\n");
  }

  private void runs() {
    html.append("<h2>All runs</h2><table><tr><th>scenario<th>control<th>run</tr>\n");
    for (Summary summary : proof.summaries()) {
      for (Figures of : summary.figures()) {
        html.append(
            "<tr><td>%s<td>%s<td>%s</tr>%n"
                .formatted(
                    Plot.escape(summary.scenario().name()),
                    Plot.escape(of.control()),
                    Plot.escape(of.line())));
      }
    }
    html.append("</table>\n");
  }
}
