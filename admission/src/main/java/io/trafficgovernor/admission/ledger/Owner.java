package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

/**
 * The member that executes a step: the only one whose clock counts now.
 *
 * @param id unique to its process
 * @param nanos its ticker's reading
 * @param lineage a random number, for the case that a ledger has to be begun
 */
public record Owner(String id, long nanos, long lineage) {
  public Owner {
    requireNonNull(id, "id");
  }
}
