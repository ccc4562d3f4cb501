package io.trafficgovernor.loadtest.fault;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Envelope;
import io.trafficgovernor.loadtest.report.Plot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The table as files: {@code result.json} for programs, {@code index.html} for people. */
public final class FaultFiles {
  private static final String STYLE =
      """
      body { font: 14px/1.4 system-ui, sans-serif; margin: 24px auto; max-width: 1240px; color: #222 }
      table { border-collapse: collapse; width: 100%; margin-bottom: 24px }
      td, th { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: left }
      td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
      .PASS { color: #2a7d3a } .FAIL { color: #b3261e } .INCONCLUSIVE { color: #a15c00 }
      """;

  private FaultFiles() {}

  /**
   * Writes both files into an existing directory.
   *
   * @param context what the figures depend on, by its name
   */
  public static void write(FaultReport report, Map<String, String> context, Path directory)
      throws IOException {
    Files.writeString(
        directory.resolve("result.json"), json(report, context).encodePrettily() + "\n");
    Files.writeString(directory.resolve("index.html"), html(report, context));
  }

  static JsonObject json(FaultReport report, Map<String, String> context) {
    JsonArray rows = new JsonArray();
    report.rows().forEach(row -> rows.add(json(row)));
    JsonArray checks = new JsonArray();
    report.checks().forEach(check -> checks.add(json(check)));
    JsonObject depends = new JsonObject();
    context.forEach(depends::put);
    return new JsonObject()
        .put("verdict", report.verdict().name().toLowerCase(Locale.ROOT))
        .put("context", depends)
        .put("faults", rows)
        .put(
            "not_played",
            new JsonArray(report.left().stream().map(FaultReport.Left::words).toList()))
        .put("checks", checks);
  }

  private static JsonObject json(FaultRow row) {
    JsonArray excess = new JsonArray();
    for (Envelope.Worst worst : row.excess()) {
      excess.add(
          new JsonObject()
              .put("window_s", worst.seconds())
              .put("excess_tokens", worst.beyond())
              .put("bound_tokens", worst.bound()));
    }
    JsonObject all =
        new JsonObject()
            .put("fault", row.played().fault().id())
            .put("words", row.played().fault().words())
            .put("whom", row.played().note())
            .put("excess", excess)
            .put("delay_ms", row.delaySeconds() * 1000)
            .put("back_s", row.backSeconds())
            .put("rejoin_s", row.rejoinSeconds())
            .put("lowest_share", row.lowest())
            .put("used_share", row.used())
            .put("critical_within", row.criticalWithin())
            .put("critical_after", row.criticalAfter())
            .put("critical_attempts", row.criticals())
            .put("settled", row.played().settled());
    row.removedSeconds().ifPresent(seconds -> all.put("removed_s", seconds));
    return all;
  }

  private static JsonObject json(Check check) {
    return new JsonObject()
        .put("id", check.id())
        .put("value", check.value())
        .put("bar", check.bar())
        .put("outcome", check.outcome().name().toLowerCase(Locale.ROOT))
        .put("note", check.note());
  }

  static String html(FaultReport report, Map<String, String> context) {
    StringBuilder html = new StringBuilder("<!doctype html><html lang='en'><head>");
    html.append("<meta charset='utf-8'><title>Faults</title><style>").append(STYLE);
    html.append(
        "</style></head><body><h1>Faults: <span class='%s'>%s</span></h1>%n"
            .formatted(report.verdict(), report.verdict()));
    html.append(
        """
        <p>excess: requests at the store beyond the pinned ceiling in the worst window, and the
        bound; removed: until a survivor saw a victim no more; back: until 95 % of what the
        survivors may use was used; rejoin: the same from the end of the fault on; lowest: the least
        used in any second; used: in the mean of it; critical: success of the two top classes at the
        survivors, before and after they were back.</p>
        <table><tr><th>fault<th class='n'>excess 100 ms / B<th class='n'>excess 1 s / B
        <th class='n'>removed s<th class='n'>back s<th class='n'>rejoin s<th class='n'>lowest
        <th class='n'>used
        <th class='n'>critical before<th class='n'>after<th>whom</tr>
        """);
    report.rows().forEach(row -> html.append(html(row)));
    html.append(
        "</table><table><tr><th>check<th class='n'>value<th class='n'>bar<th><th>what</tr>");
    for (Check check : report.checks()) {
      html.append(
          "<tr><td>%s<td class='n'>%s<td class='n'>%.2f<td class='%s'>%s<td>%s</tr>%n"
              .formatted(
                  check.id(),
                  check.value() == null ? "-" : "%.3f".formatted(check.value()),
                  check.bar(),
                  check.outcome(),
                  check.outcome(),
                  Plot.escape(check.note())));
    }
    html.append("</table><table>\n");
    report
        .left()
        .forEach(
            each -> html.append("<tr><td>not played<td>" + Plot.escape(each.words()) + "</tr>\n"));
    context.forEach(
        (name, text) ->
            html.append("<tr><td>%s<td>%s</tr>%n".formatted(Plot.escape(name), Plot.escape(text))));
    return html.append("</table></body></html>\n").toString();
  }

  private static String html(FaultRow row) {
    return ("<tr><td>%s<td class='n'>%s<td class='n'>%s<td class='n'>%s<td class='n'>%.2f"
            + "<td class='n'>%.2f<td class='n'>%.0f %%<td class='n'>%.1f %%"
            + "<td class='n'>%.1f %%<td class='n'>%.1f %%"
            + "<td>%s</tr>%n")
        .formatted(
            Plot.escape(row.played().fault().words()),
            FaultReport.excess(row.excess().get(0)),
            FaultReport.excess(row.excess().get(1)),
            FaultReport.removed(row),
            row.backSeconds(),
            row.rejoinSeconds(),
            100 * row.lowest(),
            100 * row.used(),
            100 * row.criticalWithin(),
            100 * row.criticalAfter(),
            Plot.escape(row.played().note()));
  }
}
