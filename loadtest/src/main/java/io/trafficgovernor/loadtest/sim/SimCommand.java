package io.trafficgovernor.loadtest.sim;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Figures;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.proof.Proof;
import io.trafficgovernor.loadtest.proof.ProofFiles;
import io.trafficgovernor.loadtest.rival.Control;
import io.trafficgovernor.loadtest.rival.Controls;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.Units;
import io.trafficgovernor.loadtest.world.Breakage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loadtest sim}: scenarios in virtual time, with the production classes. */
@Command(
    name = "sim",
    description = "Runs scenarios in virtual time and judges them.",
    footer = "Exits 0 if all that was promised held, 1 if not, 2 if it was called wrongly.")
public final class SimCommand implements Callable<Integer> {
  private static final int MAX_NODES = 1_000;
  private static final int MAX_SEEDS = 100_000;
  private static final int MAX_SCALE = 100;

  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "SCENARIO",
      description = "names of scenarios, or paths of their files")
  private List<String> names = List.of();

  @Option(names = "--nodes", description = "governors (as the scenario says)")
  private @Nullable Integer nodes;

  @Option(names = "--seeds", defaultValue = "5", description = "how many runs (${DEFAULT-VALUE})")
  private int seeds;

  @Option(names = "--seed", defaultValue = "1", description = "of the first run (${DEFAULT-VALUE})")
  private long firstSeed;

  @Option(
      names = "--lead",
      converter = Units.DurationOption.class,
      description = "clients knock so long before the store returns (as the scenario says)")
  private @Nullable Duration lead;

  @Option(
      names = "--scale",
      defaultValue = "1",
      description = "times the demand, the servers and the quota (${DEFAULT-VALUE})")
  private int scale;

  @Option(names = "--no-gates", description = "no class waits for another")
  private boolean noGates;

  @Option(
      names = "--beside",
      split = ",",
      description = "what to run beside the governor: none, linear, proxy")
  private List<String> beside = List.of();

  @Option(
      names = "--break",
      defaultValue = "NONE",
      description = "build the cluster wrongly, to see it found out: ${COMPLETION-CANDIDATES}")
  private Breakage breakage = Breakage.NONE;

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "RULE",
      description = "leave rules of the law out, to see what they are worth: their words")
  private List<String> without = List.of();

  @Option(names = "--trace", description = "tell the faults and phases of every run")
  private boolean trace;

  @Option(
      names = "--out",
      defaultValue = "loadtest/target/sim",
      description = "folder for result.json, result.md and index.html (${DEFAULT-VALUE})")
  private Path out = Path.of("loadtest/target/sim");

  /** A command that writes to that console. */
  public SimCommand(Console console) {
    this.console = requireNonNull(console, "console");
  }

  @Override
  public Integer call() throws IOException {
    List<String> faults = new ArrayList<>();
    List<Scenario> scenarios = scenarios(faults);
    List<Control> rivals = rivals(faults);
    Rules rules = rules(faults);
    options(faults);
    if (!faults.isEmpty()) {
      faults.forEach(console::error);
      return 2;
    }
    Proof proof = new Proof();
    Campaign campaign = new Campaign(console, firstSeed, seeds, trace);
    try {
      for (Scenario scenario : scenarios) {
        int size = nodes == null ? scenario.nodes() : nodes;
        Summary ours = campaign.run(scenario, new Governed(breakage, rules), size, proof);
        proof.ours(ours);
        for (Control rival : rivals) {
          proof.beside(campaign.run(scenario, rival, size, proof));
        }
      }
    } catch (Figures.Incomplete e) {
      console.error("sim: " + e.getMessage());
      return 2;
    }
    List<Check> failed = proof.checks().stream().filter(check -> !check.pass()).toList();
    failed.forEach(check -> console.error(Checks.line(check)));
    ProofFiles.write(proof, out);
    return failed.isEmpty() ? 0 : 1;
  }

  private List<Scenario> scenarios(List<String> faults) {
    List<Scenario> scenarios = new ArrayList<>();
    for (String name : names) {
      Scenarios.Found found = Scenarios.find(name);
      faults.addAll(found.faults());
      found.scenario().map(this::asAsked).ifPresent(scenarios::add);
    }
    return scenarios;
  }

  private Scenario asAsked(Scenario scenario) {
    Scenario asked = lead == null ? scenario : scenario.withLead(lead.toMillis() / 1e3);
    asked = noGates ? asked.withoutGates() : asked;
    return scale > 1 && scale <= MAX_SCALE ? asked.scaled(scale) : asked;
  }

  private List<Control> rivals(List<String> faults) {
    List<Control> rivals = new ArrayList<>();
    for (String word : beside) {
      var found = Controls.named(word);
      found.ifPresent(rivals::add);
      if (found.isEmpty()) {
        faults.add("--beside: got " + word + ", allowed " + String.join(", ", Controls.WORDS));
      }
    }
    return rivals;
  }

  private Rules rules(List<String> faults) {
    List<Rule> rules = new ArrayList<>();
    for (String word : without) {
      var found = Rule.of(word);
      found.ifPresent(rules::add);
      if (found.isEmpty()) {
        String words = Arrays.stream(Rule.values()).map(Rule::word).collect(joining(", "));
        faults.add("--without: got " + word + ", allowed " + words);
      }
    }
    return Rules.without(rules);
  }

  private void options(List<String> faults) {
    if (nodes != null && (nodes < 1 || nodes > MAX_NODES)) {
      faults.add("--nodes: got " + nodes + ", allowed 1 to " + MAX_NODES);
    }
    if (seeds < 1 || seeds > MAX_SEEDS) {
      faults.add("--seeds: got " + seeds + ", allowed 1 to " + MAX_SEEDS);
    }
    if (scale < 1 || scale > MAX_SCALE) {
      faults.add("--scale: got " + scale + ", allowed 1 to " + MAX_SCALE);
    }
  }
}
