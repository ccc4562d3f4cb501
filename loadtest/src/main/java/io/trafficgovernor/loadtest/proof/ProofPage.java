package io.trafficgovernor.loadtest.proof;

import io.trafficgovernor.loadtest.measure.Figures;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.measure.Timeline;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.page.Sheet;
import io.trafficgovernor.loadtest.report.Plot;
import io.trafficgovernor.loadtest.scenario.Measure;
import java.util.Arrays;
import java.util.List;

/** A proof as one HTML page that asks nothing of the network. */
final class ProofPage {
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
    html.append(Sheet.begin("Simulations", verdict, ""))
        .append("<p>Production admission, lease holder and ledger in virtual time. ")
        .append("Median (worst) of the seeds; time counts from the store's return.</p>\n");
    table();
    html.append(Checks.html(proof.checks()));
    pictures();
    runs();
    return html.append(Sheet.end()).toString();
  }

  private void table() {
    html.append("<h2>Measures</h2><div class='scroll'><table><tr><th>scenario<th>control<th>nodes");
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

  private void pictures() {
    html.append("<h2>The first seed of each</h2><div class='grid'>\n");
    proof.pictures().forEach(this::picture);
    html.append("</div>\n");
  }

  private void picture(Picture picture) {
    Timeline line = picture.line();
    double[] sent = line.sent();
    double[] window = line.window();
    int seconds = sent.length;
    html.append(
        new Plot(picture.title() + ": per second", 0, seconds, 2 * picture.demand())
            .line("ceiling", 0.5, line.ceiling())
            .line("sent", 0.5, sent)
            .line("good", 0.5, line.good())
            .line("oracle", 0.5, picture.oracle().good())
            .line("capacity", 0.5, line.capacity())
            .svg());
    double most = Arrays.stream(window).filter(value -> !Double.isNaN(value)).max().orElse(1);
    html.append(
        new Plot(picture.title() + ": requests at the store", 0, seconds, 1.25 * most)
            .line("window", 0.5, window)
            .line("at the store", 0.5, line.backlog())
            .svg());
    Plot success = new Plot(picture.title() + ": % of first attempts", 0, seconds, 100);
    List<double[]> lines = line.successByClass();
    for (int rank = 0; rank < picture.classes().size(); rank++) {
      success.line(picture.classes().get(rank), 0.5, lines.get(rank));
    }
    html.append(success.svg());
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
