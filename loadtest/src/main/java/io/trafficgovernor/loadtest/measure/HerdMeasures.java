package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.measure.RunLog.StoreAt;
import io.trafficgovernor.loadtest.record.AttemptLog;
import java.util.List;

/** How a herd that came at once was sent away, came back and was served. NaN where none came. */
final class HerdMeasures {
  private static final long SECOND = 1_000_000_000L;
  private static final long SLOT_NANOS = 50_000_000L;

  /** The first blow is not of our making; what comes after it is. */
  private static final long BLOW_NANOS = SECOND / 2;

  private static final double FEWEST_IN_SLOT = 5;
  private static final double NEARLY_ALL = 0.99;

  private final Run run;
  private final RunLog log;

  HerdMeasures(Run run) {
    this.run = run;
    this.log = run.log();
  }

  /** Most attempts that began in a slot, over the ceiling's tokens of it. */
  double returns() {
    if (log.herdUsers() == 0) {
      return Double.NaN;
    }
    long from = log.herdNanos() + BLOW_NANOS;
    Longs perSlot = new Longs();
    AttemptLog attempts = log.attempts();
    for (int i = 0; i < attempts.size(); i++) {
      long at = attempts.plannedNanos(i) - from;
      if (at >= 0) {
        perSlot.count((int) (at / SLOT_NANOS));
      }
    }
    CeilingLine ceiling = new CeilingLine(log.levels(), CeilingLine.LEASE_NANOS);
    double worst = 0;
    for (int slot = 0; slot < perSlot.size(); slot++) {
      long begin = from + slot * SLOT_NANOS;
      double allowed = ceiling.tokens(begin, begin + SLOT_NANOS);
      if (allowed >= FEWEST_IN_SLOT) {
        worst = Math.max(worst, perSlot.get(slot) / allowed);
      }
    }
    return worst;
  }

  /**
   * Until nearly all were served, over the time in which a store as warm as this one was, always at
   * work, would have served them and everybody else who was served meanwhile.
   */
  double drain() {
    if (log.herdUsers() == 0) {
      return Double.NaN;
    }
    int nearlyAll = (int) Math.ceil(NEARLY_ALL * log.herdUsers());
    if (log.herd().size() < nearlyAll) {
      return Double.POSITIVE_INFINITY;
    }
    long drained = log.herd().get(nearlyAll - 1);
    double work = served(drained);
    List<StoreAt> looks = log.store();
    for (int i = 1; i < looks.size(); i++) {
      long from = Math.max(log.herdNanos(), looks.get(i - 1).atNanos());
      double capacity = (looks.get(i - 1).capacity() + looks.get(i).capacity()) / 2;
      double done = capacity * Math.max(0, looks.get(i).atNanos() - from) / SECOND;
      if (done >= work) {
        double ideal = (from - log.herdNanos()) / (double) SECOND + work / capacity;
        return (drained - log.herdNanos()) / (double) SECOND / ideal;
      }
      work -= done;
    }
    return Double.NaN;
  }

  /** Attempts that ended well from the herd's coming until then. */
  private double served(long untilNanos) {
    AttemptLog attempts = run.log().attempts();
    long served = 0;
    for (int i = 0; i < attempts.size(); i++) {
      long at = attempts.endedNanos(i);
      boolean meanwhile = at >= log.herdNanos() && at <= untilNanos;
      served += meanwhile && attempts.ending(i).good() ? 1 : 0;
    }
    return served;
  }
}
