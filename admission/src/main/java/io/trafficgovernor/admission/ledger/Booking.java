package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.lease.Grant;

/**
 * What a grant may still be used for.
 *
 * @param counter of the grant
 * @param ratePerSecond reserved until {@code expiresNanos}
 * @param failSafePerSecond reserved for a minute longer, or until a later grant is acknowledged
 * @param expiresNanos when the lease has ended for certain
 * @param slots reserved until the requests sent within the lease have ended too
 * @param incarnation of the process it was made to; {@link #GONE} if another has its name now
 */
record Booking(
    long counter,
    double ratePerSecond,
    double failSafePerSecond,
    long expiresNanos,
    int slots,
    long incarnation) {
  /** Of a process that has lost its name to another: nobody can acknowledge for it. */
  static final long GONE = 0;

  /** Counter of what a process may still have from a ledger that is lost. */
  private static final long BEFORE = 0;

  /** How long an unsuperseded fail-safe share stays reserved; a little longer than it is used. */
  private static final long SHARE_NANOS = Grant.FAIL_SAFE_NANOS + Grant.FAIL_SAFE_NANOS / 100;

  /**
   * The fail-safe share that a process may have of a ledger that is lost: it goes on using it until
   * a grant of this one reaches it, which the first that it acknowledges tells.
   */
  static Booking carried(double failSafePerSecond, long nowNanos, long incarnation) {
    return new Booking(BEFORE, 0, failSafePerSecond, nowNanos, 0, incarnation);
  }

  boolean carried() {
    return counter == BEFORE;
  }

  boolean live(long nowNanos) {
    return expiresNanos - nowNanos > 0;
  }

  /** Tokens per second that the node may be using of it. */
  double reserved(long nowNanos) {
    if (live(nowNanos)) {
      return Math.max(ratePerSecond, failSafePerSecond);
    }
    return nowNanos - expiresNanos <= SHARE_NANOS ? failSafePerSecond : 0;
  }

  /**
   * Requests that may be at the backend by it. The last one may have left at the very end of the
   * lease.
   *
   * @param sinceNanos see {@link LedgerState#askedSince}
   */
  int reservedSlots(long sinceNanos) {
    return expiresNanos - sinceNanos >= 0 ? slots : 0;
  }

  /** Whether anything of it can still be in use. */
  boolean matters(long sinceNanos, long nowNanos) {
    return reserved(nowNanos) > 0 || live(nowNanos) || reservedSlots(sinceNanos) > 0;
  }

  Booking extendedTo(long expiresNanos) {
    return new Booking(counter, ratePerSecond, failSafePerSecond, expiresNanos, slots, incarnation);
  }

  /**
   * Without tokens if its process is that one; what it sent may still be at the backend.
   *
   * @param dead incarnation of a process that is dead for certain; 0 if that is known of none
   */
  Booking without(long dead) {
    boolean its = dead != GONE && incarnation == dead;
    return its ? new Booking(counter, 0, 0, expiresNanos, slots, GONE) : this;
  }

  /**
   * Another process has the name now. This one's lease has ended, but it may be alive, cut off from
   * the grid, and on its fail-safe share.
   */
  Booking left() {
    return new Booking(counter, 0, failSafePerSecond, expiresNanos, slots, GONE);
  }

  /** With at least so many slots. */
  Booking atLeast(int slots) {
    return new Booking(
        counter,
        ratePerSecond,
        failSafePerSecond,
        expiresNanos,
        Math.max(this.slots, slots),
        incarnation);
  }

  /** One booking that reserves at least as much, and as long, as both. */
  Booking merged(Booking later) {
    return new Booking(
        later.counter,
        Math.max(ratePerSecond, later.ratePerSecond),
        Math.max(failSafePerSecond, later.failSafePerSecond),
        Math.max(expiresNanos, later.expiresNanos),
        Math.max(slots, later.slots),
        later.incarnation);
  }
}
