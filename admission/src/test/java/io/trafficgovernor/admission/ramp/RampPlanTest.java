package io.trafficgovernor.admission.ramp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class RampPlanTest {
  private static final long SECOND = 1_000_000_000L;

  static final List<RampPlan> plans =
      List.of(
          new RampPlan.Adaptive(),
          new RampPlan.Linear(100, 1000, 90 * SECOND),
          new RampPlan.Exponential(50, 1.5, 20 * SECOND),
          new RampPlan.Steps(
              List.of(
                  new RampPlan.Steps.Step(100, 30 * SECOND),
                  new RampPlan.Steps.Step(400, 60 * SECOND))),
          new RampPlan.FiveHundredFiftyFive());

  @ParameterizedTest
  @FieldSource("plans")
  void limit_neverFalls(RampPlan plan) {
    double before = 0;
    for (long second = 0; second < 2000; second++) {
      double limit = plan.limitPerSecond(second * SECOND);
      assertThat(limit).isGreaterThanOrEqualTo(before);
      before = limit;
    }
  }

  @ParameterizedTest
  @FieldSource("plans")
  void nextStep_isNotInThePast(RampPlan plan) {
    for (long second = 0; second < 1000; second += 7) {
      assertThat(plan.nextStepNanos(second * SECOND)).isGreaterThanOrEqualTo(second * SECOND);
    }
  }

  @Test
  void linear_goesStraight() {
    RampPlan plan = new RampPlan.Linear(100, 1000, 90 * SECOND);
    assertThat(plan.limitPerSecond(0)).isEqualTo(100);
    assertThat(plan.limitPerSecond(45 * SECOND)).isEqualTo(550);
    assertThat(plan.limitPerSecond(90 * SECOND)).isInfinite();
  }

  @Test
  void exponential_multipliesEachPeriod() {
    RampPlan plan = new RampPlan.Exponential(50, 2, 10 * SECOND);
    assertThat(plan.limitPerSecond(30 * SECOND)).isCloseTo(400, within(1e-9));
  }

  @Test
  void steps_dwell() {
    RampPlan plan = plans.get(3);
    assertThat(plan.limitPerSecond(29 * SECOND)).isEqualTo(100);
    assertThat(plan.limitPerSecond(30 * SECOND)).isEqualTo(400);
    assertThat(plan.limitPerSecond(90 * SECOND)).isInfinite();
    assertThat(plan.nextStepNanos(10 * SECOND)).isEqualTo(30 * SECOND);
    assertThat(plan.nextStepNanos(30 * SECOND)).isEqualTo(90 * SECOND);
    assertThat(plan.nextStepNanos(95 * SECOND)).isEqualTo(95 * SECOND);
  }

  @Test
  void fiveHundredFiftyFive_risesByHalfEachFiveMinutes() {
    RampPlan plan = new RampPlan.FiveHundredFiftyFive();
    assertThat(plan.limitPerSecond(299 * SECOND)).isEqualTo(500);
    assertThat(plan.limitPerSecond(300 * SECOND)).isEqualTo(750);
    assertThat(plan.nextStepNanos(0)).isEqualTo(300 * SECOND);
  }

  @Test
  void plans_refuseNonsense() {
    assertThatThrownBy(() -> new RampPlan.Linear(100, 50, SECOND))
        .hasMessageContaining("target: got 50.0/s");
    assertThatThrownBy(() -> new RampPlan.Linear(0, 50, SECOND))
        .hasMessageContaining("start: got 0.0/s");
    assertThatThrownBy(() -> new RampPlan.Exponential(10, 1, SECOND))
        .hasMessageContaining("factor: got 1.0");
    assertThatThrownBy(() -> new RampPlan.Exponential(10, 2, 0))
        .hasMessageContaining("period: got 0 ns");
    assertThatThrownBy(() -> new RampPlan.Steps(List.of())).hasMessageContaining("steps: got none");
    assertThatThrownBy(
            () ->
                new RampPlan.Steps(
                    List.of(
                        new RampPlan.Steps.Step(100, SECOND), new RampPlan.Steps.Step(50, SECOND))))
        .hasMessageContaining("allowed rising rates");
  }
}
