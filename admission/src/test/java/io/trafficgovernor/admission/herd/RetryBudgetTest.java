package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private final RetryBudget budget = new RetryBudget(2);

  private int spent(int rank, long nowNanos) {
    int spent = 0;
    while (budget.take(rank, 1, nowNanos)) {
      spent++;
    }
    return spent;
  }

  @Test
  void take_atFirstALittle() {
    assertThat(spent(0, 0)).isEqualTo(10);
    assertThat(spent(1, 0)).as("each class has its own").isEqualTo(10);
  }

  @Test
  void take_aTenthOfWhatWasUseful() {
    assertThat(spent(0, 0)).isEqualTo(10);
    for (int i = 0; i < 200; i++) {
      budget.earned(0, 1, 0);
    }
    assertThat(spent(0, 0)).isEqualTo(20);
  }

  @Test
  void take_aTrickleWhileNothingIs() {
    assertThat(spent(0, 0)).isEqualTo(10);
    assertThat(spent(0, 3 * SECOND)).isEqualTo(3);
  }

  @Test
  void earned_isBounded() {
    for (int i = 0; i < 10_000; i++) {
      budget.earned(0, 3, 0);
    }
    assertThat(spent(0, 0)).isEqualTo(RetryBudget.MOST_SAVED);
  }

  @Test
  void take_byWeight() {
    assertThat(budget.take(0, 7, 0)).isTrue();
    assertThat(budget.take(0, 7, 0)).isFalse();
    assertThat(budget.take(0, 3, 0)).isTrue();
  }
}
