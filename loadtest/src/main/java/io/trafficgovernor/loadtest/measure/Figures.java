package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.judge.Back;
import io.trafficgovernor.loadtest.scenario.Measure;
import io.trafficgovernor.loadtest.witness.Violation;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run showed.
 *
 * @param values by measure; what could not be measured is missing
 * @param classes when each class was back
 * @param violations how often each invariant was broken; empty if all held
 * @param first the first violations in words
 * @param beyond most requests beyond the ceiling in any window, however long
 * @param bound B at the highest ceiling of the run
 * @param overWindow most requests at the store beyond the bound of the window; at most 0
 * @param cutoffFalls how often the cutoff fell during the ramp
 * @param fingerprint of everything that happened
 * @param events tasks that ran
 */
public record Figures(
    String control,
    long seed,
    Map<Measure, Double> values,
    Map<String, Back> classes,
    Map<String, Integer> violations,
    List<Violation> first,
    double beyond,
    double bound,
    double overWindow,
    int cutoffFalls,
    long fingerprint,
    long events) {
  public Figures {
    values = Collections.unmodifiableMap(new EnumMap<>(values));
    classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
    violations = Collections.unmodifiableMap(new LinkedHashMap<>(violations));
    first = List.copyOf(first);
  }

  /** A run made more attempts than its log holds, so that no measure of it would be true. */
  public static final class Incomplete extends RuntimeException {
    private static final long serialVersionUID = 1;

    Incomplete(String message) {
      super(message);
    }
  }

  /**
   * Measures a run against the oracle's of the same seed.
   *
   * @throws Incomplete if the log of one of them was too short for it
   */
  public static Figures of(Run run, Run oracle) {
    Measures measures = new Measures(run);
    Measures best = new Measures(oracle);
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    double whole = run.scenario().course().measuredSeconds();
    values.put(Measure.EFFICIENCY, 100.0 * measures.good(whole) / best.good(whole));
    values.put(Measure.EFFICIENCY_60, 100.0 * measures.good(60) / best.good(60));
    values.put(Measure.EFFICIENCY_120, 100.0 * measures.good(120) / best.good(120));
    values.put(Measure.CRITICAL_BACK, measures.criticalSeconds());
    values.put(Measure.ALL_BACK, measures.allSeconds());
    values.put(Measure.CRITICAL_SERVED, measures.criticalServed());
    values.put(Measure.SERVED, measures.served());
    values.put(Measure.T95, measures.nearlyAllSeconds());
    values.put(Measure.OPEN_AGAIN, measures.openSeconds());
    values.put(Measure.RESTARTS, (double) run.restarts());
    values.put(Measure.EXCESS_100MS, measures.worstExcess(0.1));
    values.put(Measure.EXCESS_1S, measures.worstExcess(1));
    values.put(Measure.ORDER_BREAKS, (double) run.invariants().order().breaks());
    values.put(Measure.ORDER_REFUSALS, run.invariants().order().invertedPercent());
    values.put(Measure.ATTEMPTS_PER_SUCCESS, measures.attemptsPerSuccess());
    values.put(Measure.BAD_WORK, measures.badWork());
    measures.leastFair().ifPresent(fair -> values.put(Measure.JAIN, fair));
    values.put(Measure.UTILISATION, measures.utilisation());
    values.put(Measure.SHED, measures.shed());
    values.put(Measure.MARGINAL_ERROR, run.log().marginal().errorPercent());
    values.put(Measure.HERD_PEAK, measures.herdPeak());
    HerdMeasures.of(run)
        .ifPresent(
            herd -> {
              values.put(Measure.HERD_RETURNS, herd.peak());
              values.put(Measure.HERD_DRAIN, herd.drain());
            });
    values.values().removeIf(value -> value.isNaN());
    return figures(run, values, measures.restoration().classes());
  }

  private static Figures figures(Run run, Map<Measure, Double> values, Map<String, Back> classes) {
    var invariants = run.invariants();
    return new Figures(
        run.control(),
        run.seed(),
        values,
        classes,
        invariants.violations().counts(),
        invariants.violations().first(),
        invariants.envelope().highest(),
        io.trafficgovernor.loadtest.witness.Envelope.bound(
            run.nodes(), invariants.ceiling().most()),
        invariants.window().mostOver(),
        invariants.coherence().falls(),
        run.log().fingerprint(),
        run.events());
  }

  /** The value; NaN if it could not be measured. */
  public double value(Measure measure) {
    return values.getOrDefault(measure, Double.NaN);
  }

  /** One line for people. */
  public String line() {
    return ("seed %-5d efficiency %5.1f %%  critical back %5.2f s  served %6.2f %%  open %5.1f s  "
            + "excess %4.1f in 100 ms, %4.1f ever, B %3.0f  over window %3.0f  restarts %.0f%s")
        .formatted(
            seed,
            value(Measure.EFFICIENCY),
            value(Measure.CRITICAL_BACK),
            value(Measure.CRITICAL_SERVED),
            value(Measure.OPEN_AGAIN),
            value(Measure.EXCESS_100MS),
            beyond,
            bound,
            overWindow,
            value(Measure.RESTARTS),
            violations.isEmpty() ? "" : "  VIOLATIONS " + violations);
  }
}
