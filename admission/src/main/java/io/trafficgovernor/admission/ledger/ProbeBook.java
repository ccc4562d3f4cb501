package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.recovery.Phase;

/**
 * The cluster's one probe: who is next, and when.
 *
 * @param number of the last probe asked for
 * @param dueNanos when the next may be asked for
 * @param periodNanos time between probes while the backend does not answer
 * @param askedNanos when the one under way was asked for; {@link Brakes#NEVER} if none is
 */
record ProbeBook(long number, long dueNanos, long periodNanos, long askedNanos) {
  private static final long MILLI = 1_000_000L;
  private static final long FIRST_PERIOD = 250 * MILLI;
  private static final long MAX_PERIOD = 500 * MILLI;
  private static final long WATCH_PERIOD = 5000 * MILLI;

  /** A probe not answered by then is taken for lost, with the node that sent it. */
  private static final long LOST_NANOS = 2000 * MILLI;

  static ProbeBook begun(long nowNanos) {
    return new ProbeBook(0, nowNanos, FIRST_PERIOD, Brakes.NEVER);
  }

  boolean due(long nowNanos) {
    boolean free = askedNanos == Brakes.NEVER || nowNanos - askedNanos > LOST_NANOS;
    return free && nowNanos - dueNanos >= 0;
  }

  ProbeBook asked(long nowNanos) {
    return new ProbeBook(number + 1, dueNanos, periodNanos, nowNanos);
  }

  boolean awaits(long number) {
    return askedNanos != Brakes.NEVER && number == this.number;
  }

  /** After its answer: 250 ms after a good one, else doubling to 500 ms; 5 s while all is well. */
  ProbeBook answered(boolean good, Phase phase, long nowNanos) {
    boolean urgent = phase == Phase.OUTAGE || phase == Phase.PROBING || phase == Phase.ROLLBACK;
    long next = good ? FIRST_PERIOD : Math.min(MAX_PERIOD, 2 * periodNanos);
    long wait = urgent ? jittered(next) : WATCH_PERIOD;
    return new ProbeBook(number, nowNanos + wait, next, Brakes.NEVER);
  }

  /** The phase changed: look again soon. */
  ProbeBook hastened(long nowNanos) {
    return new ProbeBook(
        number, Math.min(dueNanos, nowNanos + FIRST_PERIOD), FIRST_PERIOD, askedNanos);
  }

  /** Spread by +-20 %, from the probe's number: golden-ratio steps need no randomness. */
  private long jittered(long nanos) {
    double spread = (number * 0.6180339887498949) % 1.0;
    return (long) (nanos * (0.8 + 0.4 * spread));
  }
}
