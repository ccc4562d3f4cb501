package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.judge.Back;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How one system fared in a run.
 *
 * @param order its place among the systems in the order of their return, from 1; 0 if it never was
 * @param firstAttempts planned after the store's return
 * @param served those of them that succeeded
 * @param refused attempts that a governor refused, from the store's death on
 * @param p50Millis median time of the served ones, from the planned instant
 * @param p99Millis the time that 99 % of the served ones did not exceed
 */
public record SystemRow(
    Back back,
    int order,
    long firstAttempts,
    long served,
    long refused,
    double p50Millis,
    double p99Millis) {
  private static final long LONGEST_MICROS = 60_000_000L;
  private static final int DIGITS = 3;

  /** One row per system, in the order of the population. */
  public static List<SystemRow> of(RunRecord run) {
    Restoration restoration = Judgement.restoration(run);
    List<SystemRow> rows = new ArrayList<>();
    for (int system = 0; system < run.population().systems().size(); system++) {
      rows.add(row(run, system, restoration.systems()));
    }
    return rows;
  }

  private static SystemRow row(RunRecord run, int system, List<Back> backs) {
    Histogram micros = new Histogram(LONGEST_MICROS, DIGITS);
    AttemptLog log = run.attempts();
    long firsts = 0;
    long served = 0;
    long refused = 0;
    for (int i = 0; i < log.size(); i++) {
      if (log.system(i) != system) {
        continue;
      }
      if (log.ending(i) == Ending.SHED && log.endedNanos(i) >= run.moments().diedNanos()) {
        refused++;
      }
      if (log.first(i) && log.plannedNanos(i) >= run.moments().returnedNanos()) {
        firsts++;
        if (log.ending(i).good()) {
          served++;
          long taken = (log.endedNanos(i) - log.plannedNanos(i)) / 1_000;
          micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, taken)));
        }
      }
    }
    return new SystemRow(
        backs.get(system),
        order(backs, system),
        firsts,
        served,
        refused,
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3);
  }

  private static int order(List<Back> backs, int system) {
    double own = backs.get(system).seconds().orElse(Double.NaN);
    if (Double.isNaN(own)) {
      return 0;
    }
    return 1
        + (int)
            backs.stream()
                .filter(other -> other.seconds().orElse(Double.POSITIVE_INFINITY) < own)
                .count();
  }
}
