package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a ramp starts, when it stops doubling, and what time-outs and looks have to do with it. */
final class RampGrowthTest {
  private static final Reference KNOWN = new Reference(750, 0.015, List.of(), 750);

  private final CeilingController controller = new CeilingController(Classes.chain(1));
  private final Rounds rounds = new Rounds(1);

  private static ControllerState step(
      CeilingController controller, ControllerState state, Round round) {
    return controller.step(state, round, KNOWN).state();
  }

  private ControllerState at(double ceiling, double window, boolean slowStart, double knownGood) {
    return controller.start(KNOWN, 0).withLevel(new Level(ceiling, window, slowStart, knownGood));
  }

  @Test
  void longTimeouts_startWithALowerFloorAndAWiderWindow() {
    CeilingController patient = new CeilingController(Classes.timingOutAfter(2));
    Level blind = patient.start(Reference.configured(10), 0).level();
    assertThat(blind.ceiling()).as("8 / (T/4)").isEqualTo(16);
    Level busy = patient.start(new Reference(10_000, 0.2, List.of(), 0), 0).level();
    assertThat(busy.window()).as("rate * T / 40").isEqualTo(500);
  }

  @Test
  void floor_goesByTheTimeoutsOfWhatIsAnswered() {
    CeilingController mixed = new CeilingController(Classes.timingOutAfter(1, 4));
    ControllerState state = mixed.start(KNOWN, 0).withLevel(new Level(10, 8, false, 0));
    Round round = new Rounds(2).of(1000, List.of(good(3, 20), good(1, 20)), 1, 0);
    assertThat(step(mixed, state, round).level().ceiling())
        .as("three answers of 1 s and one of 4 s: 8 / (1.75 s / 4)")
        .isCloseTo(8 / (1.75 / 4), within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "20, 14, 0, false", // 0.7 of a large window
    "20, 13, 0, true",
    "20, 1, 1, false", // somebody found no slot
    "16, 16, 9, true" // a small window always binds
  })
  void slowStart_endsWhenALargeWindowBinds(
      double window, int inFlight, long slotRefusals, boolean goesOn) {
    ControllerState after =
        step(
            controller,
            at(100, window, true, 0),
            rounds.of(1000, good(40, 20), inFlight, slotRefusals));
    assertThat(after.level().slowStart()).isEqualTo(goesOn);
  }

  @ParameterizedTest
  @CsvSource({"49, 80", "50, 60"})
  void knownLevel_isNearFromHalfOfIt(double ceiling, double next) {
    ControllerState after =
        step(controller, at(ceiling, 8, false, 100), rounds.of(1000, good(40, 20), 2));
    assertThat(after.level().ceiling()).isEqualTo(next);
  }

  /** Eleven seconds at a base of 50 ms and a window that binds: a look is under way. */
  private ControllerState looking() {
    ControllerState state = controller.start(KNOWN, 0);
    for (int i = 0; i < 12; i++) {
      state = step(controller, state, rounds.of(1000, good(400, i < 5 ? 50 : 110), 50));
    }
    return state;
  }

  @ParameterizedTest
  @CsvSource({"46, 20", "54, 20", "44, 10", "56, 10"})
  void look_thatFindsTheBaseRightWithinATenth_isRepeatedLater(long foundMillis, long seconds) {
    ControllerState after =
        step(controller, looking(), rounds.of(1000, good(400, foundMillis), 12));
    assertThat(after.probe().dueNanos() - rounds.nowNanos()).isEqualTo(seconds * 1_000_000_000L);
  }

  @Test
  void look_thatFoundALowerBase_countsForFortySeconds() {
    ControllerState state = step(controller, looking(), rounds.of(1000, good(400, 20), 12));
    for (int i = 0; i < 39; i++) {
      state = step(controller, state, rounds.of(1000, good(400, 30), 2));
    }
    assertThat(state.bases().get(0).seconds().orElseThrow()).isCloseTo(0.02, within(1e-9));
    for (int i = 0; i < 2; i++) {
      state = step(controller, state, rounds.of(1000, good(400, 30), 2));
    }
    assertThat(state.bases().get(0).seconds().orElseThrow()).isCloseTo(0.03, within(1e-9));
  }

  @Test
  void smallWindow_isNotLookedInto() {
    ControllerState small = at(800, 16, false, 0);
    Round due = new Round(59_000_000_000L, 60_000_000_000L, List.of(good(400, 50)), 16, 99, 0);
    assertThat(step(controller, small, due).probe().active()).isFalse();
    ControllerState large = at(800, 17, false, 0);
    assertThat(step(controller, large, due).probe().active()).isTrue();
  }
}
