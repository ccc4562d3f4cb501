package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Refusals for want of a slot widen the window of an idle backend, and of no other. */
final class SlackTest {
  private static final Reference REFERENCE = new Reference(750, 0.015, List.of(), 0);

  private final CeilingController controller = new CeilingController(Classes.chain(2));
  private final Rounds rounds = new Rounds(2);
  private ControllerState state = controller.start(REFERENCE, 0);

  private void step(Round round) {
    state = controller.step(state, round, REFERENCE).state();
  }

  /** Five seconds at 400/s and 20 ms: 8 in flight, a window of 22. */
  private void settled() {
    for (int i = 0; i < 20; i++) {
      step(rounds.of(250, good(100, 20), 8, 0));
    }
    assertThat(state.level().window()).isCloseTo(22, within(0.5));
    assertThat(state.slack()).isEqualTo(Slack.NONE);
  }

  @Test
  void refusalsWhileMuchOfTheWindowIsFree_widenIt() {
    settled();
    step(rounds.of(250, good(100, 20), 8, 5));
    assertThat(state.slack().factor()).isEqualTo(1.5);
    assertThat(state.level().window()).isCloseTo(33, within(0.8));
  }

  @Test
  void windowStaysWithinAQuarterOfTheTimeout() {
    settled();
    for (int i = 0; i < 10; i++) {
      step(rounds.of(250, good(100, 20), 8, 5));
    }
    assertThat(state.slack().factor()).isGreaterThan(10);
    assertThat(state.level().window()).as("T2: G T/4").isLessThanOrEqualTo(100.0001);
  }

  @Test
  void manyRefusalsAtAFullWindow_widenNothing() {
    settled();
    step(rounds.of(250, good(100, 50), 22, 60));
    assertThat(state.slack()).isEqualTo(Slack.NONE);
  }

  @Test
  void fullWindow_narrowsItAgain() {
    settled();
    step(rounds.of(250, good(100, 20), 8, 5));
    step(rounds.of(250, good(100, 70), 30, 60));
    assertThat(state.slack().factor()).isCloseTo(1.2, within(1e-9));
  }

  @Test
  void badOutcomes_neverWidenAndNarrow() {
    settled();
    step(rounds.of(250, good(100, 20), 8, 5));
    step(rounds.of(250, good(98, 20).plus(new Tally(0, 0, 0, 0, 2, 0)), 8, 5));
    assertThat(state.slack().factor()).isCloseTo(1.2, within(1e-9));
    step(rounds.of(250, good(90, 20).plus(new Tally(0, 10, 0, 0, 0, 0)), 8, 5));
    assertThat(state.slack()).as("FAST").isEqualTo(Slack.NONE);
  }

  @Test
  void withoutRefusals_itFades() {
    settled();
    step(rounds.of(250, good(100, 20), 8, 5));
    step(rounds.of(250, good(100, 20), 8, 0));
    assertThat(state.slack().factor()).isCloseTo(1.485, within(1e-9));
  }

  @Test
  void idleBackend_isNotProbedForItsBareLatency() {
    settled();
    for (int i = 0; i < 40; i++) {
      step(rounds.of(250, good(100, 20), 8, 5));
      assertThat(state.probe().active()).isFalse();
    }
    for (int i = 0; i < 3; i++) {
      step(rounds.of(250, good(100, 250), 90, 60));
    }
    assertThat(state.probe().active()).as("a crowded one is").isTrue();
  }
}
