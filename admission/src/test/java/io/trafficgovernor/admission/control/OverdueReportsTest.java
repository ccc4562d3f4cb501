package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static io.trafficgovernor.admission.testing.Rounds.timedOut;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A round of which some nodes have not told: bad news counts, good news does not. */
final class OverdueReportsTest {
  private static final Reference KNOWN = new Reference(750, 0.015, List.of(), 750);

  private final CeilingController controller = new CeilingController(Classes.chain(1));
  private final Rounds rounds = new Rounds(1);
  private ControllerState before = controller.closed(0);

  @BeforeEach
  void aRampThatHasBegun() {
    ControllerState start = controller.start(KNOWN, 0);
    before = controller.step(start, rounds.of(250, good(40, 50), 2), KNOWN).state();
  }

  @Test
  void goodNews_raisesNothingAndTeachesNoRate() {
    Round more = rounds.of(250, good(100, 50), 2);
    assertThat(controller.step(before, more, KNOWN).state().level().ceiling())
        .as("told by all, it would rise")
        .isGreaterThan(before.level().ceiling());
    CeilingController.Step lapsed = controller.lapsed(before, more, KNOWN);
    assertThat(lapsed.state().level()).isEqualTo(before.level());
    assertThat(lapsed.state().goodput()).isEqualTo(before.goodput());
    assertThat(lapsed.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void windowThatBinds_endsSlowStart() {
    CeilingController.Step lapsed =
        controller.lapsed(before, rounds.of(250, good(40, 50), 40), KNOWN);
    assertThat(before.level().slowStart()).isTrue();
    assertThat(lapsed.state().level().slowStart()).isFalse();
  }

  @Test
  void badNews_countsAsEver() {
    Round bad = rounds.of(1000, timedOut(50, 10), 40);
    CeilingController.Step lapsed = controller.lapsed(before, bad, KNOWN);
    CeilingController.Step told = controller.step(before, bad, KNOWN);
    assertThat(lapsed.verdict().signal()).contains(Signal.HARD);
    assertThat(lapsed.state()).isEqualTo(told.state());
    assertThat(lapsed.state().level().ceiling()).isEqualTo(50);
  }

  @Test
  void silence_isRememberedAsSilence() {
    CeilingController.Step lapsed =
        controller.lapsed(before, rounds.of(600, Tally.NONE, 20), KNOWN);
    assertThat(lapsed.verdict().signal()).contains(Signal.STALL);
    assertThat(lapsed.state().brakes().stalled()).isTrue();
    assertThat(lapsed.state().level().knownGood()).as("0.7 of 160/s").isEqualTo(112);
  }
}
