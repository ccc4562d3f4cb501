package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Signal;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of phases: one row, one test. */
final class RecoveryMachineTest extends HandMadeRecovery {
  @Test
  void firstBoot_probesAndIsOpenInSeconds() {
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    rounds(2, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    rounds(4, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    rounds(1, GREEN);
    assertThat(state.phase()).as("5 s after a first boot").isEqualTo(Phase.OPEN);
  }

  @Test
  void ramping_aDemandThatIsNotServedIsNotOpen() {
    in(Phase.RAMPING);
    for (int second = 0; second < 300; second++) {
      round(GREEN, Evidence.serving(0.93));
    }
    assertThat(state.phase()).as("the ceiling alone says nothing").isEqualTo(Phase.RAMPING);
    round(GREEN, Evidence.serving(0.96));
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void open_redRound() {
    in(Phase.OPEN);
    round(FAST, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    assertThat(machine.cap(state)).as("the ceiling does not rise above its value").isEqualTo(500);
  }

  @Test
  void open_tenPercentErrors() {
    in(Phase.OPEN);
    round(GREEN, new Evidence(500, 400, OptionalDouble.of(0.09), false));
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
    round(GREEN, new Evidence(500, 400, OptionalDouble.of(0.1), false));
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "DEGRADED", "RAMPING", "HOLD", "ROLLBACK", "FROZEN"})
  void anyPhase_eightyPercentErrors(Phase phase) {
    in(phase);
    round(GREEN, new Evidence(500, 400, OptionalDouble.of(0.8), false));
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    assertThat(last.effect()).isEqualTo(new Move.Effect.Close());
    assertThat(last.why()).contains("0.80");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "DEGRADED", "RAMPING", "HOLD", "ROLLBACK", "FROZEN"})
  void anyPhase_backendUnreachable(Phase phase) {
    in(phase);
    round(QUIET, new Evidence(500, 400, OptionalDouble.empty(), true));
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
  }

  @Test
  void probing_isNotClosedByErrorsOfBefore() {
    in(Phase.PROBING);
    round(GREEN, new Evidence(500, 400, OptionalDouble.of(1), true));
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
  }

  @Test
  void degraded_recoversAfterTenQuietSeconds() {
    in(Phase.OPEN);
    round(FAST, Evidence.CALM);
    rounds(9, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    rounds(1, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void degraded_hardTwiceIsAnOutage() {
    in(Phase.OPEN);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
    rounds(4, GREEN);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
  }

  @Test
  void degraded_hardTwiceButFarApart() {
    in(Phase.OPEN);
    round(HARD, Evidence.CALM);
    rounds(5, GREEN);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.DEGRADED);
  }

  @Test
  void outage_oneGoodProbeStarts() {
    in(Phase.OUTAGE);
    probe(false);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    probe(true);
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    assertThat(last.effect()).isEqualTo(new Move.Effect.Start());
  }

  @Test
  void outage_flappingNeedsThreeGoodProbesInARow() {
    in(Phase.RAMPING);
    for (int i = 0; i < 3; i++) {
      round(QUIET, new Evidence(500, 400, OptionalDouble.of(1), false));
      if (i < 2) {
        probe(true);
        rounds(2, GREEN);
      }
    }
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    probe(true);
    probe(true);
    probe(false);
    probe(true);
    probe(true);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    probe(true);
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
  }

  @Test
  void probing_twentyGoodOutcomes() {
    in(Phase.PROBING);
    rounds(1, GREEN);
    for (int i = 0; i < 9; i++) {
      probe(true);
    }
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
    probe(true);
    assertThat(state.phase()).as("probes count as outcomes").isEqualTo(Phase.RAMPING);
  }

  @Test
  void probing_hardOrStallIsAnOutage() {
    in(Phase.PROBING);
    round(STALL, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    in(Phase.PROBING);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
    in(Phase.PROBING);
    round(FAST, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.PROBING);
  }

  @Test
  void ramping_opensAfterAMinuteWithRoom() {
    in(Phase.RAMPING);
    rounds(59, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    rounds(1, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void ramping_doesNotOpenWithoutRoom() {
    in(Phase.RAMPING);
    for (int i = 0; i < 100; i++) {
      round(GREEN, new Evidence(439, 400, OptionalDouble.of(0), false));
    }
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
  }

  @Test
  void hold_fastAndBackWhenTheCauseIsGone() {
    in(Phase.RAMPING);
    round(FAST, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    rounds(4, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.HOLD);
    rounds(1, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
  }

  @Test
  void rollback_remembersWhatFailed() {
    in(Phase.RAMPING);
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.ROLLBACK);
    Failed failed = state.memory().failed().orElseThrow();
    assertThat(failed.signal()).isEqualTo(Signal.HARD);
    assertThat(failed.value()).isEqualTo(0.3);
    assertThat(failed.bar()).isEqualTo(0.1);
    assertThat(failed.className()).isEqualTo("read");
    assertThat(failed.ceilingPerSecond()).isEqualTo(Evidence.CALM.ceiling());
    assertThat(last.why()).startsWith("HARD: 0.30, bar 0.10, class read, at ");
  }

  @Test
  void rollback_threeGreenRoundsInARow() {
    in(Phase.RAMPING);
    round(STALL, Evidence.CALM);
    rounds(2, GREEN);
    round(QUIET, Evidence.CALM);
    rounds(2, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.ROLLBACK);
    rounds(1, GREEN);
    assertThat(state.phase()).isEqualTo(Phase.RAMPING);
  }

  @Test
  void rollback_theThirdInThirtySecondsIsAnOutage() {
    in(Phase.RAMPING);
    for (int i = 0; i < 2; i++) {
      round(HARD, Evidence.CALM);
      rounds(3, GREEN);
      assertThat(state.phase()).isEqualTo(Phase.RAMPING);
    }
    round(HARD, Evidence.CALM);
    assertThat(state.phase()).isEqualTo(Phase.OUTAGE);
  }

  @Test
  void rampClock_runsOnlyWhileRamping() {
    in(Phase.RAMPING);
    rounds(3, GREEN);
    say(Verb.HOLD);
    rounds(10, GREEN);
    assertThat(state.memory().rampNanos()).isEqualTo(3 * SECOND);
  }
}
