package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On which side of each bar a round lies, with a window of 16 that has run for a minute. */
final class SlackBordersTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Reference REFERENCE = new Reference(750, 0.015, List.of(), 0);

  private final ControllerState state =
      new CeilingController(Classes.chain(1))
          .start(REFERENCE, 0)
          .withLevel(new Level(750, 16, false, 0));

  private static Round round(Tally tally, long slotRefusals) {
    return new Round(60 * SECOND, 61 * SECOND, List.of(tally), 8, slotRefusals, 0);
  }

  private double after(double factor, Tally tally, long slotRefusals) {
    return new Slack(factor).after(state, round(tally, slotRefusals), false).factor();
  }

  @ParameterizedTest
  @CsvSource({
    "88, 20, 3", // 0.55 of the window is used: many refusals mean bunches
    "89, 20, 2", // neither idle nor busy
    "119, 11, 2",
    "120, 11, 1.6", // 0.75: the backend fills the window
    "120, 10, 2", // a tenth are few, but the window is wider than Little's law
    "80, 10, 3"
  })
  void meanUse_andRefusals_sayWhetherTheWindowIsTooNarrow(
      double latencyMillis, long slotRefusals, double factor) {
    assertThat(after(2, good(100, latencyMillis), slotRefusals)).isCloseTo(factor, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"100, 10, 2.4", "101, 10, 1.6"})
  void fewRefusals_widenUpToLittlesLaw(double latencyMillis, long slotRefusals, double factor) {
    assertThat(after(1.6, good(100, latencyMillis), slotRefusals))
        .as("0.625 of the window times 1.6")
        .isCloseTo(factor, within(1e-9));
  }

  @Test
  void slack_isSixteenAtMost() {
    assertThat(after(12, good(100, 20), 20)).isEqualTo(16);
  }

  @Test
  void twentyAnswers_areEnoughToJudge() {
    assertThat(after(2, good(19, 20), 5)).isEqualTo(2);
    assertThat(after(2, good(20, 20), 5)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0", "0, 1, 0", "0, 0, 1", "1, 1, 0", "1, 0, 1", "0, 1, 1"})
  void anyBadOutcome_narrows(long refused, long unreachable, long timeout) {
    Tally bad = good(100, 20).plus(new Tally(0, refused, 0, unreachable, timeout, 0));
    assertThat(after(2, bad, 20)).isEqualTo(1.6);
  }

  @Test
  void crowd_isABusyWindowOrManyRefusals() {
    assertThat(Slack.crowded(state, round(good(100, 119), 10))).isFalse();
    assertThat(Slack.crowded(state, round(good(100, 120), 0))).isTrue();
    assertThat(Slack.crowded(state, round(good(100, 20), 11))).isTrue();
  }

  @Test
  void lookAtTheBareLatency_saysNothingOfSlack() {
    ControllerState looking =
        new ControllerState(
            state.level(),
            state.goodput(),
            state.bases(),
            state.probe().nextRound(),
            state.brakes(),
            state.slack());
    Slack slack = new Slack(2);
    assertThat(slack.after(looking, round(good(100, 20), 20), false)).isEqualTo(slack);
  }
}
