package io.trafficgovernor.admission.testing;

import io.trafficgovernor.admission.control.Round;
import io.trafficgovernor.admission.control.Tally;
import java.util.ArrayList;
import java.util.List;

/** Builds rounds of evidence, one after the other, for one class or several. */
public final class Rounds {
  private static final long MILLI = 1_000_000L;

  private final int classes;
  private long nowNanos;

  /** Rounds that begin at ledger time 0. */
  public Rounds(int classes) {
    this.classes = classes;
  }

  public long nowNanos() {
    return nowNanos;
  }

  /** A round in which class 0 had that tally and the others nothing. */
  public Round of(long millis, Tally tally, int inFlight) {
    return of(millis, tally, inFlight, 0);
  }

  /** The same, with refusals for want of a slot. */
  public Round of(long millis, Tally tally, int inFlight, long slotRefusals) {
    List<Tally> tallies = new ArrayList<>();
    for (int rank = 0; rank < classes; rank++) {
      tallies.add(rank == 0 ? tally : Tally.NONE);
    }
    return of(millis, tallies, inFlight, slotRefusals);
  }

  /** A round with a tally for each class. */
  public Round of(long millis, List<Tally> tallies, int inFlight, long slotRefusals) {
    long start = nowNanos;
    nowNanos += millis * MILLI;
    return new Round(start, nowNanos, tallies, inFlight, slotRefusals, 0);
  }

  /** That many successes of that latency. */
  public static Tally good(long successes, double latencyMillis) {
    return new Tally(successes, 0, 0, 0, 0, (long) (successes * latencyMillis * MILLI));
  }

  public static Tally refused(long successes, long refused) {
    return new Tally(successes, refused, 0, 0, 0, successes * 20 * MILLI);
  }

  public static Tally timedOut(long successes, long timeouts) {
    return new Tally(successes, 0, 0, 0, timeouts, successes * 20 * MILLI);
  }

  public static Tally failed(long successes, long failures) {
    return new Tally(successes, 0, failures, 0, 0, (successes + failures) * 20 * MILLI);
  }
}
