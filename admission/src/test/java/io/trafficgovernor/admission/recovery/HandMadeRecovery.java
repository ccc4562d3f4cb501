package io.trafficgovernor.admission.recovery;

import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Verdict;
import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A machine, what it is told, and where it has got to. */
abstract class HandMadeRecovery {
  static final long SECOND = 1_000_000_000L;
  static final Verdict GREEN = new Verdict(Optional.empty(), 0, 0, true);
  static final Verdict QUIET = new Verdict(Optional.empty(), 0, 0, false);
  static final Verdict FAST = new Verdict(Optional.of(Signal.FAST), 0.1, 0.02, false);
  static final Verdict HARD = new Verdict(Optional.of(Signal.HARD), 0.3, 0.1, false);
  static final Verdict STALL = new Verdict(Optional.of(Signal.STALL), 0.7, 0.5, false);

  RecoveryMachine machine = new RecoveryMachine(RampMode.AUTO, new RampPlan.Adaptive());
  long now;
  Recovery state = Recovery.firstBoot(0);
  Move last = Move.stay(state);

  /** What a round shows besides its verdict. */
  record Evidence(
      double ceiling,
      double demand,
      OptionalDouble errors,
      boolean cut,
      Served served,
      int good,
      int bad) {
    static final Evidence CALM = new Evidence(500, 400, OptionalDouble.of(0), false);

    Evidence(double ceiling, double demand, OptionalDouble errors, boolean cut) {
      this(ceiling, demand, errors, cut, new Served(400, 400), 10, 0);
    }

    static Evidence serving(double share) {
      return new Evidence(
          500, 400, OptionalDouble.of(0), false, new Served(share * 400, 400), 10, 0);
    }

    static Evidence outcomes(int good, int bad) {
      return new Evidence(500, 400, OptionalDouble.empty(), false, new Served(400, 400), good, bad);
    }
  }

  RoundFacts facts(Verdict verdict, Evidence evidence) {
    return new RoundFacts(
        verdict,
        new Level(evidence.ceiling(), 50, false, 0),
        evidence.ceiling(),
        evidence.demand(),
        evidence.errors(),
        evidence.cut(),
        new Failed.Blame("read", ""),
        verdict.red() ? 0 : evidence.good(),
        evidence.bad(),
        evidence.served(),
        SECOND,
        now);
  }

  void round(Verdict verdict, Evidence evidence) {
    now += SECOND;
    last = machine.onRound(state, facts(verdict, evidence));
    state = last.next();
  }

  void rounds(int count, Verdict verdict) {
    for (int i = 0; i < count; i++) {
      round(verdict, Evidence.CALM);
    }
  }

  void probe(boolean good) {
    now += SECOND / 4;
    last = machine.onProbe(state, good, now);
    state = last.next();
  }

  RecoveryMachine.Ruling say(Verb verb) {
    Command command = new Command(verb, "alice", "because", OptionalLong.of(1), 300);
    RecoveryMachine.Ruling ruling = machine.onCommand(state, command, facts(QUIET, Evidence.CALM));
    if (ruling instanceof RecoveryMachine.Ruling.Accepted accepted) {
      last = accepted.move();
      state = last.next();
    }
    return ruling;
  }

  void in(Phase phase) {
    state = new Recovery(Stay.in(phase, now), Memory.NONE.enteredOpen());
  }

  void mode(RampMode mode) {
    machine = new RecoveryMachine(mode, new RampPlan.Adaptive());
  }
}
