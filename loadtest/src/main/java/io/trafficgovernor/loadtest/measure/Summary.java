package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.scenario.Measure;
import io.trafficgovernor.loadtest.scenario.Promise;
import io.trafficgovernor.loadtest.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What a scenario showed over all seeds under one control.
 *
 * @param figures one for each seed, at least one
 * @param virtualSecondsPerCpuSecond how fast virtual time ran, the oracle's runs included
 */
public record Summary(
    Scenario scenario, int nodes, List<Figures> figures, double virtualSecondsPerCpuSecond) {
  public Summary {
    figures = List.copyOf(figures);
  }

  /** Its name in checks: scenario, and nodes where they are not the scenario's own. */
  public String name() {
    return nodes == scenario.nodes() ? scenario.name() : scenario.name() + "-n" + nodes;
  }

  public String control() {
    return figures.get(0).control();
  }

  private double[] sorted(Measure measure) {
    return figures.stream()
        .mapToDouble(of -> of.value(measure))
        .filter(value -> !Double.isNaN(value))
        .sorted()
        .toArray();
  }

  /** Over the seeds; empty if it was measured in none. Of two middle ones the worse. */
  public OptionalDouble median(Measure measure) {
    double[] sorted = sorted(measure);
    int middle = measure.higherIsBetter() ? (sorted.length - 1) / 2 : sorted.length / 2;
    return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sorted[middle]);
  }

  /** Of all seeds; empty if it was measured in none. */
  public OptionalDouble worst(Measure measure) {
    double[] sorted = sorted(measure);
    int index = measure.higherIsBetter() ? 0 : sorted.length - 1;
    return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sorted[index]);
  }

  /** How often each invariant was broken, over all seeds. */
  public Map<String, Integer> violations() {
    Map<String, Integer> sum = new TreeMap<>();
    figures.forEach(of -> of.violations().forEach((name, n) -> sum.merge(name, n, Integer::sum)));
    return sum;
  }

  /** B, at the highest ceiling of the seeds. */
  public double bound() {
    return figures.stream().mapToDouble(Figures::bound).max().orElseThrow();
  }

  /** Most requests beyond the ceiling in any window of any seed. */
  public double beyond() {
    return figures.stream().mapToDouble(Figures::beyond).max().orElseThrow();
  }

  /** What was promised, and the invariants. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Promise promise : scenario.promises()) {
      promise.median().ifPresent(bar -> checks.add(check(promise.measure(), "median", bar)));
      promise.worst().ifPresent(bar -> checks.add(check(promise.measure(), "worst", bar)));
    }
    for (String invariant : List.of("I1", "I2", "I3", "I4", "I5", "I6b", "I7", "I8", "I9")) {
      checks.add(
          Check.none(
              name() + "-" + invariant,
              broken(invariant),
              "violations of " + invariant + " in all seeds"));
    }
    return checks;
  }

  /** With those of its parts that are counted apart, such as I5-dead. */
  private long broken(String invariant) {
    return violations().entrySet().stream()
        .filter(of -> of.getKey().equals(invariant) || of.getKey().startsWith(invariant + "-"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private Check check(Measure measure, String which, double bar) {
    OptionalDouble value = which.equals("median") ? median(measure) : worst(measure);
    String id = name() + "-" + measure.tag() + "-" + which;
    String note = "%s of %d seeds, %s".formatted(which, figures.size(), measure.unit());
    return measure.higherIsBetter()
        ? Check.atLeast(id, value, bar, note)
        : Check.atMost(id, value, bar, note);
  }

  /** One line for people. */
  public String line() {
    return ("%s, %s, %d nodes, %d seeds: efficiency median %.1f %%, worst %.1f %%; "
            + "critical back median %.2f s, worst %.2f s; beyond the ceiling %.0f of B = %.0f, "
            + "%.3f of a second of it; restarts %.0f; %.0f virtual s per CPU s")
        .formatted(
            scenario.name(),
            control(),
            nodes,
            figures.size(),
            median(Measure.EFFICIENCY).orElse(Double.NaN),
            worst(Measure.EFFICIENCY).orElse(Double.NaN),
            median(Measure.CRITICAL_BACK).orElse(Double.NaN),
            worst(Measure.CRITICAL_BACK).orElse(Double.NaN),
            beyond(),
            bound(),
            bound() / scenario.reference().ratePerSecond(),
            worst(Measure.RESTARTS).orElse(Double.NaN),
            virtualSecondsPerCpuSecond);
  }
}
