package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** On which side of each bar a phase is left, and what is said then. */
final class PhaseBordersTest extends HandMadeRecovery {
  private static Evidence errors(double share) {
    return new Evidence(500, 400, OptionalDouble.of(share), false);
  }

  private static Evidence room(double ceiling, double demand) {
    return new Evidence(ceiling, demand, OptionalDouble.of(0), false);
  }

  private List<String> faultsOfFinish(Evidence evidence) {
    Command command = new Command(Verb.FINISH, "alice", "now", OptionalLong.of(1), 0);
    var ruling = machine.onCommand(state, command, facts(QUIET, evidence));
    return ruling instanceof RecoveryMachine.Ruling.NotGreen not ? not.faults() : List.of();
  }

  @Test
  void degraded_hardCountsTwiceOnlyIfBothAreHard() {
    in(Phase.DEGRADED);
    round(HARD, Evidence.CALM);
    round(FAST, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    in(Phase.DEGRADED);
    round(FAST, Evidence.CALM);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    assertThat(last.why()).isEqualTo("HARD: 0.30, bar 0.10, twice in 5 s");
  }

  @Test
  void degraded_whatWasHardBeforeItDoesNotCount() {
    in(Phase.RAMPING);
    round(HARD, Evidence.CALM);
    now += SECOND;
    state = new Recovery(Stay.in(Phase.DEGRADED, now), state.memory());
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
  }

  @Test
  void degraded_tenQuietSecondsCountFromTheLastRedRound() {
    in(Phase.DEGRADED);
    rounds(5, GREEN);
    round(FAST, Evidence.CALM);
    rounds(9, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    rounds(1, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void degraded_staysWhileATenthFails() {
    in(Phase.DEGRADED);
    for (int i = 0; i < 20; i++) {
      round(GREEN, errors(0.1));
    }
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    round(GREEN, errors(0.09));
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void open_saysWhyItWasLeft() {
    in(Phase.OPEN);
    round(FAST, Evidence.CALM);
    assertThat(last.why()).isEqualTo("FAST: 0.10, bar 0.02");
    in(Phase.OPEN);
    round(GREEN, errors(0.1));
    assertThat(last.why()).isEqualTo("error share 0.10, bar 0.10");
  }

  @Test
  void open_saysOnceThatTheRampIsLeftBehind() {
    in(Phase.RAMPING);
    rounds(60, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
    assertThat(last.why()).isEqualTo("the demand is served, nothing is red");
    for (int second = 1; second < 120; second++) {
      round(GREEN, Evidence.CALM);
      assertThat(last.why()).isEmpty();
      assertThat(state.stay().leaving()).isTrue();
    }
    round(GREEN, Evidence.CALM);
    assertThat(last.why()).isEqualTo("the ramp is left behind");
    assertThat(state.stay().leaving()).isFalse();
    round(GREEN, Evidence.CALM);
    assertThat(last.why()).isEmpty();
  }

  @Test
  void outage_isNotEndedByARound() {
    in(Phase.OUTAGE);
    round(GREEN, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    assertThat(last.effect()).isEqualTo(new Move.Effect.None());
  }

  @Test
  void probing_silenceNeitherHelpsNorHarms() {
    in(Phase.PROBING);
    round(QUIET, Evidence.outcomes(19, 0));
    round(QUIET, Evidence.outcomes(0, 0));
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    round(QUIET, Evidence.outcomes(1, 0));
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    in(Phase.PROBING);
    round(QUIET, Evidence.outcomes(0, 4));
    round(QUIET, Evidence.outcomes(0, 0));
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    round(QUIET, Evidence.outcomes(0, 1));
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
  }

  @Test
  void ramping_opensWithATenthOfRoom() {
    in(Phase.RAMPING);
    for (int i = 0; i < 61; i++) {
      round(GREEN, room(549, 500));
    }
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    round(GREEN, room(550, 500));
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void finish_isHeldToTheSameBars() {
    now = 50 * SECOND;
    in(Phase.RAMPING);
    assertThat(faultsOfFinish(room(550, 500))).isEmpty();
    assertThat(faultsOfFinish(room(549, 500)))
        .containsExactly("the ceiling of 549/s does not cover 1.1 times the demand of 500/s");
    assertThat(faultsOfFinish(errors(0.1)))
        .containsExactly("the error share is 0.10, the bar is 0.10");
    assertThat(faultsOfFinish(errors(0.09))).isEmpty();
    assertThat(faultsOfFinish(Evidence.serving(0.94)))
        .containsExactly("of what comes 0.94 is answered, the bar is 0.95");
    assertThat(Served.bar()).isEqualTo(0.95);
  }

  @Test
  void finish_waitsFiveSecondsAfterARedRound() {
    now = 50 * SECOND;
    in(Phase.RAMPING);
    round(FAST, Evidence.CALM);
    now += 5 * SECOND - 1;
    assertThat(faultsOfFinish(Evidence.CALM)).containsExactly("a round was red less than 5 s ago");
    now += 1;
    assertThat(faultsOfFinish(Evidence.CALM)).isEmpty();
  }

  @Test
  void withoutPhases_onlyAnOutageMovesAnything() {
    machine =
        new RecoveryMachine(
            RampMode.AUTO, new RampPlan.Adaptive(), Rules.without(List.of(Rule.PHASES)));
    in(Phase.RAMPING);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    round(GREEN, errors(0.8));
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
  }
}
