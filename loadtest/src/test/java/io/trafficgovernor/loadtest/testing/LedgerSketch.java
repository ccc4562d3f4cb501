package io.trafficgovernor.loadtest.testing;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.control.Goodput;
import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.NodeRecord;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Memory;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.recovery.Recovery;
import io.trafficgovernor.admission.recovery.Stay;
import io.trafficgovernor.admission.request.Lease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** States of a ledger for witnesses: a real one's, with what the test is about put in. */
public record LedgerSketch(LedgerState state) {
  private static final long SECOND = 1_000_000_000L;

  public static final ClassTable CLASSES =
      new ClassTable(
          List.of(
              new RequestClass(0, "config", Set.of(), SECOND / 10, SECOND),
              new RequestClass(1, "auth", Set.of(), SECOND / 10, SECOND),
              new RequestClass(2, "read", Set.of(), SECOND / 10, SECOND)));

  private static final LedgerSettings SETTINGS =
      new LedgerSettings(CLASSES, 500, 3, RampMode.AUTO, new RampPlan.Adaptive());
  private static final Owner OWNER = new Owner("owner", 0, 7);

  /** A ledger in RAMPING at that ceiling, which has seen nothing yet. */
  public static LedgerSketch ramping(double ceiling) {
    LedgerState closed = new Ledger(SETTINGS).closed(OWNER, Reference.configured(500));
    return new LedgerSketch(closed).in(Phase.RAMPING).at(ceiling);
  }

  public LedgerSketch in(Phase phase) {
    return with(new Recovery(Stay.in(phase, 0), state.recovery().memory()));
  }

  /** The clock of its ramp stands there. */
  public LedgerSketch rampedFor(double seconds) {
    Memory memory = state.recovery().memory();
    return with(
        new Recovery(
            state.recovery().stay(),
            new Memory(
                memory.redNanos(),
                memory.hardNanos(),
                memory.outages(),
                memory.rollbacks(),
                (long) (seconds * SECOND),
                memory.rungs(),
                memory.reachedOpen(),
                memory.failed())));
  }

  public LedgerSketch at(double ceiling) {
    return with(level().withCeiling(ceiling));
  }

  public LedgerSketch window(double window) {
    Level level = level();
    return with(new Level(level.ceiling(), window, level.slowStart(), level.knownGood()));
  }

  /** One more round, which showed that goodput. */
  public LedgerSketch saw(double perSecond) {
    ControllerState from = controller();
    List<Goodput.Sample> samples = new ArrayList<>(from.goodput().samples());
    long end = (samples.size() + 1) * SECOND / 4;
    samples.add(
        new Goodput.Sample(end, SECOND / 4, perSecond / 4, 20, List.of(0L, 0L, 0L), perSecond));
    return with(
        new ControllerState(
            from.level(),
            new Goodput(samples),
            from.bases(),
            from.probe(),
            from.brakes(),
            from.slack()));
  }

  /** It knows by hearsay that each node it has not heard of may use so much until then. */
  public LedgerSketch afterALoss(double share, double untilSeconds) {
    return new LedgerSketch(
        new LedgerState(
            state.authority(),
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
            new LedgerState.Strays(share, (long) (untilSeconds * SECOND))));
  }

  /** The backend has been silent since the beginning. */
  public LedgerSketch stalled() {
    ControllerState from = controller();
    return with(
        new ControllerState(
            from.level(),
            from.goodput(),
            from.bases(),
            from.probe(),
            new Brakes(Brakes.NEVER, Brakes.NEVER, 0, 0, 0, 0, 0, 0),
            from.slack()));
  }

  public LedgerSketch cutoff(Cutoff cutoff) {
    LedgerState.Control of = state.control();
    return with(
        new LedgerState.Control(
            of.controller(),
            of.health(),
            of.reference(),
            of.meter(),
            cutoff,
            of.falling(),
            of.growthPerSecond(),
            of.served(),
            of.trend()));
  }

  /** One node, which holds a lease, is asked for so many first attempts a second, of each class. */
  public LedgerSketch asked(double... perSecond) {
    NodeRecord node = requireNonNull(renewed(0).nodes().get("one"));
    NodeRecord asked =
        new NodeRecord(
            node.name(),
            node.incarnation(),
            node.sequence(),
            node.sentNanos(),
            node.reportedNanos(),
            node.report(),
            Arrays.stream(perSecond).boxed().toList(),
            node.unreachableRun(),
            node.bookings(),
            node.slotCredit(),
            node.slots(),
            node.continued(),
            node.turnNanos());
    return with(state.authority(), state.control(), state.recovery(), Map.of(node.name(), asked));
  }

  /** One node, which says that it holds so many slots and is granted as many at most. */
  public LedgerSketch holding(int slots) {
    return new LedgerSketch(renewed(slots));
  }

  private LedgerState renewed(int heldSlots) {
    NodeReport report = new NodeReport(Collections.nCopies(CLASSES.size(), ClassReport.NONE), 0, 0);
    Renewal renewal =
        new Renewal("one", 1, 1, 0, GrantId.NONE, 0, 0, heldSlots, report, Optional.empty());
    return new Ledger(SETTINGS).renew(state, renewal, OWNER).state();
  }

  public LedgerSketch epoch(long epoch) {
    return with(state.authority().atEpoch(epoch), state.control(), state.recovery());
  }

  /** One of that lineage which goes on from a memory. */
  public LedgerSketch remembering(long lineage) {
    LedgerState.Authority own = state.authority();
    return with(
        new LedgerState.Authority(
            lineage,
            own.grants(),
            own.epoch(),
            own.incidentSalt(),
            own.clock(),
            own.blackoutUntilNanos() + 1,
            1,
            own.begunNanos()),
        state.control(),
        state.recovery());
  }

  /** A lease of 1 s from such a ledger, sent at that instant. */
  public static Lease lease(
      double ratePerSecond, double share, LedgerSketch by, double sentSeconds) {
    Grant grant =
        new Grant(
            new GrantId(1, 1),
            by.state().view(List.of(0, 1), List.of()),
            ratePerSecond,
            10,
            share,
            SECOND,
            SECOND / 10,
            OptionalLong.empty(),
            1);
    return new Lease(grant, (long) (sentSeconds * SECOND));
  }

  private ControllerState controller() {
    return state.control().controller();
  }

  private Level level() {
    return controller().level();
  }

  private LedgerSketch with(Level level) {
    return with(controller().withLevel(level));
  }

  private LedgerSketch with(ControllerState controller) {
    LedgerState.Control of = state.control();
    return with(
        new LedgerState.Control(
            controller,
            of.health(),
            of.reference(),
            of.meter(),
            of.cutoff(),
            of.falling(),
            of.growthPerSecond(),
            of.served(),
            of.trend()));
  }

  private LedgerSketch with(LedgerState.Control control) {
    return with(state.authority(), control, state.recovery());
  }

  private LedgerSketch with(Recovery recovery) {
    return with(state.authority(), state.control(), recovery);
  }

  private LedgerSketch with(
      LedgerState.Authority authority, LedgerState.Control control, Recovery recovery) {
    return with(authority, control, recovery, state.nodes());
  }

  private LedgerSketch with(
      LedgerState.Authority authority,
      LedgerState.Control control,
      Recovery recovery,
      Map<String, NodeRecord> nodes) {
    return new LedgerSketch(
        new LedgerState(
            authority,
            control,
            recovery,
            state.why(),
            state.rates(),
            state.round(),
            state.probes(),
            nodes,
            state.peak(),
            state.gates(),
            state.excluded(),
            state.strays()));
  }
}
