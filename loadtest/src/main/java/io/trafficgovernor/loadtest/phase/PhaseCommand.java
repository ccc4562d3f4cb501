package io.trafficgovernor.loadtest.phase;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Timeline;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.rival.NoControl;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.world.Breakage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtest phase}: the thresholds of OSDI'22 and the phase diagram. */
@Command(
    name = "phase",
    description =
        "Fits a store to the published retry experiment and maps where it stays down, and where not"
            + " with the governor.",
    footer = "Exits 0 if all that was promised held, 1 if not, 2 if it was called wrongly.")
public final class PhaseCommand implements Callable<Integer> {
  private static final String SCENARIO = "osdi22";
  private static final int MAX_SEEDS = 1_000;

  /** 100 us instead of 75 us between two inserts. */
  private static final double LOWER_DEMAND = 0.75;

  /** 0.45 instead of 0.40 CPUs. */
  private static final double MORE_CPU = 0.45 / 0.40;

  private static final double SHORTER = 0.9;

  /** A store alone is in its usual state after that; the governor takes as long as it takes. */
  private static final double CALM_SECONDS = 10;

  private static final List<Long> FIT_SEEDS = List.of(-1L, -2L, -3L);

  private final Console console;

  @Option(names = "--seeds", defaultValue = "20", description = "how many (${DEFAULT-VALUE})")
  private int seeds;

  @Option(names = "--seed", defaultValue = "1", description = "the first (${DEFAULT-VALUE})")
  private long firstSeed;

  @Option(
      names = "--capacity",
      description = "requests per second of the store, instead of fitting it")
  private @Nullable Double capacity;

  @Option(
      names = "--demands",
      split = ",",
      defaultValue = "0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.95",
      description = "columns: shares of the capacity, rising (${DEFAULT-VALUE})")
  private List<Double> demands = List.of();

  @Option(
      names = "--lengths",
      split = ",",
      defaultValue = "2,5,8,10,15,20,30",
      description = "rows: seconds of the trigger, rising (${DEFAULT-VALUE})")
  private List<Double> lengths = List.of();

  @Option(
      names = "--out",
      defaultValue = "loadtest/target/phase",
      description = "folder for result.json, result.md and index.html (${DEFAULT-VALUE})")
  private Path out = Path.of("loadtest/target/phase");

  /** A command that writes to that console. */
  public PhaseCommand(Console console) {
    this.console = requireNonNull(console, "console");
  }

  @Override
  public Integer call() throws IOException {
    List<String> faults = faults();
    if (!faults.isEmpty()) {
      faults.forEach(console::error);
      return 2;
    }
    Study study = study(Scenarios.named(SCENARIO));
    for (Check check : study.checks()) {
      String line = Checks.line(check);
      if (check.pass()) {
        console.line(line);
      } else {
        console.error(line);
      }
    }
    StudyFiles.write(study, out);
    return study.passed() ? 0 : 1;
  }

  private List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (seeds < 1 || seeds > MAX_SEEDS) {
      faults.add("--seeds: got " + seeds + ", allowed 1 to " + MAX_SEEDS);
    }
    if (capacity != null && !(capacity > 0)) {
      faults.add("--capacity: got " + capacity + ", allowed more than 0");
    }
    if (demands.stream().anyMatch(share -> !(share > 0 && share <= 2))) {
      faults.add("--demands: got " + demands + ", allowed more than 0, up to 2");
    }
    if (lengths.stream().anyMatch(each -> !(each > 0 && each <= 600))) {
      faults.add("--lengths: got " + lengths + ", allowed more than 0, up to 600");
    }
    return faults;
  }

  private Study study(Scenario scenario) {
    StoreEvent.Pace trigger = Simulated.trigger(scenario);
    Simulated without = new Simulated(scenario, new NoControl(), CALM_SECONDS);
    Simulated with = new Simulated(scenario, new Governed(Breakage.NONE), trigger.atSeconds());
    double demand = scenario.population().ratePerSecond();
    Trial asked = new Trial(demand, demand, trigger.part(), trigger.forSeconds(), firstSeed);
    Optional<CapacityFit> fit = Optional.empty();
    if (capacity == null) {
      fit = Optional.of(CapacityFit.of(without, asked, LOWER_DEMAND * demand, FIT_SEEDS));
      console.line(
          "capacity between %.0f/s and %.0f/s".formatted(fit.get().lowest(), fit.get().highest()));
    }
    double fitted = fit.map(CapacityFit::capacity).orElse(capacity == null ? demand : capacity);
    Trial trial = asked.withCapacity(fitted);
    List<Long> all = LongStream.range(firstSeed, firstSeed + seeds).boxed().toList();
    Thresholds thresholds = Thresholds.of(without, trial, all);
    console.line(StudyTable.thresholds(thresholds));
    return new Study(
        scenario.title(),
        trial,
        fit,
        published(without, trial, all),
        thresholds,
        Diagram.of(without, with, trial, demands, lengths),
        new Timeline(without.run(trial)),
        new Timeline(with.run(trial)));
  }

  private static List<Study.Published> published(
      Trial.Experiment store, Trial trial, List<Long> seeds) {
    double lower = LOWER_DEMAND * trial.demand();
    return List.of(
        published("75 us, 0.40 CPUs, 10 s", true, store, trial, seeds),
        published("100 us, 0.40 CPUs, 10 s", false, store, trial.withDemand(lower), seeds),
        published(
            "75 us, 0.40 CPUs, 9 s",
            false,
            store,
            trial.withSeconds(SHORTER * trial.seconds()),
            seeds),
        published(
            "75 us, 0.45 CPUs, 10 s",
            false,
            store,
            trial.withPart(MORE_CPU * trial.part()),
            seeds));
  }

  private static Study.Published published(
      String words, boolean staysDown, Trial.Experiment store, Trial trial, List<Long> seeds) {
    int down = 0;
    for (long seed : seeds) {
      down += store.recovers(trial.withSeed(seed)) ? 0 : 1;
    }
    return new Study.Published(words, staysDown, down, seeds.size());
  }
}
