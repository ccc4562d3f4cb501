package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

/**
 * The member that executes a step: the only one whose clock counts now.
 *
 * @param id unique to its process
 * @param nanos its ticker's reading
 * @param lineage a random number, for the case that a ledger has to be begun
 * @param heldNanos how long it has had the entry in its present form, at least, by its own ticker;
 *     0 if it does not know
 */
public record Owner(String id, long nanos, long lineage, long heldNanos) {
  public Owner {
    requireNonNull(id, "id");
    if (heldNanos < 0) {
      throw new IllegalArgumentException("held: got " + heldNanos + " ns, allowed 0 or more");
    }
  }

  /** One that does not know how long it has had the entry. */
  public Owner(String id, long nanos, long lineage) {
    this(id, nanos, lineage, 0);
  }
}
