package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.recovery.Phase;

/**
 * How long leases last and how often they are renewed.
 *
 * @param renewEveryNanos tau
 * @param lengthNanos L, counted by the holder from the send
 */
record LeaseTerms(long renewEveryNanos, long lengthNanos) {
  private static final long MILLI = 1_000_000L;
  private static final double RENEWALS_PER_REQUESTS = 25;

  /** Largest relative error of a clock's rate that the bookings allow for. */
  private static final double DRIFT = 1e-3;

  private static final LeaseTerms SHORT = new LeaseTerms(100 * MILLI, 1000 * MILLI);

  /** The longest that any lease is booked for: 2 s of OPEN. */
  static final long LONGEST_BOOKED_NANOS = new LeaseTerms(500 * MILLI, 2000 * MILLI).bookedNanos();

  /**
   * Outside OPEN 100 ms and 1 s at every size. In OPEN one renewal per 25 requests of a node,
   * between 100 ms and 500 ms, and a lease of five of them, between 1 s and 2 s; but as outside
   * OPEN while the demand is not met, or the ramp is being left: slots and rates must follow then.
   *
   * @param met whether nearly all that comes is answered, and nothing is bound by rate
   */
  static LeaseTerms of(Phase phase, boolean met, double ratePerSecond, int nodes) {
    if (phase != Phase.OPEN || !met) {
      return SHORT;
    }
    double perNode = ratePerSecond / Math.max(1, nodes);
    long renewEvery = (long) (clamp(RENEWALS_PER_REQUESTS / perNode, 0.1, 0.5) * 1e9);
    return new LeaseTerms(renewEvery, (long) (clamp(5 * renewEvery / 1e9, 1, 2) * 1e9));
  }

  /** What the ledger books: as long as the slowest allowed clock may stretch the lease. */
  long bookedNanos() {
    return (long) (lengthNanos * (1 + 3 * DRIFT));
  }

  private static double clamp(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }
}
