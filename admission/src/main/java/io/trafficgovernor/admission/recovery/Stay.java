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
  /** Growth of the ceiling while the ramp is being left, a second: 3.3 times in all. */
  private static final double EXIT_GROWTH = 0.01;

  private static final long EXIT_NANOS = 120_000_000_000L;

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

  /** OPEN, but not in one jump: the ceiling that the ramp has reached still binds for a while. */
  static Stay opened(RoundFacts facts, boolean gradual) {
    Stay open = in(Phase.OPEN, facts.endNanos());
    return gradual ? open.capped(facts.level().ceiling()) : open;
  }

  /** Whether this is OPEN and the ramp is still being left: its ceiling binds, and grows. */
  public boolean leaving() {
    return phase == Phase.OPEN && Double.isFinite(capPerSecond);
  }

  /**
   * One round further out of the ramp: its ceiling grows with time, or with the evidence if that is
   * faster, until it is far above the demand; then tokens are no longer counted.
   */
  Stay further(RoundFacts facts) {
    if (!leaving()) {
      return this;
    }
    if (facts.endNanos() - sinceNanos >= EXIT_NANOS) {
      return capped(Double.POSITIVE_INFINITY);
    }
    double grown = capPerSecond * Math.exp(EXIT_GROWTH * facts.durationNanos() / 1e9);
    return capped(Math.max(grown, facts.level().ceiling()));
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
