package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.failed;
import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceMeterTest {
  private static final Reference CONFIGURED = Reference.configured(100);

  private final Rounds rounds = new Rounds(1);
  private ReferenceMeter meter = ReferenceMeter.EMPTY;

  private void seconds(int seconds, Tally perSecond) {
    for (int i = 0; i < seconds; i++) {
      meter = meter.plus(rounds.of(1000, perSecond, 1), CONFIGURED);
    }
  }

  @Test
  void reference_isTheConfiguredOneUntilTenSecondsAreMeasured() {
    seconds(9, good(500, 15));
    assertThat(meter.reference(CONFIGURED, 1)).isEqualTo(CONFIGURED);
    seconds(1, good(500, 15));
    assertThat(meter.reference(CONFIGURED, 1).ratePerSecond()).isEqualTo(500);
    assertThat(meter.reference(CONFIGURED, 1).latencySeconds()).isCloseTo(0.015, within(1e-9));
  }

  @Test
  void reference_isAMedian() {
    seconds(30, good(500, 15));
    seconds(5, good(2000, 150));
    Reference reference = meter.reference(CONFIGURED, 1);
    assertThat(reference.ratePerSecond()).isEqualTo(500);
    assertThat(reference.envelope()).as("1.5 times the peak").isEqualTo(3000);
  }

  @Test
  void reference_knowsWhatAlwaysFails() {
    seconds(20, failed(97, 3));
    assertThat(meter.reference(CONFIGURED, 1).failureShares().get(0)).isCloseTo(0.03, within(1e-9));
  }

  /** Among few answers one failure is far more than the usual share, and still nothing unusual. */
  @Test
  void excusable_isTheUsualShareWithItsScatter() {
    seconds(20, failed(97, 3));
    Reference reference = meter.reference(CONFIGURED, 1);
    assertThat(reference.usualFailures(0, failed(19, 1))).isCloseTo(0.6, within(1e-6));
    assertThat(reference.excusableFailures(0, failed(19, 1))).isEqualTo(1);
    assertThat(reference.excusableFailures(0, failed(900, 100)))
        .isCloseTo(30 + Math.sqrt(1000 * 0.03 * 0.97), within(1e-6));
    assertThat(CONFIGURED.excusableFailures(0, failed(19, 1))).as("where none is usual").isZero();
  }

  @Test
  void samples_spanFiveMinutes() {
    seconds(1000, good(500, 15));
    assertThat(meter.samples()).hasSize(60);
  }

  @Test
  void minCeiling_isTenOrOnePercent() {
    assertThat(CONFIGURED.minCeiling()).isEqualTo(10);
    assertThat(Reference.configured(5000).minCeiling()).isEqualTo(50);
  }

  /** A backend that fails ever more must not pass for well in the end. */
  @Test
  void usualFailures_riseSlowlyAndNeverFar() {
    seconds(20, failed(99, 1));
    Reference reference = meter.reference(CONFIGURED, 1);
    for (int minute = 0; minute < 60; minute++) {
      for (int second = 0; second < 60; second++) {
        meter = meter.plus(rounds.of(1000, failed(60, 40), 1), reference);
        reference = meter.reference(reference, 1);
      }
      double share = reference.failureShares().get(0);
      assertThat(share).isLessThanOrEqualTo(0.0105 + 0.004 * (minute + 1)).isLessThanOrEqualTo(0.2);
    }
    assertThat(reference.failureShares().get(0)).isEqualTo(0.2);
  }

  @Test
  void usualFailures_fallAtOnce() {
    seconds(20, failed(85, 15));
    Reference worse = meter.reference(CONFIGURED, 1);
    seconds(300, failed(99, 1));
    assertThat(meter.reference(worse, 1).failureShares().get(0)).isCloseTo(0.01, within(1e-9));
  }

  @Test
  void usualFailures_neverMoreThanAFifth() {
    seconds(20, failed(40, 60));
    assertThat(meter.reference(CONFIGURED, 1).failureShares().get(0)).isEqualTo(0.2);
  }

  @Test
  void usualFailures_areThoseOfAllSamples() {
    seconds(5, good(100, 15));
    seconds(5, failed(80, 20));
    assertThat(meter.reference(CONFIGURED, 1).failureShares().get(0)).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void usualFailures_riseByTwoPointsInFiveMinutes() {
    seconds(20, failed(90, 10));
    Reference before = new Reference(100, 0.015, List.of(0.01), 100);
    assertThat(meter.reference(before, 30).failureShares().get(0)).isCloseTo(0.012, within(1e-9));
    assertThat(meter.reference(before, 300).failureShares().get(0)).isCloseTo(0.03, within(1e-9));
  }

  @Test
  void classThatIsNeverAsked_failsNever() {
    seconds(10, Tally.NONE);
    assertThat(meter.reference(CONFIGURED, 1)).as("no rate, no reference").isEqualTo(CONFIGURED);
    Rounds two = new Rounds(2);
    meter = ReferenceMeter.EMPTY;
    for (int i = 0; i < 10; i++) {
      meter = meter.plus(two.of(1000, good(50, 15), 1), CONFIGURED);
    }
    assertThat(meter.reference(CONFIGURED, 1).failureShares()).containsExactly(0.0, 0.0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void reference_isARateAboveNothing(double rate) {
    assertThatThrownBy(() -> Reference.configured(rate))
        .hasMessage("reference rate: got " + rate + "/s, allowed more than 0");
  }
}
