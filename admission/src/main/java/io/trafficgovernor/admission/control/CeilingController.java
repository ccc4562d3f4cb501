package io.trafficgovernor.admission.control;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The evidence-bounded ramp: sets the ceiling and the window of the whole cluster after each round
 * from what the backend was seen to do.
 *
 * <p>The window follows Little's law per class, so that it tracks the backend's capacity while it
 * warms; the ceiling stays within a fixed factor of the goodput seen in the last 2 s, so that a
 * herd finds little room (invariants I3 to I5). Errors, time-outs and silence never raise anything.
 *
 * <p>Immutable and pure: state in, state out. Source of every rule and constant: DESIGN.md, "The
 * evidence-bounded ramp".
 */
public final class CeilingController {
  private static final double MIN_STALLED_WINDOW = 4;
  private static final double SMALL_WINDOW = 16;

  private static final int MIN_PROBE_ANSWERS = 10;

  private static final long SHORT_SILENCE_NANOS = 10_000_000_000L;

  private static final double GAIN = 1.5;
  private static final double BOLD_GAIN = 2;
  private static final double UNUSED_DECAY = 0.9;
  private static final double MAX_OVER_GOODPUT = 3;
  private static final double HARD_TIMEOUT_SHARE = 0.1;
  private static final double HARD_FAILURE_SHARE = 0.5;
  private static final int FAST_MIN_REFUSED = 3;
  private static final double FAST_REFUSED_SHARE = 0.02;
  private static final double FAST_CUT = 0.95;
  private static final double UNBOUND_PER_SECOND = 1e6;
  private static final double UNBOUND_WINDOW = 1e5;

  private final ClassTable classes;
  private final WindowRule windows;
  private final Rules rules;

  /** With all rules of the law. */
  public CeilingController(ClassTable classes) {
    this(classes, Rules.ALL);
  }

  public CeilingController(ClassTable classes, Rules rules) {
    this.classes = requireNonNull(classes, "classes");
    this.rules = requireNonNull(rules, "rules");
    this.windows = new WindowRule(classes, rules);
  }

  /** A step's result. */
  public record Step(ControllerState state, Verdict verdict) {}

  /** The state before anything began: closed. */
  public ControllerState closed(long nowNanos) {
    return fresh(Level.CLOSED, nowNanos);
  }

  /**
   * The start of a ramp. Bold in the ceiling, timid in the window: at most half of what was in
   * flight when all was well.
   */
  public ControllerState start(Reference reference, long nowNanos) {
    double timeout = classes.meanTimeoutSeconds();
    double rate = reference.ratePerSecond();
    double ceiling = Math.max(floor(timeout), 0.2 * rate);
    double window = Math.min(0.5 * rate * reference.latencySeconds(), rate * timeout / 40);
    boolean slowStart = rules.hold(Rule.SLOW_START);
    Level level = new Level(ceiling, Math.max(WindowRule.MIN_WINDOW, window), slowStart, 0);
    return fresh(unbound(level), nowNanos);
  }

  private ControllerState fresh(Level level, long nowNanos) {
    return new ControllerState(
        level,
        Goodput.NONE,
        Collections.nCopies(classes.size(), BaseLatency.UNKNOWN),
        ProbeRtt.start(nowNanos),
        Brakes.start(nowNanos),
        Slack.NONE);
  }

  /**
   * The state after one more round. The order of the rules is part of the law.
   *
   * @param reference how the backend did when it was well
   */
  public Step step(ControllerState state, Round round, Reference reference) {
    Step step = lawful(state, round, reference);
    return new Step(step.state().withLevel(unbound(step.state().level())), step.verdict());
  }

  /**
   * The state after a round of which not all is known: some nodes' reports are overdue. Bad news
   * counts as ever; nothing rises, and no rate is learned.
   */
  public Step lapsed(ControllerState state, Round round, Reference reference) {
    Step step = step(state, round, reference);
    Level before = state.level();
    Level after = step.state().level();
    Level lower =
        new Level(
            Math.min(before.ceiling(), after.ceiling()),
            Math.min(before.window(), after.window()),
            before.slowStart() && after.slowStart(),
            Math.max(before.knownGood(), after.knownGood()));
    boolean red = step.verdict().red();
    ControllerState from = red ? step.state() : state;
    return new Step(
        new ControllerState(
            lower, from.goodput(), from.bases(), from.probe(), step.state().brakes(), from.slack()),
        red ? step.verdict() : Verdict.UNKNOWN);
  }

  /** In a study without ceiling or window: one that never binds. */
  private Level unbound(Level level) {
    double ceiling = rules.hold(Rule.CEILING) ? level.ceiling() : UNBOUND_PER_SECOND;
    double window = rules.hold(Rule.WINDOW) ? level.window() : UNBOUND_WINDOW;
    return new Level(ceiling, window, level.slowStart(), level.knownGood());
  }

  private Step lawful(ControllerState state, Round round, Reference reference) {
    if (state.brakes().stalls(round) && rules.hold(Rule.STALL)) {
      return stall(state, round, reference);
    }
    ControllerState begun = state.brakes().stalled() && round.answered() ? restarted(state) : state;
    double useful = round.useful(reference);
    Goodput goodput = begun.goodput().plus(round, useful, begun.level().slowStart());
    double unusual = round.unusualFailures(reference);
    Tally total = round.total();
    if (rules.hold(Rule.HARD)
        && total.ended() >= Goodput.MIN_COMPLETIONS
        && (total.timeout() > HARD_TIMEOUT_SHARE * total.completions()
            || unusual > HARD_FAILURE_SHARE * total.completions())) {
      return hard(begun, round, reference, goodput);
    }
    return normal(begun, round, reference, goodput);
  }

  /**
   * Without the rates it has seen, which may be older than they look: they cannot raise anything.
   */
  public ControllerState unrated(ControllerState state) {
    return new ControllerState(
        state.level(),
        Goodput.NONE,
        WindowRule.withoutOpenBlocks(state.bases()),
        state.probe(),
        state.brakes(),
        state.slack());
  }

  /** The ceiling the evidence allows at once, for an operator who wants to go on: 1.5 G. */
  public double allowed(ControllerState state, Reference reference) {
    return Math.max(reference.minCeiling(), GAIN * state.goodput().best());
  }

  /**
   * Whether the round's time-outs are still part of a short silence: they are judged by HARD and
   * STALL, not yet as an outage.
   */
  public boolean shortlySilent(ControllerState before, Round round) {
    return !round.answered()
        && round.endNanos() - before.brakes().answeredNanos() < SHORT_SILENCE_NANOS;
  }

  /** Nothing comes back: halve everything, and remember how far things had got. */
  private Step stall(ControllerState state, Round round, Reference reference) {
    Level level = state.level();
    double knownGood =
        state.brakes().stalled()
            ? level.knownGood()
            : Math.max(level.knownGood(), 0.7 * state.goodput().best());
    Level cut =
        new Level(
            Math.max(reference.minCeiling(), level.ceiling() / 2),
            Math.max(MIN_STALLED_WINDOW, level.window() / 2),
            false,
            knownGood);
    double silentSeconds = (round.endNanos() - state.brakes().answeredNanos()) / 1e9;
    return new Step(
        new ControllerState(
            cut,
            Goodput.NONE,
            WindowRule.withoutOpenBlocks(state.bases()),
            state.probe().ended(round.endNanos()),
            state.brakes().stall(round.endNanos()),
            Slack.NONE),
        Verdict.red(Signal.STALL, silentSeconds, 0.5));
  }

  /**
   * The first answer after a STALL: slow start begins again, towards the level known to be good.
   */
  private ControllerState restarted(ControllerState state) {
    return new ControllerState(
        state.level().withSlowStart(rules.hold(Rule.SLOW_START)),
        Goodput.NONE,
        state.bases(),
        state.probe(),
        state.brakes(),
        state.slack());
  }

  /**
   * The backend fails: what this round showed is all that counts now. If it refuses as well, the
   * ceiling falls as after FAST, if that is lower: worse news never leaves more.
   */
  private Step hard(ControllerState state, Round round, Reference reference, Goodput goodput) {
    double seen = round.useful(reference) / round.seconds();
    double taken = fast(round) ? Math.min(seen, FAST_CUT * goodput.best()) : seen;
    Goodput alone = Goodput.NONE.plus(round, round.useful(reference), false);
    Level level = state.level();
    double limit = queueLimit(seen, timeoutSeconds(goodput.shares()));
    Level cut =
        new Level(
            Math.max(reference.minCeiling(), Math.min(level.ceiling(), taken)),
            Math.max(WindowRule.MIN_WINDOW, 0.5 * Math.min(level.window(), limit)),
            false,
            level.knownGood());
    Brakes heard = state.brakes().heard(round, alone.best(), classes.longestTimeoutNanos());
    Brakes brakes = heard.hard(round.endNanos());
    return new Step(
        new ControllerState(
            cut,
            alone,
            WindowRule.withoutOpenBlocks(state.bases()),
            state.probe().ended(round.endNanos()),
            fast(round) ? brakes.fast(round.endNanos()) : brakes,
            Slack.NONE),
        hardVerdict(round, reference));
  }

  private static Verdict hardVerdict(Round round, Reference reference) {
    Tally total = round.total();
    double outcomes = total.completions();
    return total.timeout() > HARD_TIMEOUT_SHARE * outcomes
        ? Verdict.red(Signal.HARD, total.timeout() / outcomes, HARD_TIMEOUT_SHARE)
        : Verdict.red(Signal.HARD, round.unusualFailures(reference) / outcomes, HARD_FAILURE_SHARE);
  }

  private boolean fast(Round round) {
    Tally total = round.total();
    return rules.hold(Rule.FAST)
        && total.inRequests(total.refused()) >= FAST_MIN_REFUSED
        && total.refused() > FAST_REFUSED_SHARE * total.completions();
  }

  private Step normal(ControllerState state, Round round, Reference reference, Goodput goodput) {
    Level level = state.level();
    double best = goodput.best();
    boolean returning = rules.hold(Rule.KNOWN_GOOD) && level.ceiling() < 0.5 * level.knownGood();
    double gain = level.slowStart() || returning ? BOLD_GAIN : GAIN;
    boolean binds =
        round.inFlight() >= WindowRule.BINDING_SHARE * level.window() || round.slotRefusals() > 0;
    List<BaseLatency> bases = WindowRule.fed(state, round);
    bases = rules.hold(Rule.SLOWER) ? WindowRule.slower(bases, state, round) : bases;
    boolean slowStart = level.slowStart() && !(binds && level.window() > SMALL_WINDOW);

    ProbeRtt probe = state.probe();
    if (probe.round() == ProbeRtt.ROUNDS) {
      OptionalDouble quotient = WindowRule.quotient(bases, round, MIN_PROBE_ANSWERS);
      bases = WindowRule.probed(bases, quotient, round.endNanos() + probe.blockLifeNanos());
      probe =
          quotient.isEmpty()
              ? probe.ended(round.endNanos())
              : probe.measured(
                  quotient.getAsDouble() >= 0.9 && quotient.getAsDouble() <= 1.1, round.endNanos());
    } else if (probe.active()
        || (rules.hold(Rule.PROBE_RTT)
            && probe.due(round.endNanos())
            && binds
            && Slack.crowded(state, round)
            && level.window() > SMALL_WINDOW)) {
      probe = probe.nextRound();
      bases = WindowRule.withoutOpenBlocks(bases);
    }

    boolean fast = fast(round);
    Slack slack = rules.hold(Rule.SLACK) ? state.slack().after(state, round, fast) : Slack.NONE;
    Brakes brakes = state.brakes().heard(round, best, classes.longestTimeoutNanos());
    double window =
        brakes.holdsWindow(round.endNanos())
            ? level.window()
            : windows.window(best, goodput.shares(), bases, probe.active(), slack.factor());
    brakes = fast ? brakes.fast(round.endNanos()) : brakes;
    double ceiling =
        ceiling(level.ceiling(), best, gain, fast, brakes, round.endNanos(), reference);
    if (!brakes.holdsCeiling(round.endNanos()) && rules.hold(Rule.FLOOR)) {
      ceiling = Math.max(ceiling, floor(timeoutSeconds(goodput.shares())));
    }
    Level next = new Level(ceiling, window, slowStart && !fast, level.knownGood());
    Verdict verdict =
        fast
            ? Verdict.red(
                Signal.FAST,
                round.total().refused() / (double) round.total().completions(),
                FAST_REFUSED_SHARE)
            : Verdict.notRed(round);
    return new Step(new ControllerState(next, goodput, bases, probe, brakes, slack), verdict);
  }

  /** FAST, or growth towards gain * G; an unused ceiling decays; never over 3 * G. */
  private double ceiling(
      double present,
      double best,
      double gain,
      boolean fast,
      Brakes brakes,
      long nowNanos,
      Reference reference) {
    double least = reference.minCeiling();
    double next;
    if (fast) {
      next = Math.max(least, Math.min(present, FAST_CUT * best));
    } else if (brakes.holdsCeiling(nowNanos)) {
      next = Math.max(least, Math.min(1.01 * present, Math.max(present, gain * best)));
    } else {
      double kept = rules.hold(Rule.UNUSED) ? UNUSED_DECAY * present : present;
      next = Math.max(least, Math.max(gain * best, kept));
      next = brakes.caresForCeiling(nowNanos) ? Math.min(next, 1.05 * present) : next;
    }
    double most = MAX_OVER_GOODPUT * Math.max(best, least / MAX_OVER_GOODPUT);
    return Math.max(least, rules.hold(Rule.THREE_TIMES) ? Math.min(next, most) : next);
  }

  private double timeoutSeconds(List<Double> shares) {
    if (shares.isEmpty()) {
      return classes.meanTimeoutSeconds();
    }
    double timeout = 0;
    for (int rank = 0; rank < shares.size(); rank++) {
      timeout += shares.get(rank) * classes.at(rank).timeoutSeconds();
    }
    return timeout;
  }

  private static double queueLimit(double rate, double timeoutSeconds) {
    return rate * WindowRule.QUEUE_SHARE_OF_TIMEOUT * timeoutSeconds;
  }

  /** What eight requests that take a quarter of the time-out each amount to, per second. */
  private static double floor(double timeoutSeconds) {
    return WindowRule.MIN_WINDOW / (WindowRule.QUEUE_SHARE_OF_TIMEOUT * timeoutSeconds);
  }
}
