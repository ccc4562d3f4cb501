package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many slots were out at once in the last half second or second. */
final class SlotPeakTest {
  private static final long HALF_SECOND = 500_000_000L;
  private static final long NOW = 7 * HALF_SECOND;

  private final SlotPeak nine = SlotPeak.begun(NOW).after(4, NOW).after(9, NOW + 1);

  @Test
  void peak_isTheHighestSumOfTheHalfSecond() {
    assertThat(SlotPeak.begun(NOW).slots()).isZero();
    assertThat(nine.slots()).isEqualTo(9);
    assertThat(nine.after(3, NOW + HALF_SECOND - 1)).isEqualTo(nine);
  }

  @Test
  void peak_isKeptForOneHalfSecondMore() {
    SlotPeak next = nine.after(3, NOW + HALF_SECOND);
    assertThat(next).isEqualTo(new SlotPeak(NOW + HALF_SECOND, 3, 9));
    assertThat(next.after(5, NOW + 2 * HALF_SECOND - 1).slots()).isEqualTo(9);
    assertThat(next.after(5, NOW + 2 * HALF_SECOND).slots()).as("and no longer").isEqualTo(5);
  }

  @Test
  void peak_afterASilenceIsForgotten() {
    assertThat(nine.after(3, NOW + 2 * HALF_SECOND - 1).slots()).isEqualTo(9);
    assertThat(nine.after(3, NOW + 2 * HALF_SECOND).slots()).isEqualTo(3);
  }
}
