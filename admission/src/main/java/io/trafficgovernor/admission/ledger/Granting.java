package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/** What a node is given: its part of ceiling and window, within what the others leave. Pure. */
final class Granting {
  private static final double MAX_FAIL_SAFE_SHARE = 0.3;

  /** Nodes that are heard of must not starve for those that may be dead. */
  private static final double MOST_FOR_STRAYS = 0.5;

  /** A class with less demand than this counts as silent, requests per second. */
  private static final double SILENT_PER_SECOND = 0.05;

  private final ClassTable classes;
  private final int expectedNodes;
  private final Rules rules;

  Granting(LedgerSettings settings) {
    this.classes = settings.classes();
    this.expectedNodes = settings.expectedNodes();
    this.rules = settings.rules();
  }

  /** The terms of leases in the present phase. */
  static LeaseTerms terms(LedgerState state) {
    LedgerState.Control control = state.control();
    return LeaseTerms.of(
        state.recovery().phase(),
        control.served().met() && !state.recovery().stay().leaving(),
        control.ceiling(),
        state.nodes().size());
  }

  Ledger.Renewed granted(LedgerState state, Renewal renewal) {
    long now = state.nowNanos();
    NodeRecord node = requireNonNull(state.nodes().get(renewal.node()), "recorded above");
    Collection<NodeRecord> live = state.live();
    LedgerState.Control control = state.control();
    LeaseTerms terms = terms(state);
    double share =
        rules.hold(Rule.SHARES)
            ? Allocation.share(node, live, control.cutoff(), state.gates())
            : 1.0 / Math.max(1, live.size());
    long requestNanos = classes.longestTimeoutNanos();
    long since = state.askedSince(requestNanos);
    List<NodeRecord> others =
        state.nodes().values().stream().filter(each -> !each.name().equals(node.name())).toList();
    int othersSlots = others.stream().mapToInt(each -> each.reservedSlots(since)).sum();
    double demand = Allocation.eligible(node.demand(), control.cutoff(), state.gates());
    double rate =
        Allocation.rate(
            control.ceiling() * share,
            node.rate(now),
            control.ceiling() - reserved(state, others) - node.reservedForOthers(now),
            demand,
            control.falling());
    double window = control.controller().level().window();
    int windowLeft = slotsLeft(state, node, othersSlots, window);
    double wish = window * share;
    boolean turn = now - node.turnNanos() >= terms.renewEveryNanos() / 2;
    Allocation.Slots slots = slots(state, node, wish, windowLeft, turn);
    boolean blackout = now - state.authority().blackoutUntilNanos() < 0;
    if (blackout) {
      rate = Math.min(rate, renewal.heldRate());
      slots = new Allocation.Slots(Math.min(slots.slots(), renewal.heldSlots()), slots.credit());
    }
    List<Integer> top = topRanks(state.demand());
    double failSafe = failSafe(state, node, rate, top);

    LedgerState.Authority authority = state.authority().granted();
    OptionalLong probe =
        state.probes().due(now)
            ? OptionalLong.of(state.probes().asked(now).number())
            : OptionalLong.empty();
    ProbeBook probes = probe.isPresent() ? state.probes().asked(now) : state.probes();
    Booking booking =
        new Booking(
            authority.grants(),
            rate,
            failSafe,
            now + terms.bookedNanos(),
            slots.slots(),
            renewal.incarnation());
    NodeRecord booked = node.booked(booking, slots.credit(), turn ? now : node.turnNanos());
    LedgerState given = state.with(authority).with(probes).with(booked);
    LedgerState next = given.with(state.peak().after(given.grantedSlots(requestNanos), now));
    int left = node.slotsOfOthers(since);
    int out = othersSlots + left + Math.max(slots.slots(), node.report().inFlight() - 1);
    Grant grant =
        new Grant(
            new GrantId(authority.lineage(), authority.grants()),
            next.view(top, next.gates().blockedBy(classes)),
            rate,
            slots.slots(),
            failSafe,
            terms.lengthNanos(),
            terms.renewEveryNanos(),
            probe,
            !blackout && out <= next.peak().slots() && rules.hold(Rule.EXTRA_SLOT) ? 1 : 0);
    return new Ledger.Renewed(next, new GrantReply.Granted(grant));
  }

  /**
   * Slots that the others leave. While some of them have more at the backend than they were last
   * granted, a wider window is not given out to others on top of that: more would be at the backend
   * than was ever granted (I5).
   */
  private int slotsLeft(LedgerState state, NodeRecord node, int othersSlots, double window) {
    long requestNanos = classes.longestTimeoutNanos();
    long since = state.askedSince(requestNanos);
    int left = (int) Math.round(window) - othersSlots - node.slotsOfOthers(since);
    int othersGranted = state.grantedSlots(requestNanos) - node.grantedSlots(since);
    return othersSlots > othersGranted
        ? Math.min(left, Math.max(node.slots(), state.peak().slots() - othersSlots))
        : left;
  }

  /**
   * While the backend stands still nothing that was sent ends, and slots do not go round: one that
   * moved would be in use twice.
   */
  private static boolean standsStill(LedgerState state) {
    Brakes brakes = state.control().controller().brakes();
    return brakes.silent(state.nowNanos()) && !state.round().answered();
  }

  private Allocation.Slots slots(
      LedgerState state, NodeRecord node, double wish, int windowLeft, boolean turn) {
    if (standsStill(state)) {
      return Allocation.held(node.slotCredit(), node.slots(), windowLeft);
    }
    if (!rules.hold(Rule.ROTATION)) {
      return new Allocation.Slots(Math.max(0, Math.min((int) wish, windowLeft)), 0);
    }
    return turn
        ? Allocation.slots(node.slotCredit(), wish, windowLeft)
        : Allocation.kept(node.slotCredit(), node.slots(), wish, windowLeft);
  }

  /**
   * What the others may be using, those included that this ledger has never heard of, and those
   * that no grant of it has reached yet.
   */
  private double reserved(LedgerState state, List<NodeRecord> others) {
    long now = state.nowNanos();
    LedgerState.Strays strays = state.strays();
    double known = others.stream().mapToDouble(each -> each.reserved(now)).sum();
    double share = strays.each(now);
    double unknown = share * Math.max(0, expectedNodes - others.size() - 1);
    for (NodeRecord each : others) {
      double before = strays.knows(each.reportedNanos()) ? each.carried(now) : share;
      unknown += Math.max(0, before - each.reserved(now));
    }
    return known + Math.min(unknown, MOST_FOR_STRAYS * state.control().ceiling());
  }

  /** The most that a node can have been given as its fail-safe share under that ceiling. */
  double mostFailSafe(double ceiling) {
    return MAX_FAIL_SAFE_SHARE * ceiling / expectedNodes;
  }

  /** What the node may use for its two top classes once its lease has ended. */
  private double failSafe(LedgerState state, NodeRecord node, double rate, List<Integer> top) {
    if (state.recovery().phase() == Phase.OUTAGE || !rules.hold(Rule.FAIL_SAFE)) {
      return 0;
    }
    double topDemand = top.stream().mapToDouble(node.demand()::get).sum();
    return Math.min(rate, Math.min(topDemand, mostFailSafe(state.control().ceiling())));
  }

  /** The two highest classes with demand; the two highest of all while there is none. */
  private List<Integer> topRanks(List<Double> demand) {
    List<Integer> top = new ArrayList<>();
    for (int rank = 0; rank < demand.size() && top.size() < 2; rank++) {
      if (demand.get(rank) > SILENT_PER_SECOND) {
        top.add(rank);
      }
    }
    for (int rank = 0; rank < classes.size() && top.size() < 2; rank++) {
      if (!top.contains(rank)) {
        top.add(rank);
      }
    }
    return top;
  }
}
