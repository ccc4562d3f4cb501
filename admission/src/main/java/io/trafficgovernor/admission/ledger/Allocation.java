package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.gate.Gates;
import io.trafficgovernor.admission.order.Cutoff;
import java.util.Collection;
import java.util.List;

/**
 * Who gets how much: shares by eligible demand, rates within what the others leave, slots in whole
 * numbers that rotate where there are fewer than nodes. Source: DESIGN.md, "The ledger".
 */
final class Allocation {
  /** Part of the ceiling that is spread evenly, so that a node without demand can start. */
  private static final double EVEN_SHARE = 0.01;

  private static final double MIN_DEADBAND = 0.02;
  private static final double MAX_DEADBAND = 0.30;

  private Allocation() {}

  /** First attempts per second of that demand that cutoff and gates let pass. */
  static double eligible(List<Double> demand, Cutoff cutoff, Gates gates) {
    double eligible = 0;
    for (int rank = 0; rank < demand.size(); rank++) {
      eligible += gates.open(rank) ? demand.get(rank) * cutoff.openShare(rank) : 0;
    }
    return eligible;
  }

  /** The node's part of ceiling and window, in [0, 1]; the parts of all live nodes add up to 1. */
  static double share(NodeRecord node, Collection<NodeRecord> live, Cutoff cutoff, Gates gates) {
    double total = 0;
    int nodes = 0;
    boolean counted = false;
    for (NodeRecord each : live) {
      total += eligible(each.demand(), cutoff, gates);
      nodes++;
      counted |= each.name().equals(node.name());
    }
    if (!counted) {
      nodes++;
    }
    if (total <= 0) {
      return 1.0 / nodes;
    }
    double even = EVEN_SHARE * total / nodes;
    double own = counted ? eligible(node.demand(), cutoff, gates) : 0;
    return (own + even) / ((1 + EVEN_SHARE) * total);
  }

  /**
   * The node's next rate: its share of the ceiling, but never more than the others leave (I1).
   *
   * @param before its present rate; kept while the wish is within the noise of its demand
   * @param left ceiling minus what all others have reserved
   * @param falling whether the ceiling fell: a cut is never put off
   */
  static double rate(double wish, double before, double left, double demand, boolean falling) {
    double noise = 1.5 / Math.sqrt(1.2 * Math.max(0.5, demand));
    double deadband = Math.min(MAX_DEADBAND, Math.max(MIN_DEADBAND, noise));
    boolean close = before > 0 && Math.abs(wish - before) <= deadband * before;
    boolean keep = close && !(falling && wish < before);
    return Math.max(0, Math.min(keep ? before : wish, left));
  }

  /** Whole slots and the credit that remains. */
  record Slots(int slots, double credit) {}

  /**
   * The node's slots when its turn comes. Fractions add up over renewals, so that a window smaller
   * than the number of nodes goes round; what was due but not free stays due.
   *
   * @param credit what the node had left, in [0, 1]
   * @param wish its share of the window
   * @param left the rounded window minus what the others may have at the backend
   */
  static Slots slots(double credit, double wish, int left) {
    double have = credit + wish;
    int given = Math.min((int) Math.min(have, wish + 1), Math.max(0, left));
    return new Slots(given, Math.min(1, have - given));
  }

  /**
   * The node's slots between its turns: what it has, or less if the window fell. So a renewal that
   * only acknowledges a cut changes nothing else.
   */
  static Slots kept(double credit, int slots, double wish, int left) {
    return held(credit, Math.min(slots, (int) Math.ceil(wish) + 1), left);
  }

  /** So many slots as before, or less if the others leave less. */
  static Slots held(double credit, int slots, int left) {
    return new Slots(Math.min(slots, Math.max(0, left)), credit);
  }
}
