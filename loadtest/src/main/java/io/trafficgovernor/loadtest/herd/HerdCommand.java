package io.trafficgovernor.loadtest.herd;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Built;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.HerdReturn;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.measure.HerdMeasures;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.sim.Simulation;
import io.trafficgovernor.loadtest.world.Breakage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtest herd}: thousands of clients at once, on sockets and in the simulator. */
@Command(
    name = "herd",
    description = {
      "Sends a herd at three governors whose store has just come back cold, over real sockets,",
      "and the same herd through the simulator; draws both.",
      "Exits 0 if no surge reached the store and the whole herd was served, else 1."
    })
public final class HerdCommand implements Callable<Integer> {
  private static final String SCENARIO = "herd-sockets";

  /** Each holds a connection, and all processes of the run share one machine. */
  private static final int MOST_USERS = 5_000;

  private final Console console;
  private final Class<?> main;

  @Option(
      names = "--users",
      defaultValue = "2000",
      description = "how many come at once, 1 to 5000 (${DEFAULT-VALUE})")
  private int users;

  @Option(
      names = "--honouring",
      defaultValue = "1",
      description =
          "part of them that waits as long as Retry-After says, 0 to 1 (${DEFAULT-VALUE})")
  private double honouring;

  @Option(names = "--seed", defaultValue = "1", description = "of all chance (${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--out", description = "directory for the results (beside this jar: herd)")
  private @Nullable Path out;

  @Option(names = "--governor", description = "executable jar of the governor (in its own target)")
  private @Nullable Path governor;

  /**
   * A command that writes to that console.
   *
   * @param main main class of this program, of which the store is another process
   */
  public HerdCommand(Console console, Class<?> main) {
    this.console = requireNonNull(console, "console");
    this.main = requireNonNull(main, "main");
  }

  @Override
  public Integer call() throws IOException {
    Path jar = governor == null ? Built.governor(main) : governor;
    List<String> faults = faults(jar);
    if (!faults.isEmpty()) {
      faults.forEach(each -> console.error("herd: " + each));
      return 2;
    }
    Path directory = out == null ? Built.directory(main).resolve("herd") : out;
    Scenario scenario = scenario();
    StoreEvent.Herd herd = herd(scenario);
    HerdReturn simulated = simulated(scenario);
    HerdRun.Outcome outcome;
    try (Bench bench = new Bench(console, seed)) {
      HerdRun.Setup setup =
          new HerdRun.Setup(scenario, herd, seed, jar, main, directory.resolve("run"));
      outcome = new HerdRun(bench, setup).run();
    } catch (RunFailedException e) {
      console.error("herd: " + e.getMessage());
      return 1;
    }
    HerdReport report =
        new HerdReport(
            "%s; %.0f %% honour Retry-After; seed %d"
                .formatted(scenario.title(), 100 * honouring, seed),
            HerdReturn.of(outcome.run(), outcome.herd(), outcome.cameNanos(), users),
            simulated,
            safety(outcome));
    report.lines().forEach(console::line);
    Files.createDirectories(directory);
    report.write(directory);
    console.line("report: " + directory.resolve("index.html"));
    return report.passed() ? 0 : 1;
  }

  private List<String> faults(Path jar) {
    List<String> faults = new ArrayList<>();
    if (users < 1 || users > MOST_USERS) {
      faults.add("--users: got %d, allowed 1 to %d".formatted(users, MOST_USERS));
    }
    if (!(honouring >= 0 && honouring <= 1)) {
      faults.add("--honouring: got %s, allowed 0 to 1".formatted(honouring));
    }
    if (!Files.exists(jar)) {
      faults.add("there is no governor at " + jar);
    }
    return faults;
  }

  private Scenario scenario() {
    Scenario file = Scenarios.named(SCENARIO);
    StoreEvent.Herd came = herd(file);
    return file.withHonouring(honouring)
        .withEvents(
            List.of(new StoreEvent.Herd(came.atSeconds(), users, came.withinSeconds())),
            file.course().measuredSeconds());
  }

  private static StoreEvent.Herd herd(Scenario scenario) {
    return scenario.events().stream()
        .filter(StoreEvent.Herd.class::isInstance)
        .map(StoreEvent.Herd.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private HerdReturn simulated(Scenario scenario) {
    var run = new Simulation(scenario, seed).run(new Governed(Breakage.NONE), scenario.nodes());
    return HerdMeasures.of(run).orElseThrow();
  }

  private List<Check> safety(HerdRun.Outcome outcome) {
    Judgement.Bars bars =
        new Judgement.Bars(HerdRun.NODES, Governors.EVENT_LOOPS, HerdRun.DRAIN_BOUND.toSeconds());
    List<Check> checks = new ArrayList<>(new Judgement(bars).safe(outcome.run()));
    checks.forEach(check -> console.line(Checks.line(check)));
    return checks;
  }
}
