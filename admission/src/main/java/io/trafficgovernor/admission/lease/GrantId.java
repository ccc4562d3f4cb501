package io.trafficgovernor.admission.lease;

/**
 * Identity of a grant, unique over ledgers lost and begun anew.
 *
 * @param lineage drawn at random when a ledger begins
 * @param counter rises by one with each grant of that ledger; 0 is "none yet"
 */
public record GrantId(long lineage, long counter) {
  /** What a node holds before its first grant. */
  public static final GrantId NONE = new GrantId(0, 0);
}
