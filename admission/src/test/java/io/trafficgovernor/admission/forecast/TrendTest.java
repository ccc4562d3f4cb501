package io.trafficgovernor.admission.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class TrendTest {
  private static final double ROUND = 0.25;

  /** A ceiling that gains the same whenever the ramp has lasted e times as long. */
  private static double warming(double age, double perFold) {
    return 300 + perFold * Math.log(Math.max(Trend.MIN_AGE_SECONDS, age));
  }

  private static Trend after(Trend from, double toAge, double perFold) {
    Trend trend = from;
    while (trend.ageSeconds() < toAge) {
      double before = warming(trend.ageSeconds(), perFold);
      trend = trend.after(before, warming(trend.ageSeconds() + ROUND, perFold), ROUND, false);
    }
    return trend;
  }

  @Test
  void doublingsOfSlowStart_areNotTakenForGrowth() {
    Trend trend = Trend.NONE;
    for (double ceiling = 50; trend.ageSeconds() < 2; ceiling *= 1.3) {
      trend = trend.after(ceiling, 1.3 * ceiling, ROUND, true);
    }
    assertThat(trend.known()).isFalse();
    assertThat(trend.growthPerSecond(300)).as("the first guess").isEqualTo(0.7);
    Trend counted = Trend.NONE;
    for (double ceiling = 50; counted.ageSeconds() < 4; ceiling *= 1.3) {
      counted = counted.after(ceiling, 1.3 * ceiling, ROUND, false);
    }
    assertThat(after(trend, 4, 100).perFold()).as("if they were").isLessThan(counted.perFold() / 2);
  }

  @Test
  void whatAFoldGains_isLearnt() {
    Trend early = after(Trend.NONE, 6, 100);
    Trend late = after(Trend.NONE, 600, 100);
    assertThat(early.perFold()).as("mostly the first guess yet").isGreaterThan(150);
    assertThat(late.perFold()).isCloseTo(100, within(35.0));
    assertThat(late.growthPerSecond(800)).isCloseTo(late.perFold() / 800 / 600, within(1e-9));
  }

  @Test
  void whatRisesAndFallsAgain_addsUpToNothing() {
    Trend calm = after(Trend.NONE, 60, 100);
    Trend up = calm.after(700, 900, ROUND, false);
    Trend back = up.after(900, 700, ROUND, false);
    assertThat(up.perFold()).isGreaterThan(calm.perFold() + 50);
    assertThat(back.perFold()).isCloseTo(calm.perFold(), within(2.0));
  }

  @Test
  void fallingCeiling_growsByNothing() {
    Trend trend = after(Trend.NONE, 60, 100);
    for (int round = 0; round < 60; round++) {
      trend = trend.after(700 - 10 * round, 690 - 10 * round, ROUND, false);
    }
    assertThat(trend.perFold()).isNegative();
    assertThat(trend.growthPerSecond(300)).isZero();
  }

  @Test
  void roundOfNoLength_changesNothing() {
    Trend trend = after(Trend.NONE, 10, 100);
    assertThat(trend.after(100, 200, 0, false)).isEqualTo(trend);
    assertThat(Trend.NONE.after(100, 200, 1, false))
        .as("the first two seconds measure nothing")
        .isEqualTo(new Trend(1, 0, false));
  }
}
