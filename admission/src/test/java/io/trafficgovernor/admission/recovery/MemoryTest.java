package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What outlives a phase: levels that were green, and what went wrong in the last half minute. */
final class MemoryTest extends HandMadeRecovery {
  private static final long RECENT = 30 * SECOND;

  private Memory green(double... ceilings) {
    Memory memory = Memory.NONE;
    for (double ceiling : ceilings) {
      Evidence evidence = new Evidence(ceiling, 400, OptionalDouble.of(0), false);
      memory = memory.afterRound(facts(GREEN, evidence), true);
    }
    return memory;
  }

  @Test
  void rungs_areAQuarterApart() {
    assertThat(green(100, 124, 125, 130, 160).rungs()).containsExactly(100.0, 125.0, 160.0);
  }

  @Test
  void rungs_aboveThePresentCeiling_areGone() {
    assertThat(green(100, 125, 160, 125).rungs()).containsExactly(100.0, 125.0);
    assertThat(green(100, 125, 160, 110).rungs()).containsExactly(100.0);
    assertThat(green(100, 50).rungs()).containsExactly(50.0);
  }

  @Test
  void lastGreenStep_isClearlyBelow() {
    Memory memory = green(100, 125, 160);
    assertThat(memory.lastGreenStep(160)).isEqualTo(125);
    assertThat(memory.lastGreenStep(125)).as("a quarter below is enough").isEqualTo(100);
    assertThat(memory.lastGreenStep(124)).as("none is: half").isEqualTo(62);
  }

  @Test
  void outages_countForHalfAMinute() {
    Memory memory = Memory.NONE.enteredOutage(SECOND).enteredOutage(2 * SECOND);
    assertThat(memory.recentOutages(SECOND + RECENT)).isEqualTo(2);
    assertThat(memory.recentOutages(SECOND + RECENT + 1)).isEqualTo(1);
    assertThat(memory.enteredOutage(SECOND + RECENT).outages()).hasSize(3);
    assertThat(memory.enteredOutage(SECOND + RECENT + 1).outages()).hasSize(2);
  }

  @Test
  void rollbacks_countForHalfAMinuteAndNotBeyondAnOutage() {
    Memory memory = Memory.NONE;
    for (int i = 1; i <= 2; i++) {
      memory = memory.enteredRollback(memory.failed(), i * SECOND);
    }
    assertThat(memory.recentRollbacks(SECOND + RECENT)).isEqualTo(2);
    assertThat(memory.recentRollbacks(SECOND + RECENT + 1)).isEqualTo(1);
    assertThat(memory.enteredOutage(3 * SECOND).recentRollbacks(3 * SECOND)).isZero();
  }

  @Test
  void memory_isBounded() {
    Memory memory = Memory.NONE;
    double ceiling = 1;
    for (int i = 0; i < 200; i++) {
      ceiling *= 1.3;
      Evidence evidence = new Evidence(ceiling, 400, OptionalDouble.of(0), false);
      memory = memory.afterRound(facts(GREEN, evidence), true).enteredRollback(memory.failed(), i);
    }
    assertThat(memory.rungs()).hasSize(64).endsWith(ceiling);
    assertThat(memory.rollbacks()).hasSize(8).endsWith(199L);
  }

  @Test
  void rollbackOfAnOperator_doesNotForgetWhatFailed() {
    in(Phase.RAMPING);
    round(HARD, Evidence.CALM);
    rounds(3, GREEN);
    say(Verb.ROLLBACK);
    assertThat(state.phase()).isEqualTo(Phase.ROLLBACK);
    assertThat(state.memory().failed()).isPresent();
  }
}
