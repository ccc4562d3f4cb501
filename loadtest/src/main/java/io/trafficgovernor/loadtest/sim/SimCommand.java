package io.trafficgovernor.loadtest.sim;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.Units;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loadtest sim}: scenarios in virtual time, with the production classes. */
@Command(name = "sim", description = "Runs scenarios in virtual time: S1 to S6, S4b, june-12.")
public final class SimCommand implements Callable<Integer> {
  private static final int MAX_NODES = 1_000;
  private static final int MAX_SEEDS = 10_000;

  private final Console console;
  private final Ticker ticker;

  @Parameters(arity = "1..*", paramLabel = "SCENARIO", description = "by name")
  private List<String> names = List.of();

  @Option(names = "--nodes", defaultValue = "8", description = "governors (${DEFAULT-VALUE})")
  private int nodes;

  @Option(names = "--seeds", defaultValue = "5", description = "how many runs (${DEFAULT-VALUE})")
  private int seeds;

  @Option(names = "--seed", defaultValue = "1", description = "of the first run (${DEFAULT-VALUE})")
  private long firstSeed;

  @Option(
      names = "--lead",
      defaultValue = "0s",
      converter = Units.DurationOption.class,
      description = "clients knock so long before the store returns (${DEFAULT-VALUE})")
  private Duration lead = Duration.ZERO;

  @Option(
      names = "--out",
      defaultValue = "loadtest/target/sim",
      description = "folder for result.json (${DEFAULT-VALUE})")
  private Path out = Path.of("loadtest/target/sim");

  /** A command that writes to that console and times itself by that ticker. */
  public SimCommand(Console console, Ticker ticker) {
    this.console = requireNonNull(console, "console");
    this.ticker = requireNonNull(ticker, "ticker");
  }

  @Override
  public Integer call() throws IOException {
    List<String> faults = faults();
    if (!faults.isEmpty()) {
      faults.forEach(console::error);
      return 2;
    }
    List<Summary> summaries = new ArrayList<>();
    List<Check> checks = new ArrayList<>();
    for (String name : names) {
      Summary summary = run(Scenarios.named(name).orElseThrow());
      summaries.add(summary);
      checks.addAll(summary.checks());
      console.line(summary.line());
    }
    List<Check> failed = checks.stream().filter(check -> !check.pass()).toList();
    failed.forEach(
        check ->
            console.error(
                "FAILED %s: got %s, allowed %s (%s)"
                    .formatted(check.id(), check.value(), check.bar(), check.note())));
    write(summaries, checks);
    return failed.isEmpty() ? 0 : 1;
  }

  private List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (String name : names) {
      if (Scenarios.named(name).isEmpty()) {
        faults.add("scenario: got " + name + ", allowed " + String.join(", ", Scenarios.names()));
      }
    }
    if (nodes < 1 || nodes > MAX_NODES) {
      faults.add("--nodes: got " + nodes + ", allowed 1 to " + MAX_NODES);
    }
    if (seeds < 1 || seeds > MAX_SEEDS) {
      faults.add("--seeds: got " + seeds + ", allowed 1 to " + MAX_SEEDS);
    }
    return faults;
  }

  private Summary run(Scenario scenario) {
    Scenario led = scenario.withLead(lead.toMillis() / 1e3);
    List<Figures> figures = new ArrayList<>();
    double virtualSeconds = 0;
    long began = ticker.nanos();
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      Figures of = figures(led, seed, nodes);
      figures.add(of);
      console.line(scenario.name() + " " + of.line());
      virtualSeconds += 2 * scenario.measuredSeconds();
    }
    double seconds = (ticker.nanos() - began) / 1e9;
    return new Summary(led, nodes, figures, virtualSeconds / seconds);
  }

  /** One seed, governed and by the oracle. */
  static Figures figures(Scenario scenario, long seed, int nodes) {
    return Figures.of(
        seed,
        new Simulation(scenario, seed).run(Simulation.Control.GOVERNED, nodes),
        new Simulation(scenario, seed).run(Simulation.Control.ORACLE, 1));
  }

  private void write(List<Summary> summaries, List<Check> checks) throws IOException {
    JsonArray runs = new JsonArray();
    summaries.forEach(summary -> runs.add(summary.json()));
    JsonArray judged = new JsonArray();
    for (Check check : checks) {
      judged.add(
          new JsonObject()
              .put("id", check.id())
              .put("value", Optional.ofNullable(check.value()).orElse(Double.NaN))
              .put("bar", check.bar())
              .put("pass", check.pass()));
    }
    JsonObject result =
        new JsonObject()
            .put("verdict", checks.stream().allMatch(Check::pass) ? "pass" : "fail")
            .put("checks", judged)
            .put("scenarios", runs);
    Files.createDirectories(out);
    Files.writeString(out.resolve("result.json"), result.encodePrettily() + "\n");
  }
}
