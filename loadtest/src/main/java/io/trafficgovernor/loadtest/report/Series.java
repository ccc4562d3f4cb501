package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Moments;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.record.StoreSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** The lines of a run's plots, one value a second, from shortly before the store's death on. */
final class Series {
  private static final int LEAD_SECONDS = 5;

  private final RunRecord run;
  private final Moments moments;
  private final long beginNanos;
  private final int seconds;

  Series(RunRecord run) {
    this.run = run;
    this.moments = run.moments();
    this.beginNanos = moments.diedNanos() - LEAD_SECONDS * 1_000_000_000L;
    this.seconds = (int) ((moments.endedNanos() - beginNanos) / 1_000_000_000L);
  }

  /** The time of a value: the middle of its second, counted from the store's return. */
  double at(int second) {
    return moments.sinceReturn(beginNanos) + second + 0.5;
  }

  int seconds() {
    return seconds;
  }

  /** Which second an instant falls into; -1 if it is not shown. */
  private int second(long nanos) {
    long second = Math.floorDiv(nanos - beginNanos, 1_000_000_000L);
    return second >= 0 && second < seconds ? (int) second : -1;
  }

  private double[] unknown() {
    double[] values = new double[seconds];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  /** The highest ceiling that any governor named; unknown in OPEN, where it does not bind. */
  double[] ceiling() {
    double[] values = unknown();
    for (NodeSample sample : run.nodes()) {
      int second = second(sample.toldNanos());
      if (second >= 0 && !sample.open()) {
        double before = Double.isNaN(values[second]) ? 0 : values[second];
        values[second] = Math.max(before, sample.ceilingPerSecond());
      }
    }
    return values;
  }

  /** What the store could serve, as it was last seen in the second. */
  double[] capacity() {
    double[] values = unknown();
    for (StoreSample sample : run.store()) {
      int second = second(sample.atNanos());
      if (second >= 0) {
        values[second] = sample.capacityPerSecond();
      }
    }
    return values;
  }

  /** Requests that reached the store, probes not counted. */
  double[] arrivals() {
    return counts(false);
  }

  /** Requests by the instant at which a governor let them go. */
  double[] admitted() {
    return counts(true);
  }

  private double[] counts(boolean bySending) {
    ArrivalColumns arrivals = run.arrivals();
    double[] values = new double[seconds];
    for (int i = 0; i < arrivals.size(); i++) {
      int second = second(bySending ? arrivals.sentNanos(i) : arrivals.arrivedNanos(i));
      if (second >= 0 && !arrivals.probe(i)) {
        values[second]++;
      }
    }
    return values;
  }

  /** Percentage of the first attempts planned in each second that succeeded. */
  double[] success() {
    return success(system -> true);
  }

  /** The same of every class, in the order of importance. */
  List<double[]> successByClass() {
    List<double[]> lines = new ArrayList<>();
    for (TrafficClass each : run.population().classes()) {
      lines.add(
          success(
              system -> run.population().systems().get(system).className().equals(each.name())));
    }
    return lines;
  }

  private double[] success(IntPredicate wanted) {
    AttemptLog log = run.attempts();
    int[] all = new int[seconds];
    int[] good = new int[seconds];
    for (int i = 0; i < log.size(); i++) {
      int second = second(log.plannedNanos(i));
      if (second >= 0 && log.first(i) && wanted.test(log.system(i))) {
        all[second]++;
        good[second] += log.ending(i).good() ? 1 : 0;
      }
    }
    double[] values = unknown();
    for (int second = 0; second < seconds; second++) {
      values[second] = all[second] == 0 ? Double.NaN : 100.0 * good[second] / all[second];
    }
    return values;
  }
}
