package io.trafficgovernor.loadtest.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** The figures of one run, taken from its log. */
final class Measures {
  private static final long BACK_WINDOW_NANOS = 3_000_000_000L;
  private static final int BACK_ATTEMPTS = 100;
  private static final double BACK_SHARE = 0.99;

  /** In OPEN the envelope does not bind before a red signal. */
  private static final double UNBOUND_PER_SECOND = 1e9;

  private static final long LEASE_NANOS = 1_003_000_000L;

  private final Simulation.Result result;
  private final long returnNanos;

  Measures(Simulation.Result result) {
    this.result = result;
    this.returnNanos = result.returnNanos();
  }

  /** Attempts that ended well within that many seconds of the store's return. */
  long good(double seconds) {
    long end = returnNanos + (long) (seconds * 1e9);
    return result.log().ended.stream()
        .filter(e -> e.good() && e.endedNanos() >= returnNanos && e.endedNanos() <= end)
        .count();
  }

  /**
   * Seconds from the store's return until the system is back: the first t from which 99 % of the
   * first attempts in 3 s succeed, of 100 at least. Empty if it never was.
   */
  OptionalDouble backSeconds(int system) {
    List<RunLog.Ended> firsts =
        result.log().ended.stream()
            .filter(e -> e.system() == system && e.number() == 0 && e.beganNanos() >= returnNanos)
            .sorted(Comparator.comparingLong(RunLog.Ended::beganNanos))
            .toList();
    int end = 0;
    int good = 0;
    for (int start = 0; start < firsts.size(); start++) {
      long from = firsts.get(start).beganNanos();
      while (end < firsts.size()
          && (firsts.get(end).beganNanos() - from <= BACK_WINDOW_NANOS
              || end - start < BACK_ATTEMPTS)) {
        good += firsts.get(end).good() ? 1 : 0;
        end++;
      }
      if (end - start < BACK_ATTEMPTS || end == firsts.size()) {
        return OptionalDouble.empty();
      }
      if (good >= BACK_SHARE * (end - start)) {
        long t = start == 0 ? returnNanos : firsts.get(start - 1).beganNanos();
        return OptionalDouble.of((t - returnNanos) / 1e9);
      }
      good -= firsts.get(start).good() ? 1 : 0;
    }
    return OptionalDouble.empty();
  }

  /** Share of a system's first attempts, begun that long after the return, that ended well. */
  double served(int system, double fromSeconds) {
    long from = returnNanos + (long) (fromSeconds * 1e9);
    List<RunLog.Ended> firsts =
        result.log().ended.stream()
            .filter(e -> e.system() == system && e.number() == 0 && e.beganNanos() >= from)
            .toList();
    return firsts.stream().filter(RunLog.Ended::good).count() / (double) firsts.size();
  }

  /**
   * The most requests sent beyond the ceiling in any window of that length; the ceiling counts with
   * its highest value of the last lease length.
   */
  double worstExcess(double windowSeconds) {
    List<RunLog.LevelAt> envelope = envelope();
    List<RunLog.Sent> sent = result.log().sent;
    long window = (long) (windowSeconds * 1e9);
    double worst = 0;
    int first = 0;
    for (int last = 0; last < sent.size(); last++) {
      long end = sent.get(last).atNanos();
      while (end - sent.get(first).atNanos() > window) {
        first++;
      }
      double allowed = integral(envelope, end - window, end);
      worst = Math.max(worst, last - first + 1 - allowed);
    }
    return worst;
  }

  /** The ceiling's highest value of the last lease length, as steps. */
  private List<RunLog.LevelAt> envelope() {
    List<RunLog.LevelAt> levels = result.log().levels;
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
      for (int i = from; i < to; i++) {
        boolean bound = levels.get(i).phase().boundByRate();
        highest = Math.max(highest, bound ? levels.get(i).ceiling() : UNBOUND_PER_SECOND);
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
