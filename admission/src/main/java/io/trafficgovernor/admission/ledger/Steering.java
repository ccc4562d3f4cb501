package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.CeilingController;
import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.control.HealthWindow;
import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.ReferenceMeter;
import io.trafficgovernor.admission.control.Round;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.control.Verdict;
import io.trafficgovernor.admission.forecast.Trend;
import io.trafficgovernor.admission.gate.Gates;
import io.trafficgovernor.admission.gate.ParentHealth;
import io.trafficgovernor.admission.herd.PlannedRamp;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.recovery.Failed;
import io.trafficgovernor.admission.recovery.Move;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RecoveryMachine;
import io.trafficgovernor.admission.recovery.RoundFacts;
import io.trafficgovernor.admission.recovery.Stay;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the evidence moves the cluster: closes rounds, lets controller and recovery machine take
 * their steps, and carries out what they ask for. Pure.
 */
final class Steering {
  private static final int UNREACHABLE_RUN = 5;
  private static final int MAX_WHY = 200;

  /** Where a class waits for those it depends on: in a recovery, once something passes. */
  private static final Set<Phase> GATED =
      EnumSet.of(Phase.PROBING, Phase.RAMPING, Phase.HOLD, Phase.FROZEN);

  /** Where a round can lead of which not all is known. */
  private static final Set<Phase> DOWN = EnumSet.of(Phase.OUTAGE, Phase.DEGRADED, Phase.ROLLBACK);

  private final ClassTable classes;
  private final CeilingController controller;
  private final RecoveryMachine machine;
  private final Rules rules;

  Steering(ClassTable classes, CeilingController controller, RecoveryMachine machine, Rules rules) {
    this.rules = rules;
    this.classes = classes;
    this.controller = controller;
    this.machine = machine;
  }

  /** After the result of a probe; one that is not awaited any more changes nothing. */
  LedgerState probed(LedgerState state, ProbeResult result) {
    if (!state.probes().awaits(result.number())) {
      return state;
    }
    long now = state.nowNanos();
    LedgerState counted = result.good() ? state.with(state.round().plusGoodProbe()) : state;
    Move move = machine.onProbe(counted.recovery(), result.good(), now);
    LedgerState next = moved(counted, move);
    return next.with(next.probes().answered(result.good(), next.recovery().phase(), now));
  }

  /** After the ledger's clock stood still for an unknown time: no rate is taken over the gap. */
  LedgerState unrated(LedgerState state) {
    LedgerState.Control control = state.control();
    return state
        .with(control.withController(controller.unrated(control.controller())))
        .with(OpenRound.begun(state.nowNanos(), classes.size()));
  }

  /** A step of controller and machine, with the evidence of the round. */
  LedgerState roundClosed(LedgerState state) {
    long now = state.nowNanos();
    Round round = state.round().closed(state.nodes().values(), now);
    LedgerState next = state.withRates(rates(state, round.seconds()));
    Phase phase = state.recovery().phase();
    double ceilingBefore = state.control().ceiling();
    if (phase != Phase.OUTAGE) {
      next = judged(next, round);
    }
    double ceiling = next.control().ceiling();
    boolean falling = ceiling < ceilingBefore;
    next = next.with(gated(next, round));
    double growth =
        PlannedRamp.growth(
            next.control().growthPerSecond(), ceilingBefore, ceiling, round.seconds());
    Level before = state.control().controller().level();
    boolean slowStart = before.slowStart() || next.control().controller().level().slowStart();
    Trend trend = next.control().trend().after(ceilingBefore, ceiling, round.seconds(), slowStart);
    next = next.with(next.control().withGrowth(growth).withTrend(trend));
    return recut(next.with(OpenRound.begun(now, classes.size())), falling);
  }

  /**
   * After a round that lasted too long because reports are overdue: only what is bad is acted on.
   */
  LedgerState roundLapsed(LedgerState state) {
    long now = state.nowNanos();
    Round round = state.round().closed(state.nodes().values(), now);
    LedgerState next = state.withRates(rates(state, round.seconds()));
    double ceilingBefore = state.control().ceiling();
    if (state.recovery().phase() != Phase.OUTAGE) {
      LedgerState.Control control = state.control();
      next =
          judged(
              next,
              round,
              controller.lapsed(control.controller(), round, control.reference()),
              false);
    }
    boolean falling = next.control().ceiling() < ceilingBefore;
    return recut(next.with(OpenRound.begun(now, classes.size())), falling);
  }

  private LedgerState judged(LedgerState state, Round round) {
    LedgerState.Control control = state.control();
    return judged(
        state, round, controller.step(control.controller(), round, control.reference()), true);
  }

  /**
   * What controller and machine make of a round.
   *
   * @param known whether all have reported; if not, nothing moves up
   */
  private LedgerState judged(
      LedgerState state, Round round, CeilingController.Step step, boolean known) {
    LedgerState.Control control = state.control();
    ControllerState after = step.state();
    Level lawful = after.level();
    if (!state.boundByRate()) {
      after = after.withLevel(lawful.withCeiling(control.reference().envelope()));
    }
    HealthWindow health =
        controller.shortlySilent(control.controller(), round)
            ? control.health()
            : control.health().plus(round, control.reference());
    LedgerState next =
        state.with(
            control.withController(after).withHealth(health).withServed(served(state, round)));
    Failed.Blame blame =
        step.verdict()
            .signal()
            .map(signal -> state.round().blame(classes, signal))
            .orElse(Failed.Blame.NOBODY);
    Judged judged = new Judged(step, round, control.ceiling(), blame);
    Move wanted = machine.onRound(next.recovery(), facts(next, Optional.of(judged)));
    boolean may = known || DOWN.contains(wanted.next().phase());
    Move move = may ? wanted : Move.stay(next.recovery());
    boolean stayedOpen = move.next().phase() == Phase.OPEN;
    if (state.recovery().phase() == Phase.OPEN && !stayedOpen) {
      next = next.with(next.control().withController(after.withLevel(lawful)));
    }
    if (known && stayedOpen && !step.verdict().red()) {
      next = next.with(measured(next.control(), round));
    }
    return bounded(moved(next, move));
  }

  /** What waits for other classes is not the store's to serve. */
  private static Served served(LedgerState state, Round round) {
    double answers = 0;
    double ended = 0;
    for (int rank = 0; rank < round.tallies().size(); rank++) {
      if (state.gates().open(rank)) {
        Tally tally = round.tallies().get(rank);
        answers += tally.answers();
        ended += tally.completions() + state.round().added().get(rank).shed();
      }
    }
    return state.control().served().after(answers, ended, round.seconds());
  }

  /** In OPEN the reference is measured; it freezes by not being measured elsewhere. */
  private static LedgerState.Control measured(LedgerState.Control control, Round round) {
    ReferenceMeter meter = control.meter().plus(round, control.reference());
    return control.withReference(meter.reference(control.reference(), round.seconds()), meter);
  }

  /**
   * The ceiling within the bounds of phase and plan; in OPEN it is the envelope, once the ramp is
   * left behind.
   */
  private LedgerState bounded(LedgerState state) {
    LedgerState.Control control = state.control();
    Reference reference = control.reference();
    Stay stay = state.recovery().stay();
    if (stay.phase() == Phase.OUTAGE) {
      return state;
    }
    if (stay.phase() == Phase.OPEN) {
      double leaving = Math.max(reference.minCeiling(), stay.capPerSecond());
      return state.with(withCeiling(control, stay.leaving() ? leaving : reference.envelope()));
    }
    double cap = machine.cap(state.recovery());
    // the floor keeps the law from locking itself up; what an operator holds may lie below it
    double least = stay.held() ? Math.min(reference.minCeiling(), cap) : reference.minCeiling();
    double ceiling = Math.max(least, Math.min(control.ceiling(), cap));
    return state.with(withCeiling(control, ceiling));
  }

  private static LedgerState.Control withCeiling(LedgerState.Control control, double ceiling) {
    ControllerState controller = control.controller();
    return control.withController(controller.withLevel(controller.level().withCeiling(ceiling)));
  }

  /**
   * A round and what became of it.
   *
   * @param ceilingBefore what held while it lasted, tokens per second
   */
  record Judged(
      CeilingController.Step step, Round round, double ceilingBefore, Failed.Blame blame) {}

  /** What the machine goes by: the round just judged, or the present state if there is none. */
  static RoundFacts facts(LedgerState state, Optional<Judged> judged) {
    long now = state.nowNanos();
    LedgerState.Control control = state.control();
    double demand = state.demand().stream().mapToDouble(Double::doubleValue).sum();
    OptionalDouble errorShare = control.health().errorShare(now);
    Verdict verdict = judged.map(j -> j.step().verdict()).orElse(Verdict.UNKNOWN);
    int good =
        judged
            .map(j -> (int) j.round().total().inRequests(j.round().useful(control.reference())))
            .orElse(0);
    int bad = judged.map(j -> bad(j.round(), control.reference())).orElse(0);
    long duration = judged.map(j -> j.round().endNanos() - j.round().startNanos()).orElse(0L);
    return new RoundFacts(
        verdict,
        control.controller().level(),
        judged.map(Judged::ceilingBefore).orElse(control.ceiling()),
        demand,
        errorShare,
        unreachable(state),
        judged.map(Judged::blame).orElse(Failed.Blame.NOBODY),
        good,
        bad,
        control.served(),
        duration,
        now);
  }

  private static int bad(Round round, Reference reference) {
    Tally total = round.total();
    return (int) Math.round(total.inRequests(total.timeout() + round.unusualFailures(reference)));
  }

  /** Whether two live nodes, or the only one, had 5 connection failures and no answer since. */
  private static boolean unreachable(LedgerState state) {
    List<NodeRecord> live = state.live();
    long cut = live.stream().filter(n -> n.unreachableRun() >= UNREACHABLE_RUN).count();
    return cut > 0 && cut >= Math.min(2, live.size());
  }

  /** The entry after a move of the machine: effects on the controller, epoch, salt, probes. */
  LedgerState moved(LedgerState state, Move move) {
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
      double least = to == Phase.FROZEN ? 0 : next.control().reference().minCeiling();
      next = next.with(withCeiling(next.control(), Math.max(least, set.ratePerSecond())));
    } else if (effect instanceof Move.Effect.Advance) {
      double allowed = controller.allowed(next.control().controller(), next.control().reference());
      double step = Math.min(allowed, machine.cap(next.recovery()));
      double ceiling = Math.max(next.control().ceiling(), step);
      next = next.with(withCeiling(next.control(), ceiling));
      next = next.with(next.recovery().advanced(ceiling), next.why());
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

  LedgerState closed(LedgerState state) {
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
            .withHealth(HealthWindow.EMPTY)
            .withServed(Served.NOTHING)
            .withGrowth(PlannedRamp.FIRST_GROWTH)
            .withTrend(Trend.NONE);
    Map<String, NodeRecord> nodes = new TreeMap<>();
    state.nodes().forEach((name, node) -> nodes.put(name, node.reachable()));
    return state
        .with(control)
        .with(OpenRound.begun(now, classes.size()))
        .with(Gates.allOpen(classes.size()))
        .withNodes(nodes);
  }

  private static String clipped(String words) {
    return words.length() <= MAX_WHY ? words : words.substring(0, MAX_WHY);
  }

  /** The cutoff for the present ceiling and demand. */
  LedgerState recut(LedgerState state, boolean falling) {
    LedgerState.Control control = state.control();
    Cutoff cutoff =
        !state.boundByRate() || !rules.hold(Rule.CUTOFF)
            ? Cutoff.open(classes.size())
            : control.cutoff().next(control.ceiling(), state.gates().passing(state.demand()));
    return state.with(control.withCutoff(cutoff, falling));
  }

  /**
   * The gates after a round; outside a recovery all stand open. A round with HARD or STALL is the
   * whole backend's trouble: it says nothing of one class, and the ceiling sees to it.
   */
  private Gates gated(LedgerState state, Round round) {
    if (!GATED.contains(state.recovery().phase()) || !rules.hold(Rule.GATES)) {
      return Gates.allOpen(classes.size());
    }
    Brakes brakes = state.control().controller().brakes();
    if (brakes.stalledSinceNanos() != Brakes.NEVER || brakes.hardNanos() == round.endNanos()) {
      return state.gates();
    }
    List<ParentHealth.Added> added = new ArrayList<>();
    for (int rank = 0; rank < classes.size(); rank++) {
      ClassReport of = state.round().added().get(rank);
      Tally outcomes = of.outcomes();
      double excused = state.control().reference().excusableFailures(rank, outcomes);
      // a refusal says that the backend is busy, not that the class is unwell; FAST sees to it
      long judged = outcomes.completions() - outcomes.refused();
      added.add(
          new ParentHealth.Added(
              of.admitted(),
              of.shed(),
              Math.round(outcomes.inRequests(judged)),
              outcomes.inRequests(outcomes.success() + excused)));
    }
    return state.gates().after(classes, added, round.seconds());
  }

  private List<ClassRates> rates(LedgerState state, double seconds) {
    List<ClassRates> rates = new ArrayList<>();
    for (int rank = 0; rank < classes.size(); rank++) {
      rates.add(state.rates().get(rank).after(state.round().added().get(rank), seconds));
    }
    return rates;
  }
}
