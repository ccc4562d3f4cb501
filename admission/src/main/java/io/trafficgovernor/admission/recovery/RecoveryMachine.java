package io.trafficgovernor.admission.recovery;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Verdict;
import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The phases and their hysteresis, as pure functions: {@link #onRound} after each round of
 * evidence, {@link #onProbe} after each probe, {@link #onCommand} when an operator speaks. The mode
 * gates moves upward only; moves downward always happen by themselves.
 *
 * <p>Source of the table and its constants: DESIGN.md, "The evidence-bounded ramp".
 */
public final class RecoveryMachine {
  private static final double OUTAGE_ERROR_SHARE = 0.80;
  private static final double DEGRADED_ERROR_SHARE = 0.10;
  private static final int GOOD_OUTCOMES_TO_RAMP = 20;
  private static final int GOOD_OUTCOMES_TO_RECOVER = 3;
  private static final int BAD_OUTCOMES_TO_OUTAGE = 5;
  private static final int MAX_PROGRESS = 1_000_000;
  private static final int GREEN_ROUNDS_TO_RAMP = 3;
  private static final int ROLLBACKS_TO_OUTAGE = 3;
  private static final int FLAPPING_OUTAGES = 3;
  private static final int GOOD_PROBES_WHEN_FLAPPING = 3;
  private static final double OPEN_HEADROOM = 1.1;
  private static final long CAUSE_GONE_NANOS = 5_000_000_000L;
  private static final long QUIET_TO_OPEN_NANOS = 60_000_000_000L;
  private static final long QUIET_TO_OPEN_FIRST_NANOS = 5_000_000_000L;
  private static final long QUIET_TO_RECOVER_NANOS = 10_000_000_000L;
  private static final long HARD_TWICE_NANOS = 5_000_000_000L;

  private final RampMode mode;
  private final RampPlan plan;
  private final Rules rules;

  /** A machine with all its rules. */
  public RecoveryMachine(RampMode mode, RampPlan plan) {
    this(mode, plan, Rules.ALL);
  }

  public RecoveryMachine(RampMode mode, RampPlan plan, Rules rules) {
    this.rules = requireNonNull(rules, "rules");
    this.mode = requireNonNull(mode, "mode");
    this.plan = requireNonNull(plan, "plan");
  }

  /** What became of a command. */
  public sealed interface Ruling {
    /** It is legal: this is where it leads. */
    record Accepted(Move move) implements Ruling {}

    /** It is not legal in this phase; these verbs are. */
    record Illegal(Phase from, Phase to, List<Verb> allowed) implements Ruling {}

    /** OPEN was asked for, and this is what is not green. */
    record NotGreen(List<String> faults) implements Ruling {}
  }

  /**
   * The bound of the ceiling in this state: the phase's, the plan's, and below a level that failed
   * before; the last does not bind an operator's pin.
   */
  public double cap(Recovery recovery) {
    double planned =
        Math.min(
            recovery.stay().capPerSecond(), plan.limitPerSecond(recovery.memory().rampNanos()));
    boolean bold = recovery.phase() == Phase.FROZEN || !rules.hold(Rule.CAUTION);
    return bold ? planned : Math.min(planned, recovery.memory().cap());
  }

  /** After a round of evidence. */
  public Move onRound(Recovery recovery, RoundFacts facts) {
    Phase phase = recovery.phase();
    Recovery noted = recovery.with(recovery.memory().afterRound(facts, phase == Phase.RAMPING));
    if (phase == Phase.OUTAGE) {
      return Move.stay(noted);
    }
    if (phase != Phase.PROBING) {
      Optional<String> away = away(facts);
      if (away.isPresent()) {
        return outage(noted, facts.endNanos(), away.get());
      }
    }
    if (!rules.hold(Rule.PHASES)) {
      return Move.stay(noted);
    }
    return switch (phase) {
      case OPEN -> open(noted, facts);
      case DEGRADED -> degraded(recovery.memory(), noted, facts);
      case PROBING -> probing(noted, facts);
      case RAMPING -> ramping(noted, facts);
      case HOLD -> hold(noted, facts);
      case ROLLBACK -> rollback(noted, facts);
      case FROZEN -> frozen(noted, facts);
      case OUTAGE, ISOLATED -> throw new IllegalStateException("no rounds are judged in " + phase);
    };
  }

  private static Optional<String> away(RoundFacts facts) {
    if (facts.unreachable()) {
      return Optional.of("the backend cannot be connected to");
    }
    if (facts.errorShare().orElse(0) >= OUTAGE_ERROR_SHARE) {
      return Optional.of(
          words("error share %.2f, bar %.2f", facts.errorShare().orElse(0), OUTAGE_ERROR_SHARE));
    }
    return Optional.empty();
  }

  private static Move open(Recovery recovery, RoundFacts facts) {
    boolean failing = facts.errorShare().orElse(0) >= DEGRADED_ERROR_SHARE;
    if (!facts.verdict().red() && !failing) {
      Stay further = recovery.stay().further(facts);
      boolean left = recovery.stay().leaving() && !further.leaving();
      String why = left ? "the ramp is left behind" : "";
      return new Move(recovery.with(further), new Move.Effect.None(), why);
    }
    Stay next = Stay.in(Phase.DEGRADED, facts.endNanos()).capped(facts.ceilingBefore());
    String why =
        facts.verdict().red()
            ? words(facts.verdict())
            : words("error share %.2f, bar %.2f", facts.errorShare().orElse(0), 0.10);
    return new Move(recovery.with(next), new Move.Effect.None(), why);
  }

  private Move degraded(Memory before, Recovery recovery, RoundFacts facts) {
    boolean hard = facts.verdict().signal().filter(s -> s == Signal.HARD).isPresent();
    if (hard
        && facts.endNanos() - before.hardNanos() <= HARD_TWICE_NANOS
        && before.hardNanos() - recovery.stay().sinceNanos() >= 0) {
      return outage(recovery, facts.endNanos(), words(facts.verdict()) + ", twice in 5 s");
    }
    int good = facts.verdict().red() ? 0 : recovery.stay().progress() + facts.goodOutcomes();
    int progress = Math.min(MAX_PROGRESS, good);
    boolean quiet =
        quietFor(recovery, facts.endNanos(), QUIET_TO_RECOVER_NANOS)
            && progress >= GOOD_OUTCOMES_TO_RECOVER
            && facts.errorShare().orElse(0) < DEGRADED_ERROR_SHARE;
    return quiet && mode != RampMode.MANUAL
        ? opened(recovery, facts, "10 s without a red round")
        : Move.stay(recovery.with(recovery.stay().progressed(progress)));
  }

  private Move probing(Recovery recovery, RoundFacts facts) {
    if (facts.verdict().callsForRollback()) {
      Failed failed = failed(recovery, facts);
      Memory memory = recovery.memory().with(Optional.of(failed));
      return outage(recovery.with(memory), facts.endNanos(), failed.words());
    }
    return facts.goodOutcomes() == 0 && facts.badOutcomes() > 0
        ? unanswered(recovery, facts.badOutcomes(), facts.endNanos())
        : progressed(recovery, facts.goodOutcomes(), facts.endNanos());
  }

  /** Too few for HARD, and yet: so many bad outcomes and not one good one. */
  private static Move unanswered(Recovery recovery, int badOutcomes, long nowNanos) {
    int progress = Math.min(0, recovery.stay().progress()) - Math.min(MAX_PROGRESS, badOutcomes);
    return progress <= -BAD_OUTCOMES_TO_OUTAGE
        ? outage(recovery, nowNanos, -progress + " bad outcomes and no good one")
        : Move.stay(recovery.with(recovery.stay().progressed(progress)));
  }

  private Move progressed(Recovery recovery, int goodOutcomes, long nowNanos) {
    int before =
        goodOutcomes > 0 ? Math.max(0, recovery.stay().progress()) : recovery.stay().progress();
    int progress = Math.min(MAX_PROGRESS, before + goodOutcomes);
    if (progress < GOOD_OUTCOMES_TO_RAMP || mode == RampMode.MANUAL) {
      return Move.stay(recovery.with(recovery.stay().progressed(progress)));
    }
    return risen(recovery, nowNanos, progress + " good outcomes");
  }

  private Move ramping(Recovery recovery, RoundFacts facts) {
    if (facts.verdict().callsForRollback()) {
      return rolledBack(recovery, facts);
    }
    if (facts.verdict().red()) {
      return enter(recovery, Phase.HOLD, facts.endNanos(), words(facts.verdict()));
    }
    long quiet = recovery.memory().reachedOpen() ? QUIET_TO_OPEN_NANOS : QUIET_TO_OPEN_FIRST_NANOS;
    boolean roomy = facts.level().ceiling() >= OPEN_HEADROOM * facts.demandPerSecond();
    return roomy
            && facts.served().met()
            && mode != RampMode.MANUAL
            && quietFor(recovery, facts.endNanos(), quiet)
        ? opened(recovery, facts, "the demand is served, nothing is red")
        : Move.stay(recovery);
  }

  private Move hold(Recovery recovery, RoundFacts facts) {
    if (facts.verdict().callsForRollback()) {
      return rolledBack(recovery, facts);
    }
    boolean gone = facts.endNanos() - recovery.memory().redNanos() >= CAUSE_GONE_NANOS;
    return gone && !recovery.stay().held() && mode != RampMode.MANUAL
        ? enter(recovery, Phase.RAMPING, facts.endNanos(), "5 s without a red round")
        : Move.stay(recovery);
  }

  private Move rollback(Recovery recovery, RoundFacts facts) {
    int progress = facts.verdict().green() ? recovery.stay().progress() + 1 : 0;
    if (facts.verdict().red() || progress < GREEN_ROUNDS_TO_RAMP || mode == RampMode.MANUAL) {
      return Move.stay(recovery.with(recovery.stay().progressed(progress)));
    }
    return risen(recovery, facts.endNanos(), progress + " green rounds");
  }

  /** On the way up again; as far as an operator lets it, if one held the ramp before it failed. */
  private static Move risen(Recovery recovery, long nowNanos, String why) {
    Stay stay = recovery.stay();
    if (!stay.held()) {
      return enter(recovery, Phase.RAMPING, nowNanos, why);
    }
    return new Move(
        recovery.with(stay.inheritedBy(Phase.HOLD, nowNanos)),
        new Move.Effect.None(),
        why + "; held at %.0f/s as before".formatted(stay.capPerSecond()));
  }

  /** The pin stays where it is, unless the backend failed under it: it never rises. */
  private static Move frozen(Recovery recovery, RoundFacts facts) {
    double pin = recovery.stay().capPerSecond();
    double least = facts.level().ceiling();
    boolean falls = facts.verdict().callsForRollback() && least < pin;
    String why = falls ? failed(recovery, facts).underPin(least) : "";
    Stay next = recovery.stay().capped(falls ? least : pin);
    return new Move(recovery.with(next), new Move.Effect.SetCeiling(next.capPerSecond()), why);
  }

  private static Move rolledBack(Recovery recovery, RoundFacts facts) {
    Failed failed = failed(recovery, facts);
    Memory memory = recovery.memory().enteredRollback(Optional.of(failed), facts.endNanos());
    if (memory.recentRollbacks(facts.endNanos()) >= ROLLBACKS_TO_OUTAGE) {
      return outage(
          recovery.with(memory), facts.endNanos(), failed.words() + ", third rollback in 30 s");
    }
    Stay next = recovery.stay().inheritedBy(Phase.ROLLBACK, facts.endNanos());
    return new Move(new Recovery(next, memory), new Move.Effect.None(), failed.words());
  }

  /** What failed in this round, at the level that the round before had set. */
  private static Failed failed(Recovery recovery, RoundFacts facts) {
    return Failed.at(
        facts.ceilingBefore(), facts.verdict(), facts.blame(), recovery.memory().failed());
  }

  private static Move outage(Recovery recovery, long nowNanos, String why) {
    Recovery next =
        new Recovery(
            recovery.stay().inheritedBy(Phase.OUTAGE, nowNanos),
            recovery.memory().enteredOutage(nowNanos));
    return new Move(next, new Move.Effect.Close(), why);
  }

  private Move opened(Recovery recovery, RoundFacts facts, String why) {
    Stay open = Stay.opened(facts, rules.hold(Rule.GRADUAL_EXIT));
    Recovery next = new Recovery(open, recovery.memory().enteredOpen());
    return new Move(next, new Move.Effect.None(), why);
  }

  private static Move enter(Recovery recovery, Phase phase, long nowNanos, String why) {
    return new Move(recovery.with(Stay.in(phase, nowNanos)), new Move.Effect.None(), why);
  }

  private static Move started(Recovery recovery, Stay next, String why) {
    return new Move(
        new Recovery(next, recovery.memory().rampStarted()), new Move.Effect.Start(), why);
  }

  private static boolean quietFor(Recovery recovery, long nowNanos, long nanos) {
    long red = recovery.memory().redNanos();
    long since = recovery.stay().sinceNanos();
    return nowNanos - since >= nanos && (red == Brakes.NEVER || nowNanos - red >= nanos);
  }

  /** After a probe was answered, or was not. */
  public Move onProbe(Recovery recovery, boolean good, long nowNanos) {
    Stay stay = recovery.stay();
    return switch (stay.phase()) {
      case PROBING -> good ? progressed(recovery, 1, nowNanos) : unanswered(recovery, 1, nowNanos);
      case DEGRADED -> Move.stay(recovery.with(stay.progressed(good ? stay.progress() + 1 : 0)));
      case OUTAGE -> {
        int progress = good ? Math.min(GOOD_PROBES_WHEN_FLAPPING, stay.progress() + 1) : 0;
        boolean flapping = recovery.memory().recentOutages(nowNanos) >= FLAPPING_OUTAGES;
        int needed = flapping ? GOOD_PROBES_WHEN_FLAPPING : 1;
        yield progress >= needed && !stay.held() && mode == RampMode.AUTO
            ? started(recovery, probing(stay, nowNanos), "a probe was answered")
            : Move.stay(recovery.with(stay.progressed(progress)));
      }
      case OPEN, RAMPING, HOLD, ROLLBACK, FROZEN, ISOLATED -> Move.stay(recovery);
    };
  }

  /** A bound that an operator had set when the backend failed outlives the outage. */
  private static Stay probing(Stay outage, long nowNanos) {
    Stay next = Stay.in(Phase.PROBING, nowNanos).capped(outage.capPerSecond());
    return Double.isFinite(outage.capPerSecond()) ? next.heldByOperator() : next;
  }

  /** When an operator speaks. The epoch has been checked by the caller. */
  public Ruling onCommand(Recovery recovery, Command command, RoundFacts now) {
    Phase from = recovery.phase();
    Verb verb = command.verb();
    if (!verb.legalIn(from, mode)) {
      return new Ruling.Illegal(from, verb.target(), allowedIn(from));
    }
    List<String> faults = verb == Verb.FINISH ? notGreen(recovery, now) : List.of();
    return faults.isEmpty()
        ? new Ruling.Accepted(obey(recovery, command, now))
        : new Ruling.NotGreen(faults);
  }

  private Move obey(Recovery recovery, Command command, RoundFacts now) {
    long at = now.endNanos();
    double ceiling = now.level().ceiling();
    String why = command.verb().word() + ": " + command.reason();
    return switch (command.verb()) {
      case CLOSE, ABORT -> {
        Move closed = outage(recovery, at, why);
        Stay next = Stay.in(Phase.OUTAGE, at).heldByOperator();
        yield new Move(closed.next().with(next), closed.effect(), why);
      }
      case BEGIN -> started(recovery, Stay.in(Phase.PROBING, at), why);
      case HOLD, UNPIN -> {
        Stay next = Stay.in(Phase.HOLD, at).heldByOperator().capped(ceiling);
        yield new Move(recovery.with(next), new Move.Effect.None(), why);
      }
      case RESUME -> enter(recovery, Phase.RAMPING, at, why);
      case ADVANCE -> advance(recovery, why);
      case ROLLBACK -> {
        double step = recovery.memory().lastGreenStep(ceiling);
        Memory memory = recovery.memory().enteredRollback(Optional.empty(), at);
        Stay next = Stay.in(Phase.ROLLBACK, at).capped(step);
        yield new Move(new Recovery(next, memory), new Move.Effect.SetCeiling(step), why);
      }
      case FINISH -> opened(recovery, now, why);
      case PIN -> {
        Stay next = Stay.in(Phase.FROZEN, at).heldByOperator().capped(command.ratePerSecond());
        yield new Move(recovery.with(next), new Move.Effect.SetCeiling(next.capPerSecond()), why);
      }
    };
  }

  /** The ramp clock jumps to the next step; an operator's hold stays, on the new level. */
  private Move advance(Recovery recovery, String why) {
    long next = plan.nextStepNanos(recovery.memory().rampNanos());
    Stay uncapped = recovery.stay().capped(Double.POSITIVE_INFINITY);
    Memory memory = recovery.memory().with(recovery.memory().failed().map(Failed::waived));
    return new Move(
        new Recovery(uncapped, memory.withRampNanos(next)), new Move.Effect.Advance(), why);
  }

  private static List<String> notGreen(Recovery recovery, RoundFacts now) {
    List<String> faults = new ArrayList<>();
    if (now.endNanos() - recovery.memory().redNanos() < CAUSE_GONE_NANOS) {
      faults.add("a round was red less than 5 s ago");
    }
    if (now.level().ceiling() < OPEN_HEADROOM * now.demandPerSecond()) {
      faults.add(
          words(
              "the ceiling of %.0f/s does not cover 1.1 times the demand of %.0f/s",
              now.level().ceiling(), now.demandPerSecond()));
    }
    if (!now.served().met()) {
      faults.add(
          words(
              "of what comes %.2f is answered, the bar is %.2f",
              now.served().share(), Served.bar()));
    }
    if (now.errorShare().orElse(0) >= DEGRADED_ERROR_SHARE) {
      faults.add(words("the error share is %.2f, the bar is 0.10", now.errorShare().orElse(0)));
    }
    return faults;
  }

  /** The verbs that are legal in that phase. */
  public List<Verb> allowedIn(Phase phase) {
    return Verb.legalVerbs(phase, mode);
  }

  private static String words(Verdict verdict) {
    return words(
        "%s: %.2f, bar %.2f",
        verdict.signal().map(Signal::name).orElse("none"), verdict.value(), verdict.bar());
  }

  private static String words(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
