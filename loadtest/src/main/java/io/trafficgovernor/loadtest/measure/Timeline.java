package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.measure.RunLog.LevelAt;
import io.trafficgovernor.loadtest.measure.RunLog.StoreAt;
import io.trafficgovernor.loadtest.record.AttemptLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The lines of a run's plots, one value a second from the store's return on. */
public final class Timeline {
  private static final long SECOND = 1_000_000_000L;

  private final Run run;
  private final int seconds;

  public Timeline(Run run) {
    this.run = run;
    this.seconds = (int) ((run.endNanos() - run.returnNanos()) / SECOND);
  }

  /** Which second an instant falls into; -1 if it is not shown. */
  private int second(long nanos) {
    long second = Math.floorDiv(nanos - run.returnNanos(), SECOND);
    return second >= 0 && second < seconds ? (int) second : -1;
  }

  /** Requests sent to the store. */
  public double[] sent() {
    double[] values = new double[seconds];
    Longs sent = run.log().sent();
    for (int i = 0; i < sent.size(); i++) {
      int second = second(sent.get(i));
      if (second >= 0) {
        values[second]++;
      }
    }
    return values;
  }

  /** Answers in time. */
  public double[] good() {
    double[] values = new double[seconds];
    AttemptLog log = run.log().attempts();
    for (int i = 0; i < log.size(); i++) {
      int second = second(log.endedNanos(i));
      if (second >= 0 && log.ending(i).good()) {
        values[second]++;
      }
    }
    return values;
  }

  /** The ceiling at the end of each second; not a number where no rate binds. */
  public double[] ceiling() {
    return levels(level -> level.bound() ? level.ceiling() : Double.NaN);
  }

  /** The window at the end of each second; not a number before the ledger's first step. */
  public double[] window() {
    return levels(LevelAt::window);
  }

  private double[] levels(ToDoubleFunction<LevelAt> value) {
    double[] values = new double[seconds];
    List<LevelAt> levels = run.log().levels();
    int next = 0;
    double present = Double.NaN;
    for (int second = 0; second < seconds; second++) {
      long end = run.returnNanos() + (second + 1) * SECOND;
      for (; next < levels.size() && levels.get(next).atNanos() <= end; next++) {
        present = value.applyAsDouble(levels.get(next));
      }
      values[second] = present;
    }
    return values;
  }

  /** Requests at the store, waiting or in service. */
  public double[] backlog() {
    return looks(StoreAt::backlog);
  }

  /** What the store could serve, requests per second. */
  public double[] capacity() {
    return looks(StoreAt::capacity);
  }

  private double[] looks(ToDoubleFunction<StoreAt> value) {
    double[] values = new double[seconds];
    for (StoreAt at : run.log().store()) {
      int second = second(at.atNanos());
      if (second >= 0) {
        values[second] = value.applyAsDouble(at);
      }
    }
    return values;
  }

  /** Percent of the first attempts begun in each second that ended well, by class. */
  public List<double[]> successByClass() {
    int classes = run.scenario().population().classes().size();
    double[][] all = new double[classes][seconds];
    double[][] good = new double[classes][seconds];
    AttemptLog log = run.log().attempts();
    for (int i = 0; i < log.size(); i++) {
      int second = second(log.plannedNanos(i));
      if (second >= 0 && log.first(i)) {
        int rank = run.scenario().population().rank(log.system(i));
        all[rank][second]++;
        good[rank][second] += log.ending(i).good() ? 1 : 0;
      }
    }
    List<double[]> lines = new ArrayList<>();
    for (int rank = 0; rank < classes; rank++) {
      double[] line = new double[seconds];
      for (int second = 0; second < seconds; second++) {
        line[second] =
            all[rank][second] == 0 ? Double.NaN : 100 * good[rank][second] / all[rank][second];
      }
      lines.add(line);
    }
    return lines;
  }
}
