package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Verdict;
import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How the machine goes about a level that failed. */
final class FailedLevelTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Verdict GREEN = new Verdict(Optional.empty(), 0, 0, true);
  private static final Verdict FAST = new Verdict(Optional.of(Signal.FAST), 0.1, 0.02, false);
  private static final Verdict HARD = new Verdict(Optional.of(Signal.HARD), 0.3, 0.1, false);

  private final RecoveryMachine machine =
      new RecoveryMachine(RampMode.AUTO, new RampPlan.Adaptive());
  private long now;
  private Recovery state = in(Phase.RAMPING);
  private Move last = Move.stay(state);

  private Recovery in(Phase phase) {
    return new Recovery(Stay.in(phase, now), Memory.NONE.enteredOpen());
  }

  private RoundFacts facts(Verdict verdict, double ceiling) {
    return new RoundFacts(
        verdict,
        new Level(ceiling, 50, false, 0),
        ceiling,
        400,
        OptionalDouble.of(0),
        false,
        new Failed.Blame("read", ""),
        verdict.red() ? 0 : 10,
        0,
        Served.NOTHING,
        SECOND,
        now);
  }

  private void rounds(int count, Verdict verdict, double ceiling) {
    for (int i = 0; i < count; i++) {
      now += SECOND;
      last = machine.onRound(state, facts(verdict, ceiling));
      state = last.next();
    }
  }

  private void say(Verb verb) {
    Command command = new Command(verb, "alice", "because", OptionalLong.of(1), 300);
    RecoveryMachine.Ruling ruling = machine.onCommand(state, command, facts(GREEN, 500));
    state = ((RecoveryMachine.Ruling.Accepted) ruling).move().next();
  }

  @Test
  void failedLevel_isTriedMoreSlowly() {
    rounds(1, HARD, 500);
    rounds(3, GREEN, 500);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    double cap = machine.cap(state);
    assertThat(cap).as("0.8 of 500, and three green rounds above it").isBetween(400.0, 464.0);
    rounds(1, FAST, 500);
    assertThat(machine.cap(state)).as("a red round widens nothing").isEqualTo(cap);
    rounds(3, GREEN, 500);
    assertThat(machine.cap(state)).as("a ceiling of 500 does not try 550").isFinite();
    rounds(9, GREEN, 600);
    assertThat(machine.cap(state)).as("it has held").isInfinite();
    assertThat(state.memory().failed()).as("and is still told").isPresent();
  }

  @Test
  void failedLevel_isWaivedByAnAdvanceAndDoesNotBindAPin() {
    rounds(1, HARD, 500);
    assertThat(machine.cap(state)).isEqualTo(400);
    say(Verb.PIN);
    assertThat(machine.cap(state)).as("the pin alone").isEqualTo(300);
    say(Verb.UNPIN);
    say(Verb.RESUME);
    assertThat(machine.cap(state)).isEqualTo(400);
    say(Verb.ADVANCE);
    assertThat(machine.cap(state)).isInfinite();
  }

  @Test
  void outageOutOfProbing_isRemembered() {
    state = in(Phase.PROBING);
    rounds(1, HARD, 500);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    assertThat(last.why()).contains("class read");
    assertThat(state.memory().failed()).isPresent();
  }
}
