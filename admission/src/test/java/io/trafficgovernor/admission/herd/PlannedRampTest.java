package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class PlannedRampTest {
  @Test
  void secondsUntil_turnsTheRampRound() {
    PlannedRamp ramp = new PlannedRamp(200, 0.05);
    assertThat(ramp.ceilingIn(ramp.secondsUntil(900))).isCloseTo(900, within(1e-9));
    assertThat(ramp.secondsUntil(150)).isZero();
  }

  @Test
  void growth_isBounded() {
    assertThat(new PlannedRamp(1, -3).growthPerSecond()).isEqualTo(PlannedRamp.MIN_GROWTH);
    assertThat(new PlannedRamp(1, 3).growthPerSecond()).isEqualTo(PlannedRamp.MAX_GROWTH);
  }

  @Test
  void growth_findsTheRateOfASteadyRamp() {
    double growth = PlannedRamp.FIRST_GROWTH;
    double ceiling = 100;
    for (int round = 0; round < 200; round++) {
      double next = ceiling * Math.exp(0.03 * 0.25);
      growth = PlannedRamp.growth(growth, ceiling, next, 0.25);
      ceiling = next;
    }
    assertThat(growth).isCloseTo(0.03, within(0.001));
  }

  @Test
  void growth_ofASawtoothIsNothing() {
    double growth = 0;
    for (int round = 0; round < 400; round++) {
      boolean up = round % 2 == 0;
      growth = PlannedRamp.growth(growth, up ? 100 : 130, up ? 130 : 100, 0.25);
    }
    assertThat(growth).isCloseTo(0, within(0.02));
  }

  @Test
  void growth_staysWhileNothingPasses() {
    assertThat(PlannedRamp.growth(0.07, 0, 50, 0.25)).isEqualTo(0.07);
    assertThat(PlannedRamp.growth(0.07, 50, 0, 0.25)).isEqualTo(0.07);
    assertThat(PlannedRamp.growth(0.07, 50, 60, 0)).isEqualTo(0.07);
  }

  @Test
  void ramp_needsACeiling() {
    assertThatThrownBy(() -> new PlannedRamp(0, 0.1)).hasMessageContaining("ceiling: got 0.0");
  }
}
