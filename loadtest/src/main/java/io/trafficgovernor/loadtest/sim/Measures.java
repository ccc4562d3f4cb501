package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.record.AttemptLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** The figures of one run, taken from its log. */
final class Measures {
  private static final long LEASE_NANOS = 1_003_000_000L;

  /** In OPEN the envelope does not bind before a red signal. */
  private static final double UNBOUND_PER_SECOND = 1e9;

  private final Simulation.Result result;
  private final AttemptLog attempts;
  private final Restoration restoration;
  private final List<RunLog.LevelAt> envelope;

  Measures(Simulation.Result result) {
    this.result = result;
    this.attempts = result.log().attempts();
    this.restoration =
        Restoration.of(
            result.scenario().population(),
            attempts,
            result.returnNanos(),
            result.endNanos() - 2_000_000_000L);
    this.envelope = envelope(result.log().levels());
  }

  /** Attempts that ended well within that many seconds of the store's return. */
  long good(double seconds) {
    long from = result.returnNanos();
    long end = from + (long) (seconds * 1e9);
    long good = 0;
    for (int i = 0; i < attempts.size(); i++) {
      long at = attempts.endedNanos(i);
      good += attempts.ending(i).good() && at >= from && at <= end ? 1 : 0;
    }
    return good;
  }

  /** When each class was back. */
  Restoration restoration() {
    return restoration;
  }

  /** Seconds from the store's return until both top classes were back; empty if one never was. */
  OptionalDouble criticalSeconds() {
    double last = 0;
    for (var back : restoration.classes().values().stream().limit(2).toList()) {
      if (back.seconds().isEmpty()) {
        return OptionalDouble.empty();
      }
      last = Math.max(last, back.seconds().getAsDouble());
    }
    return OptionalDouble.of(last);
  }

  /**
   * Part of the top classes' first attempts that ended well, from that long after the return on.
   */
  double criticalServed(double fromSeconds) {
    long from = result.returnNanos() + (long) (fromSeconds * 1e9);
    long all = 0;
    long good = 0;
    for (int i = 0; i < attempts.size(); i++) {
      boolean critical = result.scenario().population().rank(attempts.system(i)) < 2;
      if (critical && attempts.first(i) && attempts.plannedNanos(i) >= from) {
        all++;
        good += attempts.ending(i).good() ? 1 : 0;
      }
    }
    return good / (double) all;
  }

  /**
   * The most requests sent beyond the ceiling in any window of that length; the ceiling counts with
   * its highest value of the last lease length, and OPEN does not count.
   */
  double worstExcess(double windowSeconds) {
    List<Long> sent = result.log().sent();
    long window = (long) (windowSeconds * 1e9);
    double worst = 0;
    int first = 0;
    for (int last = 0; last < sent.size(); last++) {
      long end = sent.get(last);
      while (end - sent.get(first) > window) {
        first++;
      }
      double allowed = integral(envelope, end - window, end);
      worst = Math.max(worst, last - first + 1 - allowed);
    }
    return worst;
  }

  /** The ceiling's highest value of the last lease length, as steps. */
  private static List<RunLog.LevelAt> envelope(List<RunLog.LevelAt> levels) {
    List<RunLog.LevelAt> steps = new ArrayList<>();
    List<Long> changes = new ArrayList<>();
    for (RunLog.LevelAt level : levels) {
      changes.add(level.atNanos());
      changes.add(level.atNanos() + LEASE_NANOS + 1);
    }
    changes.sort(Comparator.naturalOrder());
    int from = 0;
    int to = 0;
    for (long at : changes) {
      while (to < levels.size() && levels.get(to).atNanos() <= at) {
        to++;
      }
      while (from + 1 < to && levels.get(from + 1).atNanos() < at - LEASE_NANOS) {
        from++;
      }
      double highest = 0;
      for (RunLog.LevelAt level : levels.subList(from, to)) {
        boolean bound = level.phase().boundByRate();
        highest = Math.max(highest, bound ? level.ceiling() : UNBOUND_PER_SECOND);
      }
      RunLog.LevelAt present = levels.get(Math.max(0, to - 1));
      steps.add(new RunLog.LevelAt(at, highest, 0, present.phase(), ""));
    }
    return steps;
  }

  private static double integral(List<RunLog.LevelAt> steps, long from, long to) {
    int low = 0;
    int high = steps.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (steps.get(middle).atNanos() <= from) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    double sum = 0;
    long at = from;
    for (int i = low; i < steps.size() && at < to; i++) {
      long end = i + 1 < steps.size() ? Math.min(to, steps.get(i + 1).atNanos()) : to;
      if (end > at) {
        sum += steps.get(i).ceiling() * (end - at) / 1e9;
        at = end;
      }
    }
    return sum;
  }
}
