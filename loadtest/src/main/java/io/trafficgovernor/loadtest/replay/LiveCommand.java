package io.trafficgovernor.loadtest.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.incident.IncidentFile;
import io.trafficgovernor.loadtest.live.Door;
import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loadtest live http://host:port}: an incident's clients on whatever listens there. */
@Command(
    name = "live",
    description = {
      "Open-loop load of an incident's clients on any gateways; prints success and time per class.",
      "Exits 0, or 1 if a bound of the client refused attempts."
    })
public final class LiveCommand implements Callable<Integer> {
  private static final long LONGEST_MICROS = 60_000_000L;
  private static final Duration END_BOUND = Duration.ofSeconds(15);
  private static final long ASK_PERIOD_NANOS = 100_000_000L;

  private final Console console;

  @Parameters(arity = "1..16", paramLabel = "URL", description = "such as http://127.0.0.1:8080")
  private List<String> urls = List.of();

  @Option(
      names = "--scenario",
      description = "file with classes and systems; without it the clients of June 12")
  private @Nullable Path scenario;

  @Option(
      names = "--rate",
      converter = Units.RateOption.class,
      description = "first attempts of all systems (as the file says)")
  private @Nullable Double rate;

  @Option(
      names = "--for",
      defaultValue = "30s",
      converter = Units.DurationOption.class,
      description = "how long (${DEFAULT-VALUE})")
  private Duration time = Duration.ZERO;

  @Option(names = "--seed", defaultValue = "1", description = "of all chance (${DEFAULT-VALUE})")
  private long seed;

  /** A command that writes to that console. */
  public LiveCommand(Console console) {
    this.console = requireNonNull(console, "console");
  }

  @Override
  public Integer call() {
    try {
      List<Door> doors = urls.stream().map(Door::of).toList();
      Incident incident =
          scenario == null
              ? IncidentFile.named("june-12")
              : IncidentFile.of(Files.readString(scenario));
      Population population = incident.population();
      return run(doors, rate == null ? population : population.withRate(rate));
    } catch (IllegalArgumentException | IOException e) {
      console.error("live: " + e.getMessage());
      return 2;
    }
  }

  private int run(List<Door> doors, Population population) {
    console.line(
        "live: %.0f first attempts/s for %.0f s on %s, seed %d"
            .formatted(population.ratePerSecond(), time.toMillis() / 1e3, urls, seed));
    try (Bench bench = new Bench(console, seed)) {
      OpenLoop clients =
          bench.onLoop(() -> new OpenLoop(bench.vertx(), bench.loop(), population, doors, seed));
      bench.tell(clients::start);
      bench.pass(time);
      bench.tell(clients::stop);
      var unused =
          bench.await(
              bench.loop().until(clients::idle, ASK_PERIOD_NANOS, END_BOUND.toNanos()),
              END_BOUND,
              "the last answers");
      AttemptLog log = bench.onLoop(() -> clients.log().copy());
      table(population, log).forEach(console::line);
      long overflow = clients.driver().overflow();
      console.line(
          "sent at most %.1f ms late; %d attempts not made because a bound was reached"
              .formatted(clients.driver().worstLateNanos() / 1e6, overflow));
      return overflow == 0 ? 0 : 1;
    }
  }

  /** First attempts of each class by their endings; times count from the planned instant. */
  static List<String> table(Population population, AttemptLog log) {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("%-12s %8s".formatted("class", "first"));
    for (Ending ending : Ending.values()) {
      head.append(" %8s".formatted(ending));
    }
    lines.add(head + "  p50 ms  p99 ms");
    for (int rank = 0; rank < population.classes().size(); rank++) {
      lines.add(row(population, log, rank));
    }
    return lines;
  }

  private static String row(Population population, AttemptLog log, int rank) {
    Histogram micros = new Histogram(LONGEST_MICROS, 3);
    Map<Ending, Integer> endings = new EnumMap<>(Ending.class);
    int firsts = 0;
    for (int i = 0; i < log.size(); i++) {
      if (log.first(i) && population.rank(log.system(i)) == rank) {
        firsts++;
        endings.merge(log.ending(i), 1, Integer::sum);
        if (log.ending(i).good()) {
          long taken = (log.endedNanos(i) - log.plannedNanos(i)) / 1_000;
          micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, taken)));
        }
      }
    }
    StringBuilder row =
        new StringBuilder("%-12s %8d".formatted(population.classes().get(rank).name(), firsts));
    for (Ending ending : Ending.values()) {
      row.append(" %8d".formatted(endings.getOrDefault(ending, 0)));
    }
    return row
        + " %7.0f %7.0f"
            .formatted(
                micros.getValueAtPercentile(50) / 1e3, micros.getValueAtPercentile(99) / 1e3);
  }
}
