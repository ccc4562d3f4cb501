package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.judge.Back;
import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.measure.RunLog.LevelAt;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/** The figures of one run, taken from its log. Source: DESIGN.md, "Measures". */
final class Measures {
  private static final long SECOND = 1_000_000_000L;
  private static final double SETTLED_SECONDS = 15;
  private static final double NEARLY_ALL = 0.95;
  private static final double WARM_HITS = 0.95;
  private static final long HERD_SLOT_NANOS = 50_000_000L;
  private static final double HERD_FROM_SECONDS = 5;
  private static final double FEWEST_IN_SLOT = 5;
  private static final int TOP = 2;

  private final Run run;
  private final AttemptLog attempts;
  private final Restoration restoration;
  private final CeilingLine ceiling;
  private final CeilingLine present;

  /**
   * The measures of a run.
   *
   * @throws Figures.Incomplete if its log was too short for it
   */
  Measures(Run run) {
    this.run = run;
    this.attempts = run.log().attempts();
    if (attempts.lost() > 0) {
      throw new Figures.Incomplete(
          "%s, %s, seed %d: %d attempts beyond the first %d are not in the log; ask for less"
              .formatted(
                  run.scenario().name(),
                  run.control(),
                  run.seed(),
                  attempts.lost(),
                  attempts.size()));
    }
    this.restoration =
        Restoration.of(
            run.scenario().population(), attempts, run.returnNanos(), run.endNanos() - 2 * SECOND);
    this.ceiling = new CeilingLine(run.log().levels(), CeilingLine.LEASE_NANOS);
    this.present = new CeilingLine(run.log().levels(), 0);
  }

  /** Attempts that ended well within that many seconds of the store's return. */
  long good(double seconds) {
    long end = run.returnNanos() + (long) (seconds * 1e9);
    long good = 0;
    for (int i = 0; i < attempts.size(); i++) {
      long at = attempts.endedNanos(i);
      good += attempts.ending(i).good() && at >= run.returnNanos() && at <= end ? 1 : 0;
    }
    return good;
  }

  /** When each class was back. */
  Restoration restoration() {
    return restoration;
  }

  /** Seconds from the store's return until both top classes were back; infinite if never. */
  double criticalSeconds() {
    double last = 0;
    for (Back back : restoration.classes().values().stream().limit(TOP).toList()) {
      boolean silent = back instanceof Back.TooFew;
      last = Math.max(last, silent ? 0 : back.seconds().orElse(Double.POSITIVE_INFINITY));
    }
    return last;
  }

  double allSeconds() {
    return restoration.allClassesSeconds().orElse(Double.POSITIVE_INFINITY);
  }

  private double percent(IntPredicate of, IntPredicate wanted) {
    long from = run.returnNanos() + (long) (SETTLED_SECONDS * 1e9);
    long all = 0;
    long some = 0;
    for (int i = 0; i < attempts.size(); i++) {
      if (attempts.first(i) && attempts.plannedNanos(i) >= from && of.test(i)) {
        all++;
        some += wanted.test(i) ? 1 : 0;
      }
    }
    return all == 0 ? Double.NaN : 100.0 * some / all;
  }

  /** Percent of the top classes' first attempts that ended well, once things have settled. */
  double criticalServed() {
    return percent(
        i -> run.scenario().population().rank(attempts.system(i)) < TOP,
        i -> attempts.ending(i).good());
  }

  double served() {
    return percent(i -> true, i -> attempts.ending(i).good());
  }

  double shed() {
    return percent(i -> true, i -> attempts.ending(i) == Ending.SHED);
  }

  /** First second with goodput of 95 % of the least of demand and warm capacity. */
  double nearlyAllSeconds() {
    double demand = run.scenario().population().ratePerSecond();
    double warm = run.scenario().backend().store().capacity(WARM_HITS);
    double bar = NEARLY_ALL * Math.min(demand, warm);
    Longs perSecond = goodPerSecond();
    for (int second = 0; second < perSecond.size(); second++) {
      if (perSecond.get(second) >= bar) {
        return second;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private Longs goodPerSecond() {
    Longs perSecond = new Longs();
    for (int i = 0; i < attempts.size(); i++) {
      if (attempts.ending(i).good() && attempts.endedNanos(i) >= run.returnNanos()) {
        perSecond.count((int) ((attempts.endedNanos(i) - run.returnNanos()) / SECOND));
      }
    }
    return perSecond;
  }

  /** Seconds from the return until OPEN was reached for good; infinite if it was not. */
  double openSeconds() {
    List<LevelAt> levels = run.log().levels();
    if (levels.isEmpty() || levels.get(levels.size() - 1).phase() != Phase.OPEN) {
      return Double.POSITIVE_INFINITY;
    }
    int index = levels.size() - 1;
    while (index > 0 && levels.get(index - 1).phase() == Phase.OPEN) {
      index--;
    }
    return run.sinceReturn(levels.get(index).atNanos());
  }

  /** The most requests sent beyond the ceiling in any window of that length; OPEN counts not. */
  double worstExcess(double windowSeconds) {
    Longs sent = run.log().sent();
    long window = (long) (windowSeconds * 1e9);
    double worst = 0;
    int first = 0;
    for (int last = 0; last < sent.size(); last++) {
      long end = sent.get(last);
      while (end - sent.get(first) > window) {
        first++;
      }
      worst = Math.max(worst, last - first + 1 - ceiling.tokens(end - window, end));
    }
    return worst;
  }

  /** Most requests in a slot of 50 ms over what the ceiling allowed in it. */
  double herdPeak() {
    Longs sent = run.log().sent();
    long from = run.returnNanos() + (long) (HERD_FROM_SECONDS * 1e9);
    double worst = 0;
    int index = 0;
    for (long slot = from; slot < run.endNanos(); slot += HERD_SLOT_NANOS) {
      while (index < sent.size() && sent.get(index) < slot) {
        index++;
      }
      int begun = index;
      while (index < sent.size() && sent.get(index) < slot + HERD_SLOT_NANOS) {
        index++;
      }
      double allowed = ceiling.tokens(slot, slot + HERD_SLOT_NANOS);
      if (allowed >= FEWEST_IN_SLOT) {
        worst = Math.max(worst, (index - begun) / allowed);
      }
    }
    return worst;
  }

  double attemptsPerSuccess() {
    long all = 0;
    long good = 0;
    for (int i = 0; i < attempts.size(); i++) {
      if (attempts.plannedNanos(i) >= run.returnNanos()) {
        all++;
        good += attempts.ending(i).good() ? 1 : 0;
      }
    }
    return good == 0 ? Double.POSITIVE_INFINITY : all / (double) good;
  }

  double badWork() {
    long finished = run.work().finished();
    return finished == 0 ? 0 : 100.0 * run.work().late() / finished;
  }

  /** Sent over what ceiling and arrivals allowed, second by second, where the rate binds. */
  double utilisation() {
    Longs sent = new Longs();
    for (int i = 0; i < run.log().sent().size(); i++) {
      sent.count((int) (run.log().sent().get(i) / SECOND));
    }
    double could = 0;
    double did = 0;
    int first = (int) (run.returnNanos() / SECOND) + (int) SETTLED_SECONDS;
    for (int second = first; second < run.endNanos() / SECOND; second++) {
      double tokens = present.tokens(second * SECOND, (second + 1) * SECOND);
      if (tokens < CeilingLine.UNBOUND_PER_SECOND / 1e3) {
        could += Math.min(tokens, run.log().arrivals().at(second));
        did += sent.at(second);
      }
    }
    return could == 0 ? Double.NaN : 100 * did / could;
  }

  OptionalDouble leastFair() {
    return run.log().waits().leastFair();
  }
}
