package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.control.CeilingController;
import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.control.HealthWindow;
import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.ReferenceMeter;
import io.trafficgovernor.admission.control.Round;
import io.trafficgovernor.admission.control.Verdict;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Memory;
import io.trafficgovernor.admission.recovery.Move;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Recovery;
import io.trafficgovernor.admission.recovery.RecoveryMachine;
import io.trafficgovernor.admission.recovery.RoundFacts;
import io.trafficgovernor.admission.recovery.Stay;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The authority, as a pure function: takes the entry and a renewal or a command, and returns the
 * next entry with the answer. Whoever owns the entry runs it, so there is no leader to elect.
 *
 * <p>A renewal records the node's report, closes the round when it is ripe (then the controller and
 * the recovery machine take a step) and grants a lease within what the other nodes leave: the sum
 * of all that may be in use never exceeds the ceiling (I1). Calling it again with the same renewal
 * is harmless: counters are cumulative.
 */
public final class Ledger {
  private static final double MAX_FAIL_SAFE_SHARE = 0.3;
  private static final int UNREACHABLE_RUN = 5;

  /** A class with less demand than this counts as silent, requests per second. */
  private static final double SILENT_PER_SECOND = 0.05;

  private final LedgerSettings settings;
  private final ClassTable classes;
  private final CeilingController controller;
  private final RecoveryMachine machine;

  public Ledger(LedgerSettings settings) {
    this.settings = requireNonNull(settings, "settings");
    this.classes = settings.classes();
    this.controller = new CeilingController(classes);
    this.machine = new RecoveryMachine(settings.mode(), settings.plan());
  }

  /** The next entry, and the answer to the node. */
  public record Renewed(LedgerState state, GrantReply reply) {}

  /** The next entry, and what became of the command. */
  public record Commanded(LedgerState state, CommandReply reply) {}

  /**
   * One renewal.
   *
   * @param before the entry; null if there is none yet, or it was lost
   * @param owner the member that executes this
   */
  public Renewed renew(@Nullable LedgerState before, Renewal renewal, Owner owner) {
    LedgerState state = before == null ? begun(owner) : at(before, owner);
    if (foreign(state, renewal.held())) {
      state = blackedOut(state);
    }
    NodeRecord known = state.nodes().get(renewal.node());
    long now = state.nowNanos();
    if (known != null && known.incarnation() != renewal.incarnation() && known.live(now)) {
      return new Renewed(
          state,
          new GrantReply.Refused(
              "node name: got "
                  + renewal.node()
                  + " from a second process, allowed once; wait until the first one's lease ends"));
    }
    boolean returning = known != null && known.incarnation() == renewal.incarnation();
    if (known != null && returning && renewal.sequence() < known.sequence()) {
      return new Renewed(
          state,
          new GrantReply.Refused(
              "renewal: got number "
                  + renewal.sequence()
                  + ", allowed "
                  + known.sequence()
                  + " or later"));
    }
    state = recorded(state, renewal, known, returning);
    if (renewal.probe().isPresent()) {
      state = probed(state, renewal.probe().get());
    }
    if (state.round().closes(state.nodes().values(), terms(state), now)) {
      state = roundClosed(state);
    }
    return granted(state, renewal);
  }

  /**
   * One command of an operator.
   *
   * @param before the entry; null if there is none yet
   */
  public Commanded command(@Nullable LedgerState before, Command command, Owner owner) {
    LedgerState state = before == null ? begun(owner) : at(before, owner);
    long epoch = state.authority().epoch();
    Phase from = state.recovery().phase();
    if (command.ifMatch().isPresent() && command.ifMatch().getAsLong() != epoch) {
      return new Commanded(state, new CommandReply.Stale(epoch, from));
    }
    RecoveryMachine.Ruling ruling =
        machine.onCommand(state.recovery(), command, facts(state, Optional.empty()));
    if (ruling instanceof RecoveryMachine.Ruling.Illegal illegal) {
      return new Commanded(
          state, new CommandReply.Illegal(epoch, illegal.from(), illegal.to(), illegal.allowed()));
    }
    if (ruling instanceof RecoveryMachine.Ruling.NotGreen notGreen) {
      return new Commanded(state, new CommandReply.NotGreen(epoch, from, notGreen.faults()));
    }
    Move move = ((RecoveryMachine.Ruling.Accepted) ruling).move();
    double ceilingBefore = state.control().ceiling();
    LedgerState next = moved(state, move);
    if (next.authority().epoch() == epoch) {
      next = next.with(next.authority().nextEpoch());
    }
    return new Commanded(
        next,
        new CommandReply.Accepted(
            new CommandReply.Position(epoch, from, ceilingBefore),
            new CommandReply.Position(
                next.authority().epoch(), next.recovery().phase(), next.control().ceiling())));
  }

  /** A ledger from nothing: old leases may be out there, so nobody's rate grows for a while. */
  private LedgerState begun(Owner owner) {
    LedgerClock clock = LedgerClock.begun(owner);
    long now = clock.nowNanos();
    Reference reference = Reference.configured(settings.referencePerSecond());
    LedgerState.Authority authority =
        new LedgerState.Authority(
            owner.lineage(), 0, 1, owner.lineage(), clock, now + shortTerms().bookedNanos());
    LedgerState.Control control =
        new LedgerState.Control(
            controller.start(reference, now),
            HealthWindow.EMPTY,
            reference,
            ReferenceMeter.EMPTY,
            new Cutoff(0, 0, 0),
            false);
    LedgerState state =
        new LedgerState(
            authority,
            control,
            Recovery.firstBoot(now),
            "first boot",
            Collections.nCopies(classes.size(), ClassRates.NONE),
            OpenRound.begun(now, classes.size()),
            ProbeBook.begun(now),
            Map.of());
    return recut(state, false);
  }

  /** A ledger that starts in OUTAGE, knowing how the backend did when it was well. */
  public LedgerState closed(Owner owner, Reference reference) {
    LedgerState state = begun(owner);
    Recovery away =
        new Recovery(Stay.in(Phase.OUTAGE, state.nowNanos()), Memory.NONE.enteredOpen());
    return closed(
        state
            .with(away, "resumed in OUTAGE")
            .with(state.control().withReference(reference, ReferenceMeter.EMPTY)));
  }

  private static LeaseTerms shortTerms() {
    return LeaseTerms.of(Phase.RAMPING, 0, 1);
  }

  /** The entry as of now; if it changed hands, no booking may end early. */
  private LedgerState at(LedgerState state, Owner owner) {
    LedgerClock clock = state.authority().clock();
    boolean same = clock.drivenBy(owner);
    LedgerState advanced = state.with(state.authority().at(clock.at(owner)));
    long now = advanced.nowNanos();
    Map<String, NodeRecord> nodes = new TreeMap<>();
    long rebasedTo = now + terms(advanced).bookedNanos();
    for (NodeRecord node : advanced.nodes().values()) {
      if (!node.forgettable(now)) {
        nodes.put(node.name(), same ? node : node.rebased(now, rebasedTo));
      }
    }
    return advanced.withNodes(nodes);
  }

  /** Whether the node holds a grant that this ledger cannot have made. */
  private static boolean foreign(LedgerState state, GrantId held) {
    LedgerState.Authority authority = state.authority();
    return !held.equals(GrantId.NONE)
        && (held.lineage() != authority.lineage() || held.counter() > authority.grants());
  }

  /** Grants were lost: until the last of them has ended, nobody's rate grows. */
  private LedgerState blackedOut(LedgerState state) {
    long until = state.nowNanos() + longestBooking();
    return state.with(state.authority().blackedOutUntil(until));
  }

  private static long longestBooking() {
    return LeaseTerms.of(Phase.OPEN, 0, 1).bookedNanos();
  }

  private LeaseTerms terms(LedgerState state) {
    return LeaseTerms.of(state.recovery().phase(), state.control().ceiling(), state.nodes().size());
  }

  private static LedgerState recorded(
      LedgerState state, Renewal renewal, @Nullable NodeRecord known, boolean returning) {
    long now = state.nowNanos();
    if (known != null && returning) {
      return state
          .with(state.round().plus(renewal.report(), known.report()))
          .with(known.reported(renewal, now));
    }
    List<Booking> bookings = known == null ? List.of() : known.bookings();
    double credit = unit(renewal.incarnation());
    return state.with(NodeRecord.first(renewal, bookings, credit, now));
  }

  /** A number in [0, 1) that nodes do not share: their slots must not come round in step. */
  private static double unit(long incarnation) {
    return ((incarnation * 0x9e3779b97f4a7c15L) >>> 11) * 0x1.0p-53;
  }

  private LedgerState probed(LedgerState state, ProbeResult result) {
    if (!state.probes().awaits(result.number())) {
      return state;
    }
    long now = state.nowNanos();
    LedgerState counted = result.good() ? state.with(state.round().plusGoodProbe()) : state;
    Move move = machine.onProbe(counted.recovery(), result.good(), now);
    LedgerState next = moved(counted, move);
    return next.with(next.probes().answered(result.good(), next.recovery().phase(), now));
  }

  /** A step of controller and machine, with the evidence of the round. */
  private LedgerState roundClosed(LedgerState state) {
    long now = state.nowNanos();
    Round round = state.round().closed(state.nodes().values(), now);
    LedgerState next = state.withRates(rates(state, round.seconds()));
    Phase phase = state.recovery().phase();
    double ceilingBefore = state.control().ceiling();
    if (phase != Phase.OUTAGE) {
      next = judged(next, round);
    }
    boolean falling = next.control().ceiling() < ceilingBefore;
    return recut(next.with(OpenRound.begun(now, classes.size())), falling);
  }

  private LedgerState judged(LedgerState state, Round round) {
    LedgerState.Control control = state.control();
    CeilingController.Step step = controller.step(control.controller(), round, control.reference());
    ControllerState after = step.state();
    Level lawful = after.level();
    if (state.recovery().phase() == Phase.OPEN) {
      after = after.withLevel(lawful.withCeiling(control.reference().envelope()));
    }
    HealthWindow health =
        controller.shortlySilent(control.controller(), round)
            ? control.health()
            : control.health().plus(round, control.reference());
    LedgerState next = state.with(control.withController(after).withHealth(health));
    Move move = machine.onRound(next.recovery(), facts(next, Optional.of(new Judged(step, round))));
    boolean stayedOpen = move.next().phase() == Phase.OPEN;
    if (state.recovery().phase() == Phase.OPEN && !stayedOpen) {
      next = next.with(next.control().withController(after.withLevel(lawful)));
    }
    if (stayedOpen && !step.verdict().red()) {
      next = next.with(measured(next.control(), round));
    }
    return bounded(moved(next, move));
  }

  /** In OPEN the reference is measured; it freezes by not being measured elsewhere. */
  private static LedgerState.Control measured(LedgerState.Control control, Round round) {
    ReferenceMeter meter = control.meter().plus(round, control.reference());
    return control.withReference(meter.reference(control.reference()), meter);
  }

  /** The ceiling within the bounds of phase and plan; in OPEN it is the envelope. */
  private LedgerState bounded(LedgerState state) {
    Phase phase = state.recovery().phase();
    if (phase == Phase.OUTAGE) {
      return state;
    }
    LedgerState.Control control = state.control();
    Reference reference = control.reference();
    double ceiling =
        phase == Phase.OPEN
            ? reference.envelope()
            : Math.max(
                reference.minCeiling(), Math.min(control.ceiling(), machine.cap(state.recovery())));
    return state.with(withCeiling(control, ceiling));
  }

  private static LedgerState.Control withCeiling(LedgerState.Control control, double ceiling) {
    ControllerState controller = control.controller();
    return control.withController(controller.withLevel(controller.level().withCeiling(ceiling)));
  }

  private record Judged(CeilingController.Step step, Round round) {}

  /** What the machine goes by: the round just judged, or the present state if there is none. */
  private static RoundFacts facts(LedgerState state, Optional<Judged> judged) {
    long now = state.nowNanos();
    LedgerState.Control control = state.control();
    double demand = state.demand().stream().mapToDouble(Double::doubleValue).sum();
    OptionalDouble errorShare = control.health().errorShare(now);
    Verdict verdict =
        judged.map(j -> j.step().verdict()).orElse(new Verdict(Optional.empty(), 0, 0, false));
    int good = judged.map(j -> (int) j.round().useful(control.reference())).orElse(0);
    long duration = judged.map(j -> j.round().endNanos() - j.round().startNanos()).orElse(0L);
    return new RoundFacts(
        verdict,
        control.controller().level(),
        demand,
        errorShare,
        unreachable(state),
        good,
        duration,
        now);
  }

  /** Whether two live nodes, or the only one, had 5 connection failures and no answer since. */
  private static boolean unreachable(LedgerState state) {
    List<NodeRecord> live = state.live();
    long cut = live.stream().filter(n -> n.unreachableRun() >= UNREACHABLE_RUN).count();
    return cut > 0 && cut >= Math.min(2, live.size());
  }

  /** The entry after a move of the machine: effects on the controller, epoch, salt, probes. */
  private LedgerState moved(LedgerState state, Move move) {
    Phase from = state.recovery().phase();
    Phase to = move.next().phase();
    long now = state.nowNanos();
    LedgerState next =
        state.with(move.next(), move.why().isEmpty() ? state.why() : clipped(move.why()));
    Move.Effect effect = move.effect();
    if (effect instanceof Move.Effect.Close) {
      next = closed(next);
    } else if (effect instanceof Move.Effect.Start) {
      next = started(next);
    } else if (effect instanceof Move.Effect.SetCeiling set) {
      double least = next.control().reference().minCeiling();
      next = next.with(withCeiling(next.control(), Math.max(least, set.ratePerSecond())));
    } else if (effect instanceof Move.Effect.Advance) {
      double allowed = controller.allowed(next.control().controller(), next.control().reference());
      double step = Math.min(allowed, machine.cap(next.recovery()));
      next = next.with(withCeiling(next.control(), Math.max(next.control().ceiling(), step)));
    }
    boolean flutter = rising(from) && rising(to);
    if (from != to && !flutter) {
      next = next.with(next.authority().nextEpoch());
    }
    if (from != to) {
      next = recut(bounded(next.with(next.probes().hastened(now))), false);
    }
    return next;
  }

  private static boolean rising(Phase phase) {
    return phase == Phase.RAMPING || phase == Phase.HOLD;
  }

  private LedgerState closed(LedgerState state) {
    LedgerState.Authority authority = state.authority();
    long salt = authority.incidentSalt() * 0x9e3779b97f4a7c15L + authority.grants() + 1;
    LedgerState.Control control =
        state
            .control()
            .withController(controller.closed(state.nowNanos()))
            .withHealth(HealthWindow.EMPTY)
            .withCutoff(new Cutoff(0, 0, 0), true);
    return state.with(authority.salted(salt)).with(control);
  }

  private LedgerState started(LedgerState state) {
    long now = state.nowNanos();
    LedgerState.Control control =
        state
            .control()
            .withController(controller.start(state.control().reference(), now))
            .withHealth(HealthWindow.EMPTY);
    Map<String, NodeRecord> nodes = new TreeMap<>();
    state.nodes().forEach((name, node) -> nodes.put(name, node.reachable()));
    return state.with(control).with(OpenRound.begun(now, classes.size())).withNodes(nodes);
  }

  private static String clipped(String words) {
    return words.length() <= 200 ? words : words.substring(0, 200);
  }

  /** The cutoff for the present ceiling and demand. */
  private LedgerState recut(LedgerState state, boolean falling) {
    LedgerState.Control control = state.control();
    Cutoff cutoff =
        state.recovery().phase() == Phase.OPEN
            ? Cutoff.open(classes.size())
            : control.cutoff().next(control.ceiling(), state.demand());
    return state.with(control.withCutoff(cutoff, falling));
  }

  private List<ClassRates> rates(LedgerState state, double seconds) {
    List<ClassRates> rates = new ArrayList<>();
    for (int rank = 0; rank < classes.size(); rank++) {
      rates.add(state.rates().get(rank).after(state.round().added().get(rank), seconds));
    }
    return rates;
  }

  private Renewed granted(LedgerState state, Renewal renewal) {
    long now = state.nowNanos();
    NodeRecord node = requireNonNull(state.nodes().get(renewal.node()), "recorded above");
    Collection<NodeRecord> live = state.live();
    LedgerState.Control control = state.control();
    LeaseTerms terms = terms(state);
    double share = Allocation.share(node, live, control.cutoff());
    double others = 0;
    int othersSlots = 0;
    for (NodeRecord other : state.nodes().values()) {
      if (!other.name().equals(node.name())) {
        others += other.reserved(now);
        othersSlots += other.live(now) ? other.slots() : 0;
      }
    }
    double demand = Allocation.eligible(node.demand(), control.cutoff());
    double rate =
        Allocation.rate(
            control.ceiling() * share,
            node.rate(now),
            control.ceiling() - others,
            demand,
            control.falling());
    double window = control.controller().level().window();
    int windowLeft = (int) Math.round(window) - othersSlots;
    Allocation.Slots slots = Allocation.slots(node.slotCredit(), window * share, windowLeft);
    if (now - state.authority().blackoutUntilNanos() < 0) {
      rate = Math.min(rate, renewal.heldRate());
      slots = new Allocation.Slots(Math.min(slots.slots(), renewal.heldSlots()), slots.credit());
    }
    List<Integer> top = topRanks(state.demand());
    double failSafe = failSafe(state, node, rate, top);

    LedgerState.Authority authority = state.authority().granted();
    ProbeBook probes = state.probes();
    OptionalLong probe = OptionalLong.empty();
    if (probes.due(now)) {
      probes = probes.asked(now);
      probe = OptionalLong.of(probes.number());
    }
    Booking booking = new Booking(authority.grants(), rate, failSafe, now + terms.bookedNanos());
    LedgerState next =
        state
            .with(authority)
            .with(probes)
            .with(node.booked(booking, slots.credit(), slots.slots()));
    Grant grant =
        new Grant(
            new GrantId(authority.lineage(), authority.grants()),
            view(next, top),
            rate,
            slots.slots(),
            failSafe,
            terms.lengthNanos(),
            terms.renewEveryNanos(),
            probe);
    return new Renewed(next, new GrantReply.Granted(grant));
  }

  /** What the node may use for its two top classes once its lease has ended. */
  private double failSafe(LedgerState state, NodeRecord node, double rate, List<Integer> top) {
    if (state.recovery().phase() == Phase.OUTAGE) {
      return 0;
    }
    double topDemand = top.stream().mapToDouble(node.demand()::get).sum();
    double part = MAX_FAIL_SAFE_SHARE * state.control().ceiling() / settings.expectedNodes();
    return Math.min(rate, Math.min(topDemand, part));
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

  private static Grant.ClusterView view(LedgerState state, List<Integer> top) {
    Level level = state.control().controller().level();
    return new Grant.ClusterView(
        state.authority().epoch(),
        state.recovery().phase(),
        level.ceiling(),
        level.window(),
        state.control().reference().ratePerSecond(),
        state.control().cutoff().key(),
        state.authority().incidentSalt(),
        top,
        state.why());
  }
}
