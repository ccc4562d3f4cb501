package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.failed;
import static io.trafficgovernor.admission.testing.Rounds.good;
import static io.trafficgovernor.admission.testing.Rounds.refused;
import static io.trafficgovernor.admission.testing.Rounds.timedOut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of the law, one by one, on hand-made rounds of one class with a time-out of 1 s. */
final class CeilingControllerTest {
  private static final Reference KNOWN = new Reference(750, 0.015, List.of(), 750);

  private final CeilingController controller = new CeilingController(Classes.chain(1));
  private final Rounds rounds = new Rounds(1);
  private ControllerState state = controller.start(KNOWN, 0);

  private Verdict step(Round round) {
    CeilingController.Step step = controller.step(state, round, KNOWN);
    state = step.state();
    return step.verdict();
  }

  private double ceiling() {
    return state.level().ceiling();
  }

  private double window() {
    return state.level().window();
  }

  @Test
  void start_isBoldInTheCeilingAndTimidInTheWindow() {
    assertThat(ceiling()).as(".2 of the reference").isEqualTo(150);
    assertThat(window()).as("half of 750 * 15 ms, 8 at least").isEqualTo(8);
    assertThat(state.level().slowStart()).isTrue();
    ControllerState busy = controller.start(new Reference(10_000, 0.2, List.of(), 0), 0);
    assertThat(busy.level().window()).as("rate * T / 40").isEqualTo(250);
  }

  @Test
  void start_withNothingKnown() {
    ControllerState blind = controller.start(Reference.configured(100), 0);
    assertThat(blind.level().ceiling()).as("8 / (T/4)").isEqualTo(32);
    assertThat(blind.level().window()).isEqualTo(8);
  }

  @Test
  void slowStart_doublesTheGoodputOfTheRound() {
    step(rounds.of(250, good(40, 50), 2));
    assertThat(ceiling()).isEqualTo(320);
    assertThat(window()).as("160/s for a quarter of a second").isEqualTo(40);
  }

  @Test
  void slowStart_endsWhenALargeWindowBinds() {
    step(rounds.of(250, good(40, 50), 2));
    step(rounds.of(250, good(50, 50), 28));
    assertThat(state.level().slowStart()).isFalse();
    assertThat(ceiling()).as("the gain of that round is still 2").isEqualTo(400);
    step(rounds.of(250, good(50, 50), 28));
    assertThat(ceiling()).as("0.9 of it, above 1.5 G").isEqualTo(360);
  }

  @Test
  void slowStart_goesOnWhileTheWindowIsSmall() {
    step(rounds.of(250, good(20, 100), 8, 3));
    assertThat(state.level().slowStart()).isTrue();
  }

  @Test
  void ceiling_unusedDecaysToOneAndAHalfGoodputs() {
    state = state.withLevel(new Level(1000, 50, false, 0));
    double before = ceiling();
    for (int i = 0; i < 30; i++) {
      step(rounds.of(1000, good(100, 20), 2));
      assertThat(ceiling()).isLessThanOrEqualTo(before);
      before = ceiling();
    }
    assertThat(ceiling()).isCloseTo(150, within(1e-6));
  }

  @Test
  void ceiling_neverOverThreeGoodputs() {
    state = state.withLevel(new Level(10_000, 50, false, 0));
    step(rounds.of(1000, good(100, 20), 2));
    assertThat(ceiling()).isEqualTo(300);
  }

  @Test
  void ceiling_neverUnderTheFloor() {
    for (int i = 0; i < 20; i++) {
      step(rounds.of(1000, Tally.NONE, 0));
    }
    assertThat(ceiling()).as("8 requests of T/4").isEqualTo(32);
  }

  @Test
  void fast_cutsToWhatTheBackendTook() {
    step(rounds.of(1000, good(300, 20), 4));
    Verdict verdict = step(rounds.of(1000, refused(300, 20), 4));
    assertThat(verdict.signal()).contains(Signal.FAST);
    assertThat(verdict.callsForRollback()).isFalse();
    assertThat(ceiling()).isCloseTo(0.95 * 300, within(1e-9));
    assertThat(state.level().slowStart()).isFalse();
  }

  @Test
  void fast_thenTheCeilingCreeps() {
    step(rounds.of(1000, good(300, 20), 4));
    step(rounds.of(1000, refused(300, 20), 4));
    double cut = ceiling();
    step(rounds.of(1000, good(285, 20), 4));
    assertThat(ceiling()).as("1 % a round for 2 s").isCloseTo(1.01 * cut, within(1e-9));
    step(rounds.of(1000, good(285, 20), 4));
    assertThat(ceiling()).as("then 5 %").isCloseTo(1.01 * 1.05 * cut, within(1e-9));
  }

  @Test
  void fast_needsThreeRefusalsAndTwoPercent() {
    assertThat(step(rounds.of(1000, refused(30, 2), 4)).red()).isFalse();
    assertThat(step(rounds.of(1000, refused(300, 5), 4)).red()).isFalse();
    assertThat(step(rounds.of(1000, refused(140, 3), 4)).red()).isTrue();
  }

  @Test
  void hard_forgetsAllButThisRound() {
    step(rounds.of(250, good(100, 20), 20));
    Verdict verdict = step(rounds.of(1000, timedOut(50, 10), 60));
    assertThat(verdict.signal()).contains(Signal.HARD);
    assertThat(verdict.callsForRollback()).isTrue();
    assertThat(ceiling()).isEqualTo(50);
    assertThat(window()).as("half of 50/s * T/4, 8 at least").isEqualTo(8);
    assertThat(state.goodput().best()).isEqualTo(50);
  }

  @Test
  void hard_needsTwentyOutcomesAndTenPercentTimeouts() {
    assertThat(step(rounds.of(1000, timedOut(10, 9), 4)).red()).isFalse();
    assertThat(step(rounds.of(1000, timedOut(90, 10), 4)).red()).isFalse();
    assertThat(step(rounds.of(1000, timedOut(89, 10), 4)).red()).isTrue();
  }

  @Test
  void hard_needsMoreThanHalfUnusualFailures() {
    assertThat(step(rounds.of(1000, failed(20, 20), 4)).red()).isFalse();
    assertThat(step(rounds.of(1000, failed(19, 21), 4)).signal()).contains(Signal.HARD);
  }

  @Test
  void hard_sparesFailuresThatAreNothingNew() {
    Reference failing = new Reference(750, 0.015, List.of(0.4), 750);
    var step = controller.step(state, rounds.of(1000, failed(45, 55), 4), failing);
    assertThat(step.verdict().red()).as("15 of 100 are unusual").isFalse();
    assertThat(step.state().goodput().best()).isCloseTo(45 + 40, within(1e-9));
  }

  @Test
  void hard_holdsTheWindowForAWhile() {
    step(rounds.of(250, good(100, 20), 20));
    step(rounds.of(1000, timedOut(200, 40), 60));
    double held = window();
    step(rounds.of(250, good(100, 20), 10));
    assertThat(window()).isEqualTo(held);
    step(rounds.of(600, good(240, 20), 10));
    assertThat(window()).isGreaterThan(held);
  }

  @Test
  void stall_halvesRoundAfterRound() {
    step(rounds.of(1000, good(200, 20), 20));
    double ceilingBefore = ceiling();
    double windowBefore = window();
    Verdict verdict = step(rounds.of(600, Tally.NONE, 20));
    assertThat(verdict.signal()).contains(Signal.STALL);
    assertThat(ceiling()).isEqualTo(ceilingBefore / 2);
    assertThat(window()).isEqualTo(windowBefore / 2);
    step(rounds.of(1000, timedOut(0, 20), 20));
    assertThat(ceiling()).isEqualTo(ceilingBefore / 4);
  }

  @Test
  void stall_needsHalfASecondAndTwentyAwaitedAnswers() {
    step(rounds.of(1000, good(30, 20), 20));
    assertThat(step(rounds.of(499, Tally.NONE, 20)).red()).isFalse();
    assertThat(step(rounds.of(100, Tally.NONE, 20)).red()).as("18 due at 30/s").isFalse();
    assertThat(step(rounds.of(100, Tally.NONE, 20)).red()).as("21 due").isTrue();
  }

  @Test
  void stall_isNotSilenceWithNothingInFlight() {
    step(rounds.of(1000, good(200, 20), 20));
    assertThat(step(rounds.of(1000, Tally.NONE, 0)).red()).isFalse();
  }

  @Test
  void stall_endsWithAnAnswerAndSlowStartBeginsAgain() {
    step(rounds.of(1000, good(200, 20), 20));
    for (int i = 0; i < 5; i++) {
      step(rounds.of(1000, Tally.NONE, 20));
    }
    assertThat(ceiling()).as("the least ceiling").isCloseTo(10, within(10.0));
    assertThat(state.level().knownGood()).as("0.7 of what held before").isEqualTo(140);
    step(rounds.of(250, good(20, 20), 4));
    assertThat(state.level().slowStart()).isTrue();
    assertThat(ceiling()).as("twice 80/s").isEqualTo(160);
  }

  @Test
  void knownGood_canBeLeftOut() {
    ControllerState low = state.withLevel(new Level(100, 50, false, 400));
    Round round = rounds.of(1000, good(100, 20), 2);
    Rules without = Rules.without(List.of(Rule.KNOWN_GOOD));
    assertThat(controller.step(low, round, KNOWN).state().level().ceiling()).isEqualTo(200);
    CeilingController plain = new CeilingController(Classes.chain(1), without);
    assertThat(plain.step(low, round, KNOWN).state().level().ceiling()).isEqualTo(150);
  }

  @Test
  void knownGood_doublesBelowHalfOfIt() {
    state = state.withLevel(new Level(40, 8, false, 100));
    step(rounds.of(1000, good(40, 20), 2));
    assertThat(ceiling()).isEqualTo(80);
    step(rounds.of(1000, good(60, 20), 2));
    assertThat(ceiling()).as("above half: 1.5").isEqualTo(90);
  }

  @Test
  void window_followsLittlesLawOnceTheBaseIsKnown() {
    for (int i = 0; i < 6; i++) {
      step(rounds.of(500, good(100, 20), 2));
    }
    assertThat(state.bases().get(0).seconds()).hasValue(0.02);
    assertThat(window()).as("200/s * (2.5 * 20 ms + 5 ms)").isCloseTo(11, within(1e-9));
  }

  @Test
  void probe_looksAtTheBareLatencyForThreeRounds() {
    for (int i = 0; i < 12; i++) {
      step(rounds.of(1000, good(400, i < 5 ? 50 : 110), 50));
    }
    assertThat(state.probe().round()).as("due after 10 s, the window binds").isEqualTo(3);
    assertThat(window()).as(".6 of 400/s * 50 ms").isCloseTo(12, within(1e-9));
    step(rounds.of(1000, good(400, 20), 12));
    assertThat(state.probe().active()).isFalse();
    assertThat(state.bases().get(0).seconds().orElseThrow()).isCloseTo(0.02, within(1e-9));
    assertThat(window()).isCloseTo(400 * (2.5 * 0.02 + 0.005), within(1e-6));
  }

  @Test
  void probe_waitsUntilTheWindowBinds() {
    for (int i = 0; i < 20; i++) {
      step(rounds.of(1000, good(400, 50), 5));
    }
    assertThat(state.probe().active()).isFalse();
  }

  @Test
  void slower_raisesTheBaseWhenNothingCanBeQueued() {
    for (int i = 0; i < 4; i++) {
      step(rounds.of(1000, good(100, 20), 2));
    }
    assertThat(window()).isEqualTo(8);
    step(rounds.of(1000, good(60, 100), 8));
    assertThat(state.bases().get(0).seconds()).hasValue(0.1);
    assertThat(window()).isGreaterThan(8);
  }

  @Test
  void allowed_isOneAndAHalfGoodputs() {
    step(rounds.of(1000, good(100, 20), 2));
    assertThat(controller.allowed(state, KNOWN)).isEqualTo(150);
  }
}
