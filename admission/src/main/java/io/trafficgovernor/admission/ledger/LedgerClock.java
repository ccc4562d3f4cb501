package io.trafficgovernor.admission.ledger;

/**
 * The ledger's own time: it runs with the ticker of whoever owns the entry. While the entry changes
 * hands it goes on by what the next owner's ticker vouches for, the time since that one had the
 * entry as a copy, or stands still: it may fall behind true time and never runs ahead. Never falls.
 *
 * @param ownerId whose ticker drives it
 * @param ownerNanos that ticker's reading at the last step
 * @param nowNanos ledger time at the last step, from 0
 */
record LedgerClock(String ownerId, long ownerNanos, long nowNanos) {
  /** Whose ticker drives an entry that comes from a memory or a split: nobody's. */
  static final String NOBODY = "";

  static LedgerClock begun(Owner owner) {
    return new LedgerClock(owner.id(), owner.nanos(), 0);
  }

  boolean drivenBy(Owner owner) {
    return ownerId.equals(owner.id());
  }

  /** Whether it says how old the entry is. */
  boolean driven() {
    return !ownerId.equals(NOBODY);
  }

  LedgerClock at(Owner owner) {
    long passed = driven() ? owner.heldNanos() : 0;
    if (drivenBy(owner)) {
      passed = Math.max(0, owner.nanos() - ownerNanos);
    }
    return new LedgerClock(owner.id(), owner.nanos(), nowNanos + passed);
  }
}
