package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How large the window may be, with time-outs of 4 s and of 1 s. */
final class WindowRuleTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Reference REFERENCE = new Reference(100, 0.02, List.of(), 0);
  private static final List<Double> FIRST_ALONE = List.of(1.0, 0.0);

  private final WindowRule rule = new WindowRule(Classes.timingOutAfter(4, 1), Rules.ALL);
  private final CeilingController controller = new CeilingController(Classes.timingOutAfter(4, 1));

  private static List<BaseLatency> bases(double first, double second) {
    return List.of(based(first), based(second));
  }

  private static BaseLatency based(double seconds) {
    return BaseLatency.UNKNOWN.withBlock(seconds, 40 * SECOND);
  }

  private static Round round(long answers, double latencyMillis, int inFlight) {
    Tally tally = good(answers, latencyMillis);
    return new Round(60 * SECOND, 61 * SECOND, List.of(tally, Tally.NONE), inFlight, 0, 0);
  }

  private ControllerState withWindow(double window) {
    return controller.start(REFERENCE, 0).withLevel(new Level(100, window, false, 0));
  }

  @Test
  void unknownBase_allowsAQuarterOfTheTimeout() {
    List<BaseLatency> unknown = List.of(BaseLatency.UNKNOWN, BaseLatency.UNKNOWN);
    assertThat(rule.window(100, FIRST_ALONE, unknown, false, 1)).isEqualTo(100);
    assertThat(rule.window(100, List.of(0.5, 0.5), unknown, false, 1))
        .as("half of the answers have 4 s, half 1 s")
        .isEqualTo(62.5);
  }

  @Test
  void window_growsWithTheSlackUpToAQuarterOfTheTimeout() {
    List<BaseLatency> known = bases(0.018, 0.018);
    assertThat(rule.window(1000, FIRST_ALONE, known, false, 1)).isCloseTo(50, within(1e-9));
    assertThat(rule.window(1000, FIRST_ALONE, known, false, 2)).isCloseTo(100, within(1e-9));
    assertThat(rule.window(1000, FIRST_ALONE, known, false, 1000)).isCloseTo(1000, within(1e-9));
  }

  @Test
  void look_leavesRoomForLessThanTheBareLatency() {
    assertThat(rule.window(1000, FIRST_ALONE, bases(0.05, 0.05), true, 16))
        .as("0.6 of it, whatever the slack")
        .isCloseTo(30, within(1e-9));
    List<BaseLatency> unknown = List.of(BaseLatency.UNKNOWN, BaseLatency.UNKNOWN);
    assertThat(rule.window(1000, FIRST_ALONE, unknown, true, 1))
        .as("0.6 of a tenth of the time-out")
        .isCloseTo(240, within(1e-9));
  }

  @Test
  void window_neverClosesForWantOfGoodput() {
    assertThat(rule.window(0, FIRST_ALONE, bases(0.02, 0.02), false, 1)).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "8, 6, 626, true",
    "8, 6, 625, false", // 2.5 times the base is not slower yet
    "8, 5, 2000, false", // slots are free: it is not the window that is full
    "9, 9, 2000, false" // not the smallest window: it may be a queue
  })
  void base_isReplacedOnlyWhenNothingCanBeQueued(
      double window, int inFlight, double latencyMillis, boolean replaced) {
    Round round = round(8, latencyMillis, inFlight);
    List<BaseLatency> after = WindowRule.slower(bases(0.25, 0.25), withWindow(window), round);
    assertThat(after.equals(bases(0.25, 0.25))).isEqualTo(!replaced);
  }

  @Test
  void replacedBase_ofAllClassesGrowsByTheSameFactorAndLives() {
    List<BaseLatency> after = WindowRule.slower(bases(0.25, 0.5), withWindow(8), round(8, 1000, 8));
    assertThat(after.get(0).seconds()).hasValue(1);
    assertThat(after.get(1).seconds()).hasValue(2);
    assertThat(after.get(0).blocks().get(0).expiresNanos()).isEqualTo((61 + 40) * SECOND);
  }

  @Test
  void look_lowersABaseAndNeverRaisesOne() {
    List<BaseLatency> before = bases(0.25, 0.5);
    long expires = 100 * SECOND;
    assertThat(WindowRule.probed(before, OptionalDouble.empty(), expires)).isEqualTo(before);
    assertThat(WindowRule.probed(before, OptionalDouble.of(1.2), expires)).isEqualTo(before);
    assertThat(WindowRule.probed(before, OptionalDouble.of(1), expires)).isEqualTo(before);
    List<BaseLatency> lower = WindowRule.probed(before, OptionalDouble.of(0.5), expires);
    assertThat(lower.get(0).seconds()).hasValue(0.125);
    assertThat(lower.get(1).seconds()).hasValue(0.25);
  }

  @Test
  void latency_isComparedOnceThereAreAnswersEnough() {
    List<BaseLatency> known = bases(0.25, 0.25);
    assertThat(WindowRule.quotient(known, round(9, 500, 1), 10)).isEmpty();
    assertThat(WindowRule.quotient(known, round(10, 500, 1), 10)).hasValue(2);
    List<BaseLatency> unknown = List.of(BaseLatency.UNKNOWN, BaseLatency.UNKNOWN);
    assertThat(WindowRule.quotient(unknown, round(10, 500, 1), 0)).isEmpty();
  }

  @Test
  void firstSecondOfARamp_doesNotTellTheBareLatency() {
    Rounds rounds = new Rounds(2);
    ControllerState state = controller.start(REFERENCE, 0);
    state = controller.step(state, rounds.of(1000, good(50, 10), 2), REFERENCE).state();
    state = controller.step(state, rounds.of(500, good(50, 10), 2), REFERENCE).state();
    assertThat(state.bases().get(0).seconds()).isEmpty();
    state = controller.step(state, rounds.of(1000, good(50, 40), 2), REFERENCE).state();
    assertThat(state.bases().get(0).seconds()).hasValue(0.04);
  }
}
