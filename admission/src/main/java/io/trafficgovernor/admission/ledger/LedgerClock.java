package io.trafficgovernor.admission.ledger;

/**
 * The ledger's own time: it runs with the ticker of whoever owns the entry, and stands still while
 * the entry changes hands. Never falls.
 *
 * @param ownerId whose ticker drives it
 * @param ownerNanos that ticker's reading at the last step
 * @param nowNanos ledger time at the last step, from 0
 */
record LedgerClock(String ownerId, long ownerNanos, long nowNanos) {
  static LedgerClock begun(Owner owner) {
    return new LedgerClock(owner.id(), owner.nanos(), 0);
  }

  boolean drivenBy(Owner owner) {
    return ownerId.equals(owner.id());
  }

  LedgerClock at(Owner owner) {
    long passed = drivenBy(owner) ? Math.max(0, owner.nanos() - ownerNanos) : 0;
    return new LedgerClock(owner.id(), owner.nanos(), nowNanos + passed);
  }
}
