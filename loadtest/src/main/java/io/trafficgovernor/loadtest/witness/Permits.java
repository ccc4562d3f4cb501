package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.request.NodeSnapshot;

/**
 * I8: every permit ends exactly once. The node's own count of what is in flight equals what the
 * store still has of it, and no ending was one too many.
 */
final class Permits implements Witness {
  private final Violations violations;

  Permits(Violations violations) {
    this.violations = violations;
  }

  @Override
  public void audited(int node, NodeSnapshot books, int outstanding, long nowNanos) {
    if (books.defects() > 0) {
      violations.add(
          "I8",
          nowNanos,
          "node %d ended permits twice, %d times, allowed 0".formatted(node, books.defects()));
    }
    if (books.inFlight() != outstanding) {
      violations.add(
          "I8",
          nowNanos,
          "node %d counts %d requests in flight, the store has %d of it"
              .formatted(node, books.inFlight(), outstanding));
    }
  }
}
