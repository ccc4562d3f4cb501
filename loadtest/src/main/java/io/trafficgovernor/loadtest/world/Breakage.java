package io.trafficgovernor.loadtest.world;

/**
 * Ways to build the cluster wrongly, one rule at a time: what shows that the witnesses can see.
 * None of them is ever on unless it is asked for.
 */
public enum Breakage {
  NONE("nothing is broken"),
  /** I1: every node may use twice what was booked for it. */
  DOUBLED_GRANTS("nodes are given twice what is booked"),
  /** I1: a slow answer stretches the lease. */
  LEASE_FROM_RECEIPT("leases count from their receipt"),
  /** I1: a grant that may still be in use is forgotten once the next is made. */
  NO_OLD_BOOKINGS("grants are not booked until they are acknowledged"),
  /** I1: a ledger that has lost its memory gives at once. */
  NO_BLACKOUT("a ledger that was lost gives at once"),
  /** I1: grants are used before they are replicated. */
  REPLY_BEFORE_BACKUP("the owner answers before its backups have"),
  /** I2: what lacks a token is sent all the same, now and then. */
  LEAKY_DOOR("one in five refused requests is sent"),
  /** I3: the ceiling rises by itself. */
  EAGER_CEILING("the ceiling rises by half in each round"),
  /** I4: the ceiling never falls. */
  STUCK_CEILING("the ceiling does not fall when it is not used"),
  /** I5: twice the slots. */
  WIDE_WINDOW("nodes are given twice the slots"),
  /** I6: the order of importance is upside down. */
  REVERSED_ORDER("the last class goes first"),
  /** I7: nodes do not agree on a session's hash. */
  SALTED_KEYS("every node hashes sessions in its own way"),
  /** I8: one permit in a hundred is never ended. */
  FORGOTTEN_ENDINGS("one ending in a hundred is forgotten"),
  /** I9: epochs start again with every owner. */
  FALLING_EPOCHS("a new owner begins a new count of epochs");

  private final String words;

  Breakage(String words) {
    this.words = words;
  }

  /** What is wrong, in words. */
  public String words() {
    return words;
  }
}
