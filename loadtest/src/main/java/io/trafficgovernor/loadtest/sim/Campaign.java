package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.loadtest.measure.Figures;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.proof.Proof;
import io.trafficgovernor.loadtest.rival.Control;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.rival.Oracle;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.shell.Console;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Runs a scenario with one seed after the other, each against the oracle of the same seed. */
final class Campaign {
  private final Console console;
  private final long firstSeed;
  private final int seeds;
  private final boolean trace;

  Campaign(Console console, long firstSeed, int seeds, boolean trace) {
    this.console = console;
    this.firstSeed = firstSeed;
    this.seeds = seeds;
    this.trace = trace;
  }

  Summary run(Scenario scenario, Control control, int nodes, Proof proof) {
    List<Figures> figures = new ArrayList<>();
    double virtualSeconds = 0;
    long began = cpuNanos();
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      Run run = new Simulation(scenario, seed).run(control, nodes);
      Run oracle = oracle(scenario, seed);
      Figures of = Figures.of(run, oracle);
      figures.add(of);
      if (seed == firstSeed) {
        proof.picture(run, oracle);
      }
      console.line("%s, %s: %s".formatted(scenario.name(), control.name(), of.line()));
      if (trace) {
        run.log()
            .story()
            .forEach(
                note -> console.line("  %8.3f %s".formatted(note.atNanos() / 1e9, note.words())));
      }
      if (control instanceof Governed) {
        // Rivals promise none of it: only that they were counted is told.
        of.first().forEach(violation -> console.error("  " + violation));
      }
      virtualSeconds += (run.endNanos() + oracle.endNanos()) / 1e9;
    }
    double seconds = (cpuNanos() - began) / 1e9;
    Summary summary =
        new Summary(scenario, nodes, figures, seconds > 0 ? virtualSeconds / seconds : 0);
    console.line(summary.line());
    return summary;
  }

  /** What this thread has had of the processor: runs share the machine with others. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** One seed, against its oracle. */
  static Figures figures(Scenario scenario, long seed, Control control, int nodes) {
    return Figures.of(new Simulation(scenario, seed).run(control, nodes), oracle(scenario, seed));
  }

  private static Run oracle(Scenario scenario, long seed) {
    return new Simulation(scenario, seed).run(new Oracle(), 1);
  }
}
