package io.trafficgovernor.loadtest.proof;

import io.trafficgovernor.loadtest.measure.Figures;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.scenario.Measure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Writes a proof into a folder. */
public final class ProofFiles {
  private ProofFiles() {}

  /** Writes {@code result.json}, {@code result.md} and {@code index.html}. */
  public static void write(Proof proof, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("result.json"), json(proof).encodePrettily() + "\n");
    Files.writeString(folder.resolve("result.md"), ProofTable.of(proof));
    Files.writeString(folder.resolve("index.html"), ProofPage.of(proof));
  }

  private static JsonObject json(Proof proof) {
    JsonArray scenarios = new JsonArray();
    proof.summaries().forEach(summary -> scenarios.add(json(summary)));
    return new JsonObject()
        .put("verdict", proof.passed() ? "pass" : "fail")
        .put("checks", Checks.json(proof.checks()))
        .put("scenarios", scenarios);
  }

  private static JsonObject json(Summary summary) {
    JsonObject measures = new JsonObject();
    for (Measure measure : Measure.values()) {
      measures.put(
          measure.tag(),
          new JsonObject()
              .put("unit", measure.unit())
              .put("median", finite(summary.median(measure)))
              .put("worst", finite(summary.worst(measure))));
    }
    JsonArray runs = new JsonArray();
    summary.figures().forEach(of -> runs.add(json(of)));
    JsonObject violations = new JsonObject();
    summary.violations().forEach(violations::put);
    return new JsonObject()
        .put("scenario", summary.scenario().name())
        .put("title", summary.scenario().title())
        .put("control", summary.control())
        .put("nodes", summary.nodes())
        .put("bound_tokens", summary.bound())
        .put("bound_seconds_of_ceiling", summary.bound() / rate(summary))
        .put("beyond_ceiling_tokens", summary.beyond())
        .put("virtual_s_per_cpu_s", summary.virtualSecondsPerCpuSecond())
        .put("violations", violations)
        .put("measures", measures)
        .put("runs", runs);
  }

  private static double rate(Summary summary) {
    return summary.scenario().reference().ratePerSecond();
  }

  private static JsonObject json(Figures of) {
    JsonObject values = new JsonObject();
    of.values().forEach((measure, value) -> values.put(measure.tag(), finite(value)));
    JsonObject back = new JsonObject();
    of.classes().forEach((name, when) -> back.put(name, when.text()));
    JsonObject violations = new JsonObject();
    of.violations().forEach(violations::put);
    JsonArray first = new JsonArray();
    of.first().forEach(violation -> first.add(violation.toString()));
    return new JsonObject()
        .put("seed", of.seed())
        .put("fingerprint", Long.toHexString(of.fingerprint()))
        .put("events", of.events())
        .put("values", values)
        .put("class_back", back)
        .put("beyond_ceiling_tokens", of.beyond())
        .put("over_window", finite(of.overWindow()))
        .put("cutoff_falls", of.cutoffFalls())
        .put("violations", violations)
        .put("first_violations", first);
  }

  private static @Nullable Double finite(OptionalDouble value) {
    return value.isPresent() ? finite(value.getAsDouble()) : null;
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value == null || value.isNaN() || value.isInfinite() ? null : value;
  }
}
