package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.testing.Rounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerdictTest {
  @ParameterizedTest
  @CsvSource({"19, false", "20, true"})
  void green_restsOnTwentyOutcomes(long outcomes, boolean green) {
    Verdict verdict = Verdict.notRed(new Rounds(1).of(1000, good(outcomes, 20), 1));
    assertThat(verdict.green()).isEqualTo(green);
    assertThat(verdict.red()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"FAST, false", "HARD, true", "STALL, true"})
  void refusals_callForHolding_theRestForGoingBack(Signal signal, boolean back) {
    assertThat(Verdict.red(signal, 1, 0.5).callsForRollback()).isEqualTo(back);
  }

  @Test
  void unknown_isNeitherRedNorGreen() {
    assertThat(Verdict.UNKNOWN.red() || Verdict.UNKNOWN.green()).isFalse();
    assertThat(Verdict.UNKNOWN.callsForRollback()).isFalse();
  }
}
