package io.trafficgovernor.admission.recovery;

/** Where the recovery stands. */
public enum Phase {
  /** All is well: the window and the envelope stay on, tokens are not counted. */
  OPEN,
  /** Something is wrong, but most requests succeed: the law rules, the ceiling does not rise. */
  DEGRADED,
  /** The backend is away: nothing passes but probes. */
  OUTAGE,
  /** The backend answered: the first requests go out, in order. */
  PROBING,
  /** The ceiling follows the evidence. */
  RAMPING,
  /** The backend refuses, or an operator said so: the ceiling hardly rises, or not at all. */
  HOLD,
  /** The backend failed under the last step: the ceiling was cut. */
  ROLLBACK,
  /** An operator pinned the ceiling. */
  FROZEN,
  /** Only ever of one node: it has no valid lease and lives on its fail-safe share. */
  ISOLATED;

  /** Whether tokens are counted; in OPEN only the window binds until a red signal. */
  public boolean boundByRate() {
    return this != OPEN;
  }
}
