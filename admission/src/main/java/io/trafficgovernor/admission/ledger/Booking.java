package io.trafficgovernor.admission.ledger;

/**
 * What a grant may still be used for.
 *
 * @param counter of the grant
 * @param ratePerSecond reserved until {@code expiresNanos}
 * @param failSafePerSecond reserved until a later grant is acknowledged, or the node is forgotten
 */
record Booking(long counter, double ratePerSecond, double failSafePerSecond, long expiresNanos) {

  boolean live(long nowNanos) {
    return expiresNanos - nowNanos > 0;
  }

  /** What the node may be using of it. */
  double reserved(long nowNanos) {
    return live(nowNanos) ? Math.max(ratePerSecond, failSafePerSecond) : failSafePerSecond;
  }

  Booking extendedTo(long expiresNanos) {
    return new Booking(counter, ratePerSecond, failSafePerSecond, expiresNanos);
  }

  /** One booking that reserves at least as much, and as long, as both. */
  Booking merged(Booking later) {
    return new Booking(
        later.counter,
        Math.max(ratePerSecond, later.ratePerSecond),
        Math.max(failSafePerSecond, later.failSafePerSecond),
        Math.max(expiresNanos, later.expiresNanos));
  }
}
