package io.trafficgovernor.loadtest.herd;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.HerdReturn;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.page.Sheet;
import io.trafficgovernor.loadtest.report.Plot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A herd on sockets beside the same herd in the simulator. */
final class HerdReport {
  private static final long PLOT_SLOT_NANOS = 200_000_000L;
  private static final double PLOT_SLOT_SECONDS = PLOT_SLOT_NANOS / 1e9;
  private static final double PLOT_BEFORE_SECONDS = 1;

  private final String title;
  private final HerdReturn sockets;
  private final HerdReturn simulated;
  private final List<Check> checks;

  /**
   * A report.
   *
   * @param safety checks of the run on sockets
   */
  HerdReport(String title, HerdReturn sockets, HerdReturn simulated, List<Check> safety) {
    this.title = requireNonNull(title, "title");
    this.sockets = sockets;
    this.simulated = simulated;
    this.checks = new ArrayList<>(safety);
    checks.add(
        Check.none(
            "herd-served",
            sockets.herd().users() - sockets.herd().servedNanos().size(),
            "users that were never served"));
  }

  boolean passed() {
    return Judgement.verdict(checks) == Check.Outcome.PASS;
  }

  /** A small table for people. */
  List<String> lines() {
    return List.of(
        "%-10s %8s %8s %8s %10s".formatted("", "attempts", "peak", "drain", "99 % after"),
        line("sockets", sockets),
        line("simulated", simulated),
        "attempts: for each success; peak: most attempts in 50 ms over the ceiling's tokens;",
        "drain: time to 99 % over that of a store of this warmth that is always at work");
  }

  private static String line(String name, HerdReturn of) {
    return "%-10s %8.2f %8.2f %8.2f %8.1f s"
        .formatted(name, of.attemptsPerSuccess(), of.peak(), of.drain(), seconds(of));
  }

  private static double seconds(HerdReturn of) {
    HerdReturn.Herd herd = of.herd();
    return herd.drained()
        ? (herd.drainedNanos() - herd.cameNanos()) / 1e9
        : Double.POSITIVE_INFINITY;
  }

  /** Writes {@code result.json} and {@code index.html} into an existing directory. */
  void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("result.json"), json().encodePrettily() + "\n");
    Files.writeString(directory.resolve("index.html"), html());
  }

  private JsonObject json() {
    return new JsonObject()
        .put("title", title)
        .put("verdict", Judgement.verdict(checks).name().toLowerCase(Locale.ROOT))
        .put("checks", Checks.json(checks))
        .put("sockets", json(sockets))
        .put("simulated", json(simulated));
  }

  private static JsonObject json(HerdReturn of) {
    JsonArray began = new JsonArray();
    Arrays.stream(began(of)).forEach(began::add);
    return new JsonObject()
        .put("users", of.herd().users())
        .put("served", of.herd().servedNanos().size())
        .put("attempts_per_success", finite(of.attemptsPerSuccess()))
        .put("peak_of_ceiling", finite(of.peak()))
        .put("drain_of_ideal", finite(of.drain()))
        .put("drained_s", finite(seconds(of)))
        .put("attempts_per_slot", began)
        .put("slot_s", PLOT_SLOT_SECONDS);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private String html() {
    // One scale, or they could not be compared; the first blow stands out of both.
    double highest = 1.2 * Math.max(most(sockets), most(simulated));
    return Sheet.begin("A herd of " + sockets.herd().users(), verdict(), "")
        + "<p>%s. Time counts from the herd's coming; its first blow is cut off.</p>%n"
            .formatted(Sheet.escape(title))
        + "<div class='grid'>\n"
        + plot("over real sockets: per 0.2 s", sockets, highest)
        + plot("simulated: per 0.2 s", simulated, highest)
        + "</div>\n<pre>%s</pre>%n".formatted(Sheet.escape(String.join("\n", lines())))
        + Checks.html(checks)
        + Sheet.end();
  }

  private String verdict() {
    return Judgement.verdict(checks).toString();
  }

  private static long from(HerdReturn of) {
    return of.herd().cameNanos() - (long) (PLOT_BEFORE_SECONDS * 1e9);
  }

  private static double[] began(HerdReturn of) {
    return of.began(from(of), PLOT_SLOT_NANOS);
  }

  private static double most(HerdReturn of) {
    double[] began = began(of);
    OptionalDouble tokens =
        Arrays.stream(of.tokens(from(of), PLOT_SLOT_NANOS, began.length))
            .filter(Double::isFinite)
            .max();
    return tokens.orElse(1);
  }

  private static String plot(String name, HerdReturn of, double highest) {
    double[] began = began(of);
    double first = -PLOT_BEFORE_SECONDS + PLOT_SLOT_SECONDS / 2;
    return new Plot(name, -PLOT_BEFORE_SECONDS, first + began.length * PLOT_SLOT_SECONDS, highest)
        .line("attempts", first, PLOT_SLOT_SECONDS, began)
        .line(
            "ceiling", first, PLOT_SLOT_SECONDS, of.tokens(from(of), PLOT_SLOT_NANOS, began.length))
        .line("served", first, PLOT_SLOT_SECONDS, of.served(from(of), PLOT_SLOT_NANOS))
        .svg();
  }
}
