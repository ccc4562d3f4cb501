package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator holds, and what few outcomes say. */
final class HeldBoundTest extends HandMadeRecovery {
  @Test
  void degraded_silenceIsNoGoodNews() {
    in(Phase.DEGRADED);
    for (int second = 0; second < 60; second++) {
      round(QUIET, Evidence.outcomes(0, 0));
    }
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    round(QUIET, Evidence.outcomes(2, 0));
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    probe(true);
    round(QUIET, Evidence.outcomes(0, 0));
    assertThat(state.phase()).as("three good outcomes").isEqualTo(Phase.OPEN);
  }

  @Test
  void probing_aDeadBackendAtALowRateIsAnOutage() {
    in(Phase.PROBING);
    for (int i = 0; i < 4; i++) {
      round(QUIET, Evidence.outcomes(0, 1));
    }
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    round(QUIET, Evidence.outcomes(1, 3));
    for (int i = 0; i < 4; i++) {
      round(QUIET, Evidence.outcomes(0, 1));
    }
    assertThat(state.phase()).as("one good answer begins the count anew").isEqualTo(Phase.PROBING);
    probe(false);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    assertThat(last.why()).isEqualTo("5 bad outcomes and no good one");
  }

  @Test
  void hold_byAnOperatorOutlivesARollback() {
    in(Phase.RAMPING);
    say(Verb.HOLD);
    double level = state.stay().capPerSecond();
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.ROLLBACK);
    assertThat(state.stay().capPerSecond()).isEqualTo(level);
    rounds(3, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    assertThat(state.stay().capPerSecond()).isLessThanOrEqualTo(level);
    rounds(100, GREEN);
    assertThat(state.phase()).as("until an operator resumes").isEqualTo(Phase.HOLD);
    say(Verb.RESUME);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    assertThat(state.stay().held()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"HOLD", "PIN"})
  void boundOfAnOperator_outlivesAnOutage(Verb verb) {
    in(Phase.RAMPING);
    say(verb);
    double level = machine.cap(state);
    round(QUIET, new Evidence(500, 400, OptionalDouble.of(0.9), false));
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    assertThat(state.stay().held()).as("probes may end it").isFalse();
    probe(true);
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    rounds(2, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    rounds(100, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    assertThat(state.stay().capPerSecond()).isEqualTo(level);
  }

  @Test
  void close_endsWhatAnOperatorHeldBefore() {
    in(Phase.RAMPING);
    say(Verb.HOLD);
    say(Verb.CLOSE);
    probe(true);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    say(Verb.BEGIN);
    assertThat(state.stay().held()).isFalse();
    assertThat(machine.cap(state)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void advance_theHoldIsOnTheNewLevel() {
    in(Phase.RAMPING);
    say(Verb.HOLD);
    say(Verb.ADVANCE);
    state = state.advanced(700);
    rounds(100, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    assertThat(machine.cap(state)).isEqualTo(700);
  }
}
