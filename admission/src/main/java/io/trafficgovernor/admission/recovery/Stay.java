package io.trafficgovernor.admission.recovery;

/**
 * What is true of the present phase, and forgotten on leaving it.
 *
 * @param sinceNanos ledger time of entry
 * @param held whether an operator keeps it here
 * @param capPerSecond bound of the ceiling while it lasts; positive infinity if none
 * @param progress steps made towards the exit: good probes, good outcomes or green rounds; below 0
 *     bad ones in a row
 */
public record Stay(Phase phase, long sinceNanos, boolean held, double capPerSecond, int progress) {
  /** A stay that begins now, with no bound and no progress. */
  public static Stay in(Phase phase, long nowNanos) {
    return new Stay(phase, nowNanos, false, Double.POSITIVE_INFINITY, 0);
  }

  /** The same bound by the same operator in another phase, which begins now; none if none. */
  Stay inheritedBy(Phase next, long nowNanos) {
    boolean bounded = held && Double.isFinite(capPerSecond);
    return bounded
        ? new Stay(next, nowNanos, next != Phase.OUTAGE, capPerSecond, 0)
        : in(next, nowNanos);
  }

  Stay heldByOperator() {
    return new Stay(phase, sinceNanos, true, capPerSecond, progress);
  }

  Stay capped(double capPerSecond) {
    return new Stay(phase, sinceNanos, held, capPerSecond, progress);
  }

  Stay progressed(int progress) {
    return new Stay(phase, sinceNanos, held, capPerSecond, progress);
  }
}
