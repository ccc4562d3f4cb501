package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators may order in which phase, and what comes of it. */
final class RecoveryCommandsTest extends HandMadeRecovery {
  @Test
  void outage_ofAnOperatorWaitsForBegin() {
    in(Phase.RAMPING);
    say(Verb.CLOSE);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    probe(true);
    probe(true);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    say(Verb.BEGIN);
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    assertThat(last.effect()).isEqualTo(new Move.Effect.Start());
  }

  @ParameterizedTest
  @EnumSource(names = {"ASSISTED", "MANUAL"})
  void outage_waitsForBeginUnlessAuto(RampMode mode) {
    mode(mode);
    in(Phase.OUTAGE);
    probe(true);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    say(Verb.BEGIN);
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
  }

  @Test
  void hold_ofAnOperatorStaysAndCapsTheCeiling() {
    in(Phase.RAMPING);
    say(Verb.HOLD);
    assertThat(machine.cap(state)).isEqualTo(500);
    rounds(100, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    say(Verb.RESUME);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    assertThat(machine.cap(state)).isInfinite();
  }

  @Test
  void rollback_ofAnOperatorGoesToTheLastGreenStep() {
    in(Phase.RAMPING);
    for (double ceiling : List.of(100.0, 130.0, 200.0, 240.0, 300.0)) {
      round(GREEN, new Evidence(ceiling, 400, OptionalDouble.of(0), false));
    }
    Command command = new Command(Verb.ROLLBACK, "alice", "too fast", OptionalLong.empty(), 0);
    var ruling =
        (RecoveryMachine.Ruling.Accepted)
            machine.onCommand(
                state, command, facts(QUIET, new Evidence(300, 400, OptionalDouble.of(0), false)));
    assertThat(ruling.move().effect()).isEqualTo(new Move.Effect.SetCeiling(200));
    assertThat(machine.cap(ruling.move().next())).isEqualTo(200);
  }

  @Test
  void frozen_keepsThePinAndLowersItWhenTheBackendFails() {
    in(Phase.RAMPING);
    say(Verb.PIN);
    assertThat(state.phase()).isEqualTo(Phase.FROZEN);
    assertThat(last.effect()).isEqualTo(new Move.Effect.SetCeiling(300));
    rounds(100, GREEN);
    assertThat(last.effect()).isEqualTo(new Move.Effect.SetCeiling(300));
    assertThat(last.why()).isEmpty();
    round(HARD, new Evidence(120, 400, OptionalDouble.of(0.3), false));
    assertThat(last.why()).startsWith("pin fell to 120/s, HARD: ");
    rounds(10, GREEN);
    assertThat(last.why()).isEmpty();
    assertThat(last.effect()).isEqualTo(new Move.Effect.SetCeiling(120));
    say(Verb.UNPIN);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    assertThat(state.stay().held()).isTrue();
  }

  @Test
  void finish_onlyWhenAllIsGreen() {
    in(Phase.RAMPING);
    round(FAST, Evidence.CALM);
    assertThat(say(Verb.FINISH)).isInstanceOf(RecoveryMachine.Ruling.NotGreen.class);
    rounds(5, GREEN);
    assertThat(say(Verb.FINISH)).isInstanceOf(RecoveryMachine.Ruling.Accepted.class);
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void finish_saysAllThatIsNotGreen() {
    in(Phase.HOLD);
    round(FAST, Evidence.CALM);
    Command command = new Command(Verb.FINISH, "alice", "now", OptionalLong.of(1), 0);
    var ruling =
        (RecoveryMachine.Ruling.NotGreen)
            machine.onCommand(
                state,
                command,
                facts(QUIET, new Evidence(300, 400, OptionalDouble.of(0.2), false)));
    assertThat(ruling.faults()).hasSize(3);
  }

  @Test
  void advance_jumpsToTheNextStepOfThePlan() {
    machine =
        new RecoveryMachine(
            RampMode.AUTO,
            new RampPlan.Steps(
                List.of(
                    new RampPlan.Steps.Step(100, 60 * SECOND),
                    new RampPlan.Steps.Step(200, 60 * SECOND))));
    in(Phase.RAMPING);
    rounds(3, GREEN);
    assertThat(machine.cap(state)).isEqualTo(100);
    say(Verb.ADVANCE);
    assertThat(machine.cap(state)).isEqualTo(200);
    assertThat(last.effect()).isEqualTo(new Move.Effect.Advance());
  }

  @Test
  void manual_onlyCommandsGoUp() {
    mode(RampMode.MANUAL);
    in(Phase.PROBING);
    rounds(100, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    say(Verb.RESUME);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    rounds(100, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    round(HARD, Evidence.CALM);
    rounds(100, GREEN);
    assertThat(state.phase()).as("down goes by itself, up does not").isEqualTo(Phase.ROLLBACK);
    say(Verb.RESUME);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN,     close abort pin",
    "DEGRADED, close hold rollback abort finish pin",
    "OUTAGE,   close begin abort",
    "PROBING,  close hold abort pin",
    "RAMPING,  close hold advance rollback abort finish pin",
    "HOLD,     close hold resume advance rollback abort finish pin",
    "ROLLBACK, close hold abort pin",
    "FROZEN,   close abort pin unpin"
  })
  void commands_legalPerPhase(Phase phase, String words) {
    in(phase);
    Set<String> legal = Set.of(words.split(" "));
    for (Verb verb : EnumSet.allOf(Verb.class)) {
      in(phase);
      RecoveryMachine.Ruling ruling = say(verb);
      boolean refused = ruling instanceof RecoveryMachine.Ruling.Illegal;
      assertThat(refused)
          .as("%s in %s", verb, phase)
          .isEqualTo(!legal.contains(verb.name().toLowerCase(Locale.ROOT)));
      if (ruling instanceof RecoveryMachine.Ruling.Illegal illegal) {
        assertThat(illegal.from()).isEqualTo(phase);
        assertThat(illegal.to()).isEqualTo(verb.target());
        assertThat(illegal.allowed())
            .extracting(Verb::word)
            .containsExactlyInAnyOrderElementsOf(legal);
      }
    }
  }

  @Test
  void command_refusesNonsense() {
    assertThatThrownBy(() -> new Command(Verb.PIN, "a", "b", OptionalLong.of(1), 0))
        .hasMessageContaining("rps: got 0.0");
    assertThatThrownBy(() -> new Command(Verb.RESUME, "a", "b", OptionalLong.empty(), 0))
        .hasMessageContaining("If-Match of resume: got *");
  }
}
