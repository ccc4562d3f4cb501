package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.failed;
import static io.trafficgovernor.admission.testing.Rounds.good;
import static io.trafficgovernor.admission.testing.Rounds.refused;
import static io.trafficgovernor.admission.testing.Rounds.timedOut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a failing, refusing or silent backend leaves of the ceiling and the window. */
final class FailingBackendTest {
  private static final Reference KNOWN = new Reference(750, 0.015, List.of(), 750);

  private final CeilingController controller = new CeilingController(Classes.chain(1));
  private final Rounds rounds = new Rounds(1);
  private ControllerState state =
      controller.start(KNOWN, 0).withLevel(new Level(1000, 400, false, 0));

  private Verdict step(Round round) {
    CeilingController.Step step = controller.step(state, round, KNOWN);
    state = step.state();
    return step.verdict();
  }

  private double ceiling() {
    return state.level().ceiling();
  }

  @Test
  void timeouts_leaveTheRateSeenAndHalfTheWindowItFills() {
    Verdict verdict = step(rounds.of(500, timedOut(50, 10), 60));
    assertThat(ceiling()).as("50 in half a second").isEqualTo(100);
    assertThat(state.level().window()).as("half of 100/s * T/4").isEqualTo(12.5);
    assertThat(verdict.value()).isCloseTo(1 / 6.0, within(1e-9));
    assertThat(verdict.bar()).isEqualTo(0.1);
  }

  @Test
  void failures_areToldWithTheirOwnBar() {
    Verdict verdict = step(rounds.of(1000, failed(19, 21), 4));
    assertThat(verdict.value()).isCloseTo(0.525, within(1e-9));
    assertThat(verdict.bar()).isEqualTo(0.5);
    Tally both = failed(15, 21).plus(new Tally(0, 0, 0, 0, 4, 0));
    assertThat(step(rounds.of(1000, both, 4)).bar())
        .as("10 % of time-outs are not the cause")
        .isEqualTo(0.5);
  }

  @Test
  void twentyOutcomes_areEnoughToFail() {
    assertThat(step(rounds.of(1000, timedOut(16, 3), 4)).red()).isFalse();
    assertThat(step(rounds.of(1000, timedOut(17, 3), 4)).signal()).contains(Signal.HARD);
  }

  @Test
  void refusalsOnTop_cutAsDeepAsRefusalsAloneAndLastAsLong() {
    Tally worst = timedOut(50, 20).plus(new Tally(0, 20, 0, 0, 0, 0));
    assertThat(step(rounds.of(1000, worst, 60)).signal()).contains(Signal.HARD);
    assertThat(ceiling()).as("0.95 of what was taken").isCloseTo(47.5, within(1e-9));
    step(rounds.of(1000, good(60, 20), 4));
    assertThat(ceiling()).as("1 % a round").isCloseTo(1.01 * 47.5, within(1e-9));
  }

  @Test
  void withoutRefusals_theCeilingMayGrowAtOnce() {
    step(rounds.of(1000, timedOut(50, 20), 60));
    step(rounds.of(1000, good(60, 20), 4));
    assertThat(ceiling()).isEqualTo(90);
  }

  @Test
  void refusals_areRedOnlyAboveTwoPercent() {
    assertThat(step(rounds.of(1000, refused(147, 3), 4)).red()).as("2 %").isFalse();
    Verdict verdict = step(rounds.of(1000, refused(144, 6), 4));
    assertThat(verdict.value()).isCloseTo(0.04, within(1e-9));
    assertThat(verdict.bar()).isEqualTo(0.02);
  }

  @Test
  void silence_isToldWithItsLength() {
    step(rounds.of(1000, good(200, 20), 20));
    Verdict verdict = step(rounds.of(600, Tally.NONE, 20));
    assertThat(verdict.signal()).contains(Signal.STALL);
    assertThat(verdict.value()).isCloseTo(0.6, within(1e-9));
    assertThat(verdict.bar()).isEqualTo(0.5);
  }

  @Test
  void timeouts_areAShortSilenceForTenSeconds() {
    step(rounds.of(1000, good(200, 20), 20));
    ControllerState before = state;
    Round short1 = rounds.of(9_999, timedOut(0, 5), 20);
    assertThat(controller.shortlySilent(before, short1)).isTrue();
    assertThat(controller.shortlySilent(before, rounds.of(1, timedOut(0, 5), 20))).isFalse();
    Rounds again = new Rounds(1);
    assertThat(controller.shortlySilent(before, again.of(1500, timedOut(1, 5), 20)))
        .as("one answer is no silence")
        .isFalse();
  }
}
