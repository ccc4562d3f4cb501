package io.trafficgovernor.loadtest.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fleet.Built;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.incident.IncidentFile;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.Units;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loadtest replay june-12}: the incident on real processes, and the verdict. */
@Command(
    name = "replay",
    description = "Replays an incident on real processes; exits 0 if every check passed, else 1.")
public final class ReplayCommand implements Callable<Integer> {
  /** What was under way when the store died must have ended before it returns. */
  private static final Duration SHORTEST_OUTAGE = Duration.ofSeconds(4);

  private final Console console;
  private final Class<?> main;

  @Parameters(index = "0", paramLabel = "INCIDENT", description = "june-12")
  private String name = "";

  @Option(
      names = "--outage",
      converter = Units.DurationOption.class,
      description = "how long the store is dead (as in the incident's file: 20s)")
  private @Nullable Duration outage;

  @Option(
      names = "--quota",
      converter = Units.RateOption.class,
      description = "what its provider lets through after the return, or off (300/s)")
  private @Nullable Double quota;

  @Option(
      names = "--quota-for",
      converter = Units.DurationOption.class,
      description = "for how long (10s)")
  private @Nullable Duration quotaFor;

  @Option(
      names = "--rate",
      converter = Units.RateOption.class,
      description = "first attempts of all systems at full load (750/s)")
  private @Nullable Double rate;

  @Option(names = "--seed", defaultValue = "12", description = "of all chance (${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--runs",
      split = ",",
      defaultValue = "FULL,CONTROL,HALF",
      description = "which runs: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
  private Set<Replay.Kind> runs = EnumSet.noneOf(Replay.Kind.class);

  @Option(names = "--out", description = "directory for the results (beside this jar: june-12)")
  private @Nullable Path out;

  @Option(names = "--governor", description = "executable jar of the governor (in its own target)")
  private @Nullable Path governor;

  /**
   * A command that writes to that console.
   *
   * @param main main class of this program, of which the store is another process
   */
  public ReplayCommand(Console console, Class<?> main) {
    this.console = requireNonNull(console, "console");
    this.main = requireNonNull(main, "main");
  }

  @Override
  public Integer call() {
    Settings settings;
    try {
      settings = settings();
    } catch (IllegalArgumentException e) {
      console.error("replay: " + e.getMessage());
      return 2;
    }
    boolean governed = runs.contains(Replay.Kind.FULL) || runs.contains(Replay.Kind.HALF);
    if (governed && !Files.exists(settings.governor())) {
      console.error("replay: there is no governor at " + settings.governor());
      return 2;
    }
    return new Replay(console, settings).run(runs) ? 0 : 1;
  }

  private Settings settings() {
    Incident incident = IncidentFile.named(name);
    Incident.Replay file = incident.replay();
    if (outage != null && outage.compareTo(SHORTEST_OUTAGE) < 0) {
      throw new IllegalArgumentException(
          "--outage: got %s, allowed %s or more".formatted(outage, SHORTEST_OUTAGE));
    }
    return new Settings(
        incident.replayedBy(
            new Incident.Replay(
                rate == null ? file.ratePerSecond() : rate,
                outage == null ? file.outage() : outage,
                quota == null ? file.quotaPerSecond() : quota,
                quotaFor == null ? file.quotaFor() : quotaFor,
                file.honouring(),
                file.backoff(),
                file.store())),
        seed,
        out == null ? Built.directory(main).resolve(name) : out,
        governor == null ? Built.governor(main) : governor,
        main);
  }
}
