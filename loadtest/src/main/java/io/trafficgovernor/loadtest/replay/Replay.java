package io.trafficgovernor.loadtest.replay;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.incident.Oracle;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Check.Outcome;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.report.Report;
import io.trafficgovernor.loadtest.report.ResultFile;
import io.trafficgovernor.loadtest.report.SummaryTable;
import io.trafficgovernor.loadtest.report.SystemFacts;
import io.trafficgovernor.loadtest.shell.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The runs of a replay one after the other, and what comes of them. */
final class Replay {
  /** An ungoverned run goes on for so long beyond what the governed one needed. */
  private static final Duration CONTROL_MARGIN = Duration.ofSeconds(10);

  /** How long it goes on if there is no governed run to compare with. */
  private static final Duration CONTROL_ALONE = Duration.ofSeconds(60);

  private final Console console;
  private final Settings settings;
  private final Judgement judgement;
  private final Map<Kind, RunRecord> runs = new EnumMap<>(Kind.class);
  private final List<Check> checks = new ArrayList<>();

  /** Which run. */
  enum Kind {
    /** Full load, governed, on to OPEN. */
    FULL,
    /** Full load without the governor: the negative control. */
    CONTROL,
    /** Half the load, governed. */
    HALF;

    String runName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Replay(Console console, Settings settings) {
    this.console = console;
    this.settings = settings;
    this.judgement =
        new Judgement(
            new Judgement.Bars(
                Settings.NODES, Governors.EVENT_LOOPS, Settings.ALL_BACK_BOUND.toMillis() / 1e3));
  }

  /** The judge of runs on {@link Settings#NODES} governors. */
  static Judgement judgement() {
    return new Judgement(
        new Judgement.Bars(
            Settings.NODES, Governors.EVENT_LOOPS, Settings.ALL_BACK_BOUND.toMillis() / 1e3));
  }

  /** Runs those kinds and writes the report; true if every check passed. */
  boolean run(Set<Kind> kinds) {
    Map<String, String> context = context(settings);
    console.line(settings.incident().title() + ", replayed on this machine");
    context.forEach((name, text) -> console.line("  " + name + ": " + text));
    try (Bench bench = new Bench(console, settings.seed())) {
      for (Kind kind : Kind.values()) {
        if (kinds.contains(kind)) {
          run(bench, kind);
        }
      }
    }
    return tell(
        console,
        settings,
        new Report(
            settings.incident().name(),
            settings.incident().title(),
            context,
            facts(settings.incident()),
            List.copyOf(runs.values()),
            checks));
  }

  /** Writes a report to the console and into files; true if every check passed. */
  static boolean tell(Console console, Settings settings, Report report) {
    SummaryTable.lines(report).forEach(console::line);
    try {
      Files.createDirectories(settings.out());
      ResultFile.write(report, settings.out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    console.line("report: " + settings.out().resolve("index.html"));
    return report.verdict() == Outcome.PASS;
  }

  private void run(Bench bench, Kind kind) {
    console.line("");
    try {
      RunRecord run = new LiveRun(bench, settings, plan(kind)).run();
      runs.put(kind, run);
      checks.addAll(judge(kind, run));
    } catch (RunFailedException e) {
      console.error(kind.runName() + ": " + e.getMessage());
      checks.add(new Check(kind.runName() + "-ran", null, 0, Outcome.FAIL, "" + e.getMessage()));
    }
  }

  private LiveRun.Plan plan(Kind kind) {
    return switch (kind) {
      case FULL -> LiveRun.Plan.governed(kind.runName(), 1, true);
      case CONTROL -> LiveRun.Plan.control(kind.runName(), controlCutOff());
      case HALF -> LiveRun.Plan.governed(kind.runName(), 0.5, false);
    };
  }

  private Duration controlCutOff() {
    return full()
        .map(run -> Judgement.restoration(run).allClassesSeconds())
        .filter(seconds -> seconds.isPresent())
        .map(seconds -> Duration.ofMillis((long) (seconds.getAsDouble() * 1000)))
        .map(CONTROL_MARGIN::plus)
        .orElse(CONTROL_ALONE);
  }

  private Optional<RunRecord> full() {
    return Optional.ofNullable(runs.get(Kind.FULL));
  }

  private List<Check> judge(Kind kind, RunRecord run) {
    return switch (kind) {
      case FULL -> {
        List<Check> all = new ArrayList<>(judgement.governed(run));
        all.add(judgement.reopened(run, Settings.OPEN_BOUND.toMillis() / 1e3));
        yield all;
      }
      case CONTROL -> judgement.control(run, runs.get(Kind.FULL));
      case HALF -> judgement.governed(run);
    };
  }

  /** What the figures of a run depend on. */
  static Map<String, String> context(Settings settings) {
    Incident.Replay replay = settings.replay();
    Oracle oracle =
        new Oracle(replay.store().settings(), replay.store().keys(), replay.store().zipf());
    double quotaSeconds = replay.quotaFor().toMillis() / 1e3;
    Map<String, String> context = new LinkedHashMap<>();
    context.put("seed", Long.toString(settings.seed()));
    context.put("machine", machine());
    context.put(
        "load",
        "%.0f first attempts/s; the store serves %.0f/s cold and %.0f/s warm"
            .formatted(
                replay.ratePerSecond(),
                replay.store().settings().capacity(0),
                replay.store().settings().capacity(1)));
    context.put(
        "outage",
        "%.0f s; after the return a quota of %.0f/s for %.0f s"
            .formatted(replay.outage().toMillis() / 1e3, replay.quotaPerSecond(), quotaSeconds));
    context.put(
        "oracle",
        "who knows the store needs %.0f s to warm it at full load, %.0f s at half"
            .formatted(
                oracle.seconds(replay.ratePerSecond(), replay.quotaPerSecond(), quotaSeconds),
                oracle.seconds(replay.ratePerSecond() / 2, replay.quotaPerSecond(), quotaSeconds)));
    settings.incident().published().forEach((name, text) -> context.put("published " + name, text));
    return context;
  }

  /** What it runs on. */
  static String machine() {
    return "%d cores, Java %s"
        .formatted(Runtime.getRuntime().availableProcessors(), Runtime.version());
  }

  /** The rows of the incident's table, with their places in its population. */
  static List<SystemFacts> facts(Incident incident) {
    List<SystemFacts> facts = new ArrayList<>();
    int client = 0;
    for (Incident.Row row : incident.systems()) {
      if (row.clients().isEmpty()) {
        facts.add(
            new SystemFacts(row.name(), "-", row.impact(), row.degraded(), SystemFacts.NO_CLIENT));
      }
      for (Incident.Client each : row.clients()) {
        String name = each.part() == null ? row.name() : row.name() + ", " + each.part();
        facts.add(new SystemFacts(name, each.className(), row.impact(), row.degraded(), client++));
      }
    }
    return facts;
  }
}
