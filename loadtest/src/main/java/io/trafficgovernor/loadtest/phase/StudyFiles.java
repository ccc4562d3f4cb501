package io.trafficgovernor.loadtest.phase;

import io.trafficgovernor.loadtest.page.Checks;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Writes a study into a folder. */
final class StudyFiles {
  private StudyFiles() {}

  /** Writes {@code result.json}, {@code result.md} and {@code index.html}. */
  static void write(Study study, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("result.json"), json(study).encodePrettily() + "\n");
    Files.writeString(folder.resolve("result.md"), StudyTable.of(study));
    Files.writeString(folder.resolve("index.html"), StudyPage.of(study));
  }

  private static JsonObject json(Study study) {
    JsonArray published = new JsonArray();
    for (Study.Published each : study.published()) {
      published.add(
          new JsonObject()
              .put("what", each.words())
              .put("stays_down", each.staysDown())
              .put("seeds_down", each.down())
              .put("seeds", each.seeds()));
    }
    JsonArray thresholds = new JsonArray();
    study.thresholds().seconds().forEach(each -> thresholds.add(value(each)));
    JsonArray cells = new JsonArray();
    study.diagram().cells().forEach(cell -> cells.add(json(cell)));
    JsonObject json =
        new JsonObject()
            .put("verdict", study.passed() ? "pass" : "fail")
            .put("checks", Checks.json(study.checks()))
            .put("capacity_per_s", study.trial().capacity())
            .put("demand_per_s", study.trial().demand())
            .put("published", published)
            .put("threshold_s", thresholds)
            .put("cells", cells);
    study
        .fit()
        .ifPresent(
            fit ->
                json.put(
                    "fit", new JsonObject().put("from", fit.lowest()).put("to", fit.highest())));
    return json;
  }

  private static JsonObject json(Diagram.Cell cell) {
    return new JsonObject()
        .put("demand_share", cell.demandShare())
        .put("trigger_s", cell.seconds())
        .put("ungoverned", json(cell.without()))
        .put("governed", json(cell.with()));
  }

  private static JsonObject json(Trial.Outcome outcome) {
    return new JsonObject()
        .put("recovered", outcome.recovered())
        .put("good_percent", outcome.goodPercent())
        .put("back_s", value(outcome.backSeconds()));
  }

  private static @Nullable Double value(OptionalDouble of) {
    return of.isPresent() ? of.getAsDouble() : null;
  }
}
