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

  /** Drives no clock: the next step is taken as a change of owner, and no booking ends early. */
  private static final String NOBODY = "";

  private Reunion() {}

  /** The one of the two that goes on, with all that the other knew. */
  public static LedgerState of(LedgerState one, LedgerState other) {
    boolean first = LATER.compare(one, other) >= 0;
    LedgerState later = first ? one : other;
    LedgerState earlier = first ? other : one;
    long now = later.nowNanos();
    long until = now + LeaseTerms.LONGEST_BOOKED_NANOS;
    Map<String, NodeRecord> nodes = new TreeMap<>();
    for (NodeRecord node : later.nodes().values()) {
      nodes.put(
          node.name(),
          node.reunited(Optional.ofNullable(earlier.nodes().get(node.name())), now, until));
    }
    for (NodeRecord node : earlier.nodes().values()) {
      nodes.computeIfAbsent(node.name(), name -> node.reunited(Optional.empty(), now, until));
    }
    LedgerState.Control control = later.control();
    double ceiling = Math.min(control.ceiling(), earlier.control().ceiling());
    ControllerState controller = control.controller();
    return orphaned(
        later
            .with(
                control.withController(
                    controller.withLevel(controller.level().withCeiling(ceiling))))
            .withNodes(nodes),
        earlier.authority());
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
            .at(new LedgerClock(NOBODY, 0, now))
            .blackedOut(now + LeaseTerms.LONGEST_BOOKED_NANOS, epoch, grants));
  }
}
