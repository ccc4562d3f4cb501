package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.control.CeilingController;
import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.control.HealthWindow;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.ReferenceMeter;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.forecast.Trend;
import io.trafficgovernor.admission.gate.Gates;
import io.trafficgovernor.admission.herd.PlannedRamp;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Memory;
import io.trafficgovernor.admission.recovery.Move;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Recovery;
import io.trafficgovernor.admission.recovery.RecoveryMachine;
import io.trafficgovernor.admission.recovery.Stay;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** What an operator orders stands against what any disk remembers of a ledger before this one. */
  private static final long AGAINST_ANY_MEMORY = Long.MAX_VALUE;

  private final LedgerSettings settings;
  private final ClassTable classes;
  private final CeilingController controller;
  private final RecoveryMachine machine;
  private final Steering steering;
  private final Granting granting;
  private final SettingsPrint print;
  private final Refitting refitting;

  public Ledger(LedgerSettings settings) {
    this.settings = requireNonNull(settings, "settings");
    this.classes = settings.classes();
    this.print = settings.print();
    this.controller = new CeilingController(classes, settings.rules());
    this.machine = new RecoveryMachine(settings.mode(), settings.plan(), settings.rules());
    this.steering = new Steering(classes, controller, machine, settings.rules());
    this.granting = new Granting(settings);
    this.refitting = new Refitting(classes, controller);
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
    NodeRecord known = state.nodes().get(renewal.node());
    long now = state.nowNanos();
    Optional<String> misfit = misfit(renewal, known, now);
    if (misfit.isPresent()) {
      return new Renewed(
          state.excluding(renewal.node(), misfit.get()),
          new GrantReply.Refused(misfit.get(), true));
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
    if (foreign(state, renewal)) {
      state = blackedOut(state, renewal);
    }
    state = recorded(state, renewal, known, returning);
    if (renewal.probe().isPresent()) {
      state = steering.probed(state, renewal.probe().get());
    }
    if (state.round().closes(state.nodes().values(), Granting.terms(state), now)) {
      state = steering.roundClosed(state);
    } else if (state.round().lapses(Granting.terms(state), now)) {
      state = steering.roundLapsed(state);
    }
    return granting.granted(state, renewal);
  }

  /** Why the node cannot have a lease as it is, in words; empty if it can. */
  private Optional<String> misfit(Renewal renewal, @Nullable NodeRecord known, long nowNanos) {
    String node = renewal.node();
    int count = renewal.report().classes().size();
    List<String> differing = print.differences(renewal.settings());
    if (count != classes.size()) {
      return Optional.of(
          "classes: got %d from %s, allowed %d: the nodes' configurations differ"
              .formatted(count, node, classes.size()));
    }
    if (!differing.isEmpty()) {
      return Optional.of(
          "settings: %s of %s differ from the ledger's, allowed the same on every node"
              .formatted(String.join(", ", differing), node));
    }
    if (known != null
        && known.incarnation() != renewal.incarnation()
        && known.incarnation() != renewal.succeeds()
        && known.live(nowNanos)) {
      return Optional.of(
          ("node name: got %s from a second process, allowed once; "
                  + "wait until the first one's lease ends")
              .formatted(node));
    }
    return Optional.empty();
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
        machine.onCommand(state.recovery(), command, Steering.facts(state, Optional.empty()));
    if (ruling instanceof RecoveryMachine.Ruling.Illegal illegal) {
      return new Commanded(
          state, new CommandReply.Illegal(epoch, illegal.from(), illegal.to(), illegal.allowed()));
    }
    if (ruling instanceof RecoveryMachine.Ruling.NotGreen notGreen) {
      return new Commanded(state, new CommandReply.NotGreen(epoch, from, notGreen.faults()));
    }
    Move move = ((RecoveryMachine.Ruling.Accepted) ruling).move();
    double ceilingBefore = state.control().ceiling();
    LedgerState next = steering.moved(state, move);
    if (next.authority().epoch() == epoch) {
      next = next.with(next.authority().nextEpoch());
    }
    LedgerState.Authority own = next.authority();
    next = next.with(own.resumed(own.lineage(), AGAINST_ANY_MEMORY, own.begunNanos()));
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
            owner.lineage(),
            0,
            1,
            owner.lineage(),
            clock,
            now + LeaseTerms.LONGEST_BOOKED_NANOS,
            0,
            now);
    LedgerState.Control control =
        new LedgerState.Control(
            controller.start(reference, now),
            HealthWindow.EMPTY,
            reference,
            ReferenceMeter.EMPTY,
            new Cutoff(0, 0, 0),
            false,
            PlannedRamp.FIRST_GROWTH,
            Served.NOTHING,
            Trend.NONE);
    LedgerState state =
        new LedgerState(
            authority,
            control,
            Recovery.firstBoot(now),
            "first boot",
            Collections.nCopies(classes.size(), ClassRates.NONE),
            OpenRound.begun(now, classes.size()),
            ProbeBook.begun(now),
            Map.of(),
            SlotPeak.begun(now),
            Gates.allOpen(classes.size()),
            List.of(),
            LedgerState.Strays.NONE);
    return steering.recut(state, false);
  }

  /** A ledger that starts in OUTAGE, knowing how the backend did when it was well. */
  public LedgerState closed(Owner owner, Reference reference) {
    LedgerState state = begun(owner);
    Recovery away =
        new Recovery(Stay.in(Phase.OUTAGE, state.nowNanos()), Memory.NONE.enteredOpen());
    return steering.closed(
        state
            .with(away, "resumed in OUTAGE")
            .with(state.control().withReference(reference, ReferenceMeter.EMPTY)));
  }

  /**
   * A ledger that goes on from what a node remembers, no further than it was: what an operator
   * holds stays held, an outage stays one, and everything else begins a ramp, at the remembered
   * ceiling at most. What was booked stays booked, and nobody's rate grows until all old leases
   * have ended.
   *
   * @param before the entry; null if there is none
   * @return empty if the entry knows of it: see {@link LedgerState.Authority#lacks}
   */
  public Optional<LedgerState> resumed(
      @Nullable LedgerState before, LedgerState remembered, Owner owner) {
    LedgerState fitting = refitting.fitted(remembered);
    if (before == null) {
      LedgerState alone = Reunion.of(fitting);
      long epoch = remembered.authority().epoch();
      LedgerState.Authority resumed =
          alone.authority().resumed(owner.lineage(), epoch, alone.nowNanos());
      return Optional.of(careful(at(alone.with(resumed), owner)));
    }
    return before.authority().lacks(remembered.authority())
        ? Optional.of(careful(at(Reunion.resumed(before, fitting), owner)))
        : Optional.empty();
  }

  private LedgerState careful(LedgerState state) {
    Stay stay = state.recovery().stay();
    if (stay.held() || stay.phase() == Phase.OUTAGE || stay.phase() == Phase.FROZEN) {
      return state;
    }
    long now = state.nowNanos();
    LedgerState.Control control = state.control();
    ControllerState start = controller.start(control.reference(), now);
    double ceiling = Math.min(start.level().ceiling(), control.ceiling());
    LedgerState begun =
        state
            .with(
                control
                    .withController(start.withLevel(start.level().withCeiling(ceiling)))
                    .withHealth(HealthWindow.EMPTY))
            .with(
                new Recovery(Stay.in(Phase.PROBING, now), state.recovery().memory()),
                "resumed; it was " + stay.phase())
            .with(OpenRound.begun(now, classes.size()));
    return steering.recut(begun, false);
  }

  /**
   * The entry as of now. If it changed hands, nobody knows how long that took, so no rate is taken
   * over it; its bookings go on by a clock that is never ahead. One from a memory or a split has no
   * such clock: there every booking lasts as long as the longest.
   */
  private LedgerState at(LedgerState before, Owner owner) {
    LedgerState state = refitting.fitted(before);
    LedgerClock clock = state.authority().clock();
    boolean same = clock.drivenBy(owner);
    LedgerState advanced = state.with(state.authority().at(clock.at(owner))).forgettingExcluded();
    long now = advanced.nowNanos();
    Map<String, NodeRecord> nodes = new TreeMap<>();
    long longest = now + LeaseTerms.LONGEST_BOOKED_NANOS;
    long since = advanced.askedSince(classes.longestTimeoutNanos());
    for (NodeRecord node : advanced.nodes().values()) {
      if (!node.forgettable(since, now)) {
        NodeRecord kept = clock.driven() ? node : node.rebased(now, longest);
        nodes.put(node.name(), same ? kept : kept.interrupted());
      }
    }
    LedgerState kept = advanced.withNodes(nodes);
    return same ? kept : steering.unrated(kept);
  }

  /** Whether the node knows of grants or an epoch that this ledger does not. */
  private static boolean foreign(LedgerState state, Renewal renewal) {
    LedgerState.Authority authority = state.authority();
    GrantId held = renewal.held();
    return renewal.heldEpoch() > authority.epoch()
        || (!held.equals(GrantId.NONE)
            && (held.lineage() != authority.lineage() || held.counter() > authority.grants()));
  }

  /** Grants were lost: until the last of them has ended, nobody's rate grows; the epoch goes on. */
  private LedgerState blackedOut(LedgerState state, Renewal renewal) {
    LedgerState.Authority authority = state.authority();
    boolean ours = renewal.held().lineage() == authority.lineage();
    long grants =
        ours ? Math.max(authority.grants(), renewal.held().counter()) : authority.grants();
    long epoch = Math.max(authority.epoch(), renewal.heldEpoch() + 1);
    long now = state.nowNanos();
    double share = granting.mostFailSafe(renewal.heldCeiling());
    LedgerState.Strays strays =
        share <= state.strays().each(now)
            ? state.strays()
            : new LedgerState.Strays(share, now + Grant.FAIL_SAFE_NANOS);
    return state
        .with(authority.blackedOut(now + LeaseTerms.LONGEST_BOOKED_NANOS, epoch, grants))
        .with(strays);
  }

  private LedgerState recorded(
      LedgerState state, Renewal renewal, @Nullable NodeRecord known, boolean returning) {
    long now = state.nowNanos();
    if (known != null && returning) {
      OpenRound round = state.round();
      String node = renewal.node();
      long gathered = renewal.sentNanos() - known.sentNanos();
      boolean within =
          known.continued()
              && round.covers(node, known.reportedNanos(), gathered, Granting.terms(state), now);
      long since = state.askedSince(classes.longestTimeoutNanos());
      NodeRecord next = known.reported(renewal, state.authority().lineage(), since, now);
      return state
          .with(within ? round.plus(node, gathered, renewal.report(), known.report()) : round)
          .with(
              state.strays().each(now) > 0 && !state.strays().knows(known.reportedNanos())
                  ? next.carrying(granting.mostFailSafe(renewal.heldCeiling()), now)
                  : next);
    }
    List<Booking> before = known == null ? List.of() : known.leftBehind(renewal.succeeds());
    double credit = unit(renewal.incarnation());
    return state.with(
        NodeRecord.first(renewal, before, credit, now)
            .carrying(granting.mostFailSafe(renewal.heldCeiling()), now));
  }

  /** A number in [0, 1) that nodes do not share: their slots must not come round in step. */
  private static double unit(long incarnation) {
    return ((incarnation * 0x9e3779b97f4a7c15L) >>> 11) * 0x1.0p-53;
  }
}
