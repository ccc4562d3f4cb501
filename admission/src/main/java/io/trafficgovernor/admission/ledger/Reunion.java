package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.control.ControllerState;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What two ledgers of one backend become when they meet again after a split. The later one goes on,
 * at the lower of the two ceilings; whatever either has promised stays booked, and as long as any
 * lease of either may be out there nobody's rate grows. Pure.
 */
public final class Reunion {
  private static final Comparator<LedgerState> LATER =
      Comparator.comparingLong((LedgerState state) -> state.authority().epoch())
          .thenComparingLong(state -> state.authority().grants());

  private Reunion() {}

  /** The one of the two that goes on, with all that the other knew. */
  public static LedgerState of(LedgerState one, LedgerState other) {
    boolean first = LATER.compare(one, other) >= 0;
    LedgerState later = first ? one : other;
    LedgerState earlier = first ? other : one;
    return orphaned(reunited(later, nodes(later, earlier, later), earlier), earlier.authority());
  }

  /**
   * A young ledger that is told of what it did not know: that decides, whatever epoch the young one
   * has come to meanwhile. Its grants go on being made in its own lineage, and the processes that
   * hold names now are the young one's.
   */
  static LedgerState resumed(LedgerState young, LedgerState remembered) {
    LedgerState.Authority known = young.authority();
    LedgerState.Authority memory = remembered.authority();
    long age = young.nowNanos() - known.begunNanos();
    LedgerState next = reunited(remembered, nodes(young, remembered, remembered), young);
    long grants = Math.max(memory.grants(), known.grants());
    return orphaned(
        next.with(
            memory
                .blackedOut(memory.blackoutUntilNanos(), memory.epoch(), grants)
                .resumed(known.lineage(), memory.epoch(), memory.nowNanos() - age)),
        known);
  }

  /** Of each name the first one's process, and what either has booked; in the time of the last. */
  private static Map<String, NodeRecord> nodes(
      LedgerState first, LedgerState second, LedgerState time) {
    long now = time.nowNanos();
    long until = now + LeaseTerms.LONGEST_BOOKED_NANOS;
    Map<String, NodeRecord> nodes = new TreeMap<>();
    for (NodeRecord node : first.nodes().values()) {
      nodes.put(
          node.name(),
          node.reunited(Optional.ofNullable(second.nodes().get(node.name())), now, until));
    }
    for (NodeRecord node : second.nodes().values()) {
      nodes.computeIfAbsent(node.name(), name -> node.reunited(Optional.empty(), now, until));
    }
    return nodes;
  }

  private static LedgerState reunited(
      LedgerState later, Map<String, NodeRecord> nodes, LedgerState earlier) {
    LedgerState.Control control = later.control();
    double ceiling = Math.min(control.ceiling(), earlier.control().ceiling());
    ControllerState controller = control.controller();
    return later
        .with(control.withController(controller.withLevel(controller.level().withCeiling(ceiling))))
        .with(later.strays().and(earlier.strays(), earlier.nowNanos(), later.nowNanos()))
        .withNodes(nodes);
  }

  /** A ledger that comes where there was none: as careful as if it had met another. */
  public static LedgerState of(LedgerState only) {
    return orphaned(only, only.authority());
  }

  private static LedgerState orphaned(LedgerState state, LedgerState.Authority other) {
    LedgerState.Authority authority = state.authority();
    long grants =
        other.lineage() == authority.lineage()
            ? Math.max(authority.grants(), other.grants())
            : authority.grants();
    long epoch = Math.max(authority.epoch(), other.epoch()) + 1;
    long now = state.nowNanos();
    return state.with(
        authority
            .at(new LedgerClock(LedgerClock.NOBODY, 0, now))
            .blackedOut(now + LeaseTerms.LONGEST_BOOKED_NANOS, epoch, grants));
  }
}
