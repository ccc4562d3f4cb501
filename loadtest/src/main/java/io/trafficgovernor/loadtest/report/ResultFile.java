package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.judge.Back;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.record.StoreSample;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The report as files: {@code result.json} for programs, {@code index.html} for people. */
public final class ResultFile {
  private ResultFile() {}

  /** Writes both files into an existing directory. */
  public static void write(Report report, Path directory) throws IOException {
    Files.writeString(directory.resolve("result.json"), json(report).encodePrettily() + "\n");
    Files.writeString(directory.resolve("index.html"), Page.of(report));
  }

  static JsonObject json(Report report) {
    JsonObject context = new JsonObject();
    report.context().forEach(context::put);
    JsonArray runs = new JsonArray();
    report.runs().forEach(run -> runs.add(json(report, run)));
    return new JsonObject()
        .put("incident", report.name())
        .put("verdict", report.verdict().name().toLowerCase(Locale.ROOT))
        .put("checks", Checks.json(report.checks()))
        .put("context", context)
        .put("runs", runs);
  }

  private static JsonObject json(Report report, RunRecord run) {
    Restoration restoration = Judgement.restoration(run);
    JsonObject classes = new JsonObject();
    restoration.classes().forEach((name, back) -> classes.put(name, seconds(back)));
    JsonArray systems = new JsonArray();
    List<SystemRow> rows = SystemRow.of(run);
    for (SystemFacts facts : report.facts()) {
      if (facts.client() != SystemFacts.NO_CLIENT) {
        systems.add(json(run, facts, rows.get(facts.client())));
      }
    }
    return new JsonObject()
        .put("name", run.name())
        .put("governed", run.governed())
        .put("rate_rps", run.population().ratePerSecond())
        .put("attempts", run.attempts().size())
        .put("arrivals", run.arrivals().size())
        .put("store_restarts", run.store().stream().mapToInt(StoreSample::restarts).max().orElse(0))
        .put("worst_send_late_ms", run.driver().worstLateNanos() / 1e6)
        .put("open_again_s", run.reopenedSeconds().orElse(null))
        .put("class_back_s", classes)
        .put("systems", systems);
  }

  private static JsonObject json(RunRecord run, SystemFacts facts, SystemRow row) {
    return new JsonObject()
        .put("name", facts.name())
        .put("class", facts.className())
        .put("back", row.back().text())
        .put("back_s", seconds(row.back()))
        .put("order", row.order())
        .put("first_attempts", row.firstAttempts())
        .put("served", row.served())
        .put("refused", row.refused())
        .put("p50_ms", row.p50Millis())
        .put("p99_ms", row.p99Millis())
        .put("degraded", facts.degradedIn(run, row.refused()));
  }

  private static @Nullable Double seconds(Back back) {
    return back.seconds().isPresent() ? back.seconds().getAsDouble() : null;
  }
}
