package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.NodeRecord;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The breakages of ledger and grid, put around the real ones. */
final class BrokenLedger {
  private final Breakage breakage;

  BrokenLedger(Breakage breakage) {
    this.breakage = breakage;
  }

  boolean repliesBeforeBackup() {
    return breakage == Breakage.REPLY_BEFORE_BACKUP;
  }

  /** What the step should have left, made worse. */
  LedgerState stepped(
      @Nullable LedgerState before, LedgerState after, String node, boolean newOwner) {
    return switch (breakage) {
      case NO_OLD_BOOKINGS -> withoutOldBookings(after, node);
      case NO_BLACKOUT -> with(after, blackout(after, Long.MIN_VALUE / 4));
      case EAGER_CEILING -> eager(before, after);
      case STUCK_CEILING -> stuck(before, after);
      case FALLING_EPOCHS -> newOwner ? with(after, epoch(after, 0)) : after;
      case NONE,
          DOUBLED_GRANTS,
          LEASE_FROM_RECEIPT,
          REPLY_BEFORE_BACKUP,
          LEAKY_DOOR,
          WIDE_WINDOW,
          REVERSED_ORDER,
          SALTED_KEYS,
          FORGOTTEN_ENDINGS ->
          after;
    };
  }

  private static LedgerState with(LedgerState state, LedgerState.Authority authority) {
    return new LedgerState(
        authority,
        state.control(),
        state.recovery(),
        state.why(),
        state.rates(),
        state.round(),
        state.probes(),
        state.nodes(),
        state.peak(),
        state.gates(),
        state.excluded(),
        state.strays());
  }

  private static LedgerState.Authority blackout(LedgerState state, long untilNanos) {
    LedgerState.Authority a = state.authority();
    return a.blackedOut(untilNanos, a.epoch(), a.grants());
  }

  private static LedgerState.Authority epoch(LedgerState state, long epoch) {
    LedgerState.Authority a = state.authority();
    return a.atEpoch(epoch);
  }

  private static LedgerState withoutOldBookings(LedgerState state, String name) {
    NodeRecord node = state.nodes().get(name);
    if (node == null || node.bookings().size() < 2) {
      return state;
    }
    var last = node.bookings().subList(node.bookings().size() - 1, node.bookings().size());
    Map<String, NodeRecord> nodes = new LinkedHashMap<>(state.nodes());
    nodes.put(
        name,
        new NodeRecord(
            node.name(),
            node.incarnation(),
            node.sequence(),
            node.sentNanos(),
            node.reportedNanos(),
            node.report(),
            node.demand(),
            node.unreachableRun(),
            last,
            node.slotCredit(),
            node.slots(),
            node.continued(),
            node.turnNanos()));
    return new LedgerState(
        state.authority(),
        state.control(),
        state.recovery(),
        state.why(),
        state.rates(),
        state.round(),
        state.probes(),
        nodes,
        state.peak(),
        state.gates(),
        state.excluded(),
        state.strays());
  }

  private static LedgerState eager(@Nullable LedgerState before, LedgerState after) {
    Level level = after.control().controller().level();
    return roundClosed(before, after) ? ceiling(after, 1.5 * level.ceiling()) : after;
  }

  private static LedgerState stuck(@Nullable LedgerState before, LedgerState after) {
    if (before == null || !roundClosed(before, after)) {
      return after;
    }
    double was = before.control().controller().level().ceiling();
    return ceiling(after, Math.max(was, after.control().controller().level().ceiling()));
  }

  private static boolean roundClosed(@Nullable LedgerState before, LedgerState after) {
    Phase phase = after.recovery().phase();
    return before != null
        && phase != Phase.OPEN
        && phase != Phase.OUTAGE
        && before.recovery().phase() != Phase.OPEN
        && !before.control().controller().equals(after.control().controller());
  }

  private static LedgerState ceiling(LedgerState state, double ceiling) {
    LedgerState.Control control = state.control();
    ControllerState controller = control.controller();
    return new LedgerState(
        state.authority(),
        new LedgerState.Control(
            controller.withLevel(controller.level().withCeiling(ceiling)),
            control.health(),
            control.reference(),
            control.meter(),
            control.cutoff(),
            control.falling(),
            control.growthPerSecond(),
            control.served(),
            control.trend()),
        state.recovery(),
        state.why(),
        state.rates(),
        state.round(),
        state.probes(),
        state.nodes(),
        state.peak(),
        state.gates(),
        state.excluded(),
        state.strays());
  }

  /** What is answered, made worse; {@code tripNanos} is how long renewal and answer took. */
  GrantReply reply(GrantReply reply, long tripNanos) {
    if (!(reply instanceof GrantReply.Granted granted)) {
      return reply;
    }
    Grant g = granted.grant();
    return switch (breakage) {
      case DOUBLED_GRANTS ->
          new GrantReply.Granted(changed(g, 2 * g.ratePerSecond(), g.slots(), g.lengthNanos()));
      case WIDE_WINDOW ->
          new GrantReply.Granted(changed(g, g.ratePerSecond(), 2 * g.slots() + 2, g.lengthNanos()));
      case LEASE_FROM_RECEIPT ->
          new GrantReply.Granted(
              changed(g, g.ratePerSecond(), g.slots(), g.lengthNanos() + tripNanos));
      case NONE,
          NO_OLD_BOOKINGS,
          NO_BLACKOUT,
          REPLY_BEFORE_BACKUP,
          LEAKY_DOOR,
          EAGER_CEILING,
          STUCK_CEILING,
          REVERSED_ORDER,
          SALTED_KEYS,
          FORGOTTEN_ENDINGS,
          FALLING_EPOCHS ->
          reply;
    };
  }

  private static Grant changed(Grant g, double rate, int slots, long lengthNanos) {
    OptionalLong probe = g.probe();
    return new Grant(
        g.id(),
        g.cluster(),
        rate,
        slots,
        g.failSafePerSecond(),
        lengthNanos,
        g.renewEveryNanos(),
        probe,
        g.topSlots());
  }
}
