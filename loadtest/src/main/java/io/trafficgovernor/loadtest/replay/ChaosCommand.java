package io.trafficgovernor.loadtest.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.chaos.FaultOptions;
import io.trafficgovernor.loadtest.chaos.FaultRun;
import io.trafficgovernor.loadtest.chaos.OwnNamespace;
import io.trafficgovernor.loadtest.fault.FaultFiles;
import io.trafficgovernor.loadtest.fault.FaultReport;
import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Built;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.incident.IncidentFile;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.report.Report;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.Units;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loadtest chaos}: governors are killed and stopped while the store recovers. */
@Command(
    name = "chaos",
    description = {
      "Kills and stops governors by a seeded schedule while the store of June 12 recovers;",
      "with --all, does each fault for itself to a cluster under five times its ceiling.",
      "Exits 0 if the envelope held and everything came back, else 1."
    })
public final class ChaosCommand implements Callable<Integer> {
  private static final int TROUBLES_LIMIT = 8;

  /** The clients ask for so many times what the cluster may pass on. */
  private static final double HERD = 5;

  private static final double RATE_OF_RUN = 400;
  private static final double RATE_OF_TABLE = 1000;

  private final Console console;
  private final Class<?> main;

  @Option(names = "--seed", defaultValue = "1", description = "of all chance (${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--troubles",
      defaultValue = "4",
      description = "kills and stops, 1 to 8 (${DEFAULT-VALUE})")
  private int troubles;

  @Option(
      names = "--rate",
      converter = Units.RateOption.class,
      description = "first attempts of all systems (400/s; with --all 1000/s)")
  private @Nullable Double asked;

  @Mixin private FaultOptions table = new FaultOptions();

  @Option(names = "--out", description = "directory for the results (beside this jar: chaos)")
  private @Nullable Path out;

  @Option(names = "--governor", description = "executable jar of the governor (in its own target)")
  private @Nullable Path governor;

  /**
   * A command that writes to that console.
   *
   * @param main main class of this program, of which the store is another process
   */
  public ChaosCommand(Console console, Class<?> main) {
    this.console = requireNonNull(console, "console");
    this.main = requireNonNull(main, "main");
  }

  @Override
  public Integer call() {
    Settings settings = settings();
    if (troubles < 1 || troubles > TROUBLES_LIMIT || !Double.isFinite(rate())) {
      console.error(
          "chaos: got %d troubles at %s/s, allowed 1 to %d at a finite rate"
              .formatted(troubles, rate(), TROUBLES_LIMIT));
      return 2;
    }
    if (!Files.exists(settings.governor())) {
      console.error("chaos: there is no governor at " + settings.governor());
      return 2;
    }
    if (!table.wrong().isEmpty()) {
      table.wrong().forEach(each -> console.error("chaos: " + each));
      return 2;
    }
    return table.all() ? faults(settings) : run(settings) ? 0 : 1;
  }

  /** The table; in a network namespace of our own, where the machine permits it. */
  private int faults(Settings settings) {
    if (table.inNamespace()) {
      OwnNamespace.prepare();
    } else if (OwnNamespace.permitted()) {
      List<String> words = new ArrayList<>(List.of("chaos", "--seed=" + seed));
      words.add("--rate=%.0f/s".formatted(rate()));
      words.add("--out=" + settings.out());
      words.add("--governor=" + settings.governor());
      words.addAll(table.words());
      return OwnNamespace.run(main, words);
    }
    Map<String, String> context = new LinkedHashMap<>();
    context.put("seed", Long.toString(seed));
    context.put("machine", Replay.machine());
    context.put(
        "load",
        "%.0f first attempts/s on %d governors pinned to %.0f/s; the store serves %.0f/s warm"
            .formatted(
                rate(),
                table.nodes(),
                rate() / HERD,
                settings.replay().store().settings().capacity(1)));
    context.put(
        "partitions",
        table.inNamespace()
            ? "routing rules that drop packets, in a network namespace of the run's own"
            : "none: this machine lets us have no network namespace");
    context.forEach((name, text) -> console.line("  " + name + ": " + text));
    try (Bench bench = new Bench(console, seed)) {
      Files.createDirectories(settings.out());
      FaultReport report =
          new FaultRun(
                  bench,
                  new FaultRun.Setup(
                      table.nodes(),
                      table.cases(),
                      table.inNamespace(),
                      rate() / HERD,
                      settings.incident(),
                      seed,
                      settings.governor(),
                      main,
                      settings.out().resolve("faults")))
              .run();
      report.lines().forEach(console::line);
      FaultFiles.write(report, context, settings.out());
      console.line("report: " + settings.out().resolve("index.html"));
      return report.verdict() == Check.Outcome.PASS ? 0 : 1;
    } catch (RunFailedException e) {
      console.error("chaos: " + e.getMessage());
      return 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double rate() {
    if (asked != null) {
      return asked;
    }
    return table.all() ? RATE_OF_TABLE : RATE_OF_RUN;
  }

  private Settings settings() {
    Incident incident = IncidentFile.named("june-12");
    return new Settings(
        incident.replayedBy(incident.replay().withRate(rate())),
        seed,
        out == null ? Built.directory(main).resolve("chaos") : out,
        governor == null ? Built.governor(main) : governor,
        main);
  }

  private boolean run(Settings settings) {
    List<Disturbance> schedule =
        Chaos.schedule(troubles, Settings.NODES, new SplittableRandom(seed));
    Map<String, String> context = new LinkedHashMap<>(Replay.context(settings));
    context.put(
        "schedule", schedule.stream().map(Disturbance::text).collect(Collectors.joining("; ")));
    context.forEach((name, text) -> console.line("  " + name + ": " + text));
    List<RunRecord> runs = new ArrayList<>();
    List<Check> checks = new ArrayList<>();
    try (Bench bench = new Bench(console, seed)) {
      LiveRun.Plan plan = LiveRun.Plan.governed("chaos", 1, true).disturbed(schedule);
      RunRecord run = new LiveRun(bench, settings, plan).run();
      runs.add(run);
      Judgement judgement = Replay.judgement();
      checks.addAll(judgement.disturbed(run));
      checks.add(judgement.reopened(run, Settings.OPEN_BOUND.toMillis() / 1e3));
    } catch (RunFailedException e) {
      console.error("chaos: " + e.getMessage());
      checks.add(new Check("chaos-ran", null, 0, Check.Outcome.FAIL, "" + e.getMessage()));
    }
    return Replay.tell(
        console,
        settings,
        new Report(
            "chaos",
            "Governors killed and stopped while the store recovers",
            context,
            Replay.facts(settings.incident()),
            runs,
            checks));
  }
}
