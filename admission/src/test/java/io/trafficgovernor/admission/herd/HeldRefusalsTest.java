package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class HeldRefusalsTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final long LONG_TIMEOUT = 10 * SECOND;

  private final HeldRefusals held = new HeldRefusals(HeldRefusals.MAX_HELD);

  @Test
  void tell_holdsTheFractionOfTheSecond() {
    HeldRefusals.Telling telling = held.tell(7 * SECOND + 250 * MILLI, 0, LONG_TIMEOUT, 0);
    assertThat(telling).isEqualTo(new HeldRefusals.Telling(250 * MILLI, 7, 7 * SECOND));
    assertThat(held.held()).isEqualTo(1);
    held.released();
    assertThat(held.held()).isZero();
  }

  @Test
  void tell_wholeSecondsNeedNoHold() {
    assertThat(held.tell(3 * SECOND, 0, LONG_TIMEOUT, 0))
        .isEqualTo(new HeldRefusals.Telling(0, 3, 3 * SECOND));
    assertThat(held.held()).isZero();
  }

  @Test
  void tell_answersBeforeTheClientGivesUp() {
    long timeout = SECOND;
    long now = 300 * MILLI;
    for (int fraction = 1; fraction < 1000; fraction++) {
      HeldRefusals.Telling telling = held.tell(2 * SECOND + fraction * MILLI, 0, timeout, now);
      assertThat(now + telling.holdNanos()).isLessThanOrEqualTo(700 * MILLI);
      assertThat(telling.holdNanos() + telling.remainingNanos())
          .isEqualTo(2 * SECOND + fraction * MILLI);
    }
  }

  @Test
  void tell_holdsNothingWhenTheTimeIsUp() {
    assertThat(held.tell(2 * SECOND + 1, 0, SECOND, 900 * MILLI).holdNanos()).isZero();
  }

  @Test
  void tell_beyondTheBoundRoundsFairly() {
    HeldRefusals small = new HeldRefusals(2);
    double told = 0;
    for (int i = 0; i < 1002; i++) {
      HeldRefusals.Telling telling = small.tell(4 * SECOND + 300 * MILLI, 0, LONG_TIMEOUT, 0);
      assertThat(telling.retryAfterSeconds()).isBetween(4L, 5L);
      told += telling.holdNanos() == 0 ? telling.retryAfterSeconds() : 0;
    }
    assertThat(small.held()).isEqualTo(2);
    assertThat(told / 1000).isCloseTo(4.3, within(0.01));
  }

  /**
   * The comb: a herd of one instant comes back evenly if it is held, once a second if it is not.
   */
  @Test
  void tell_aHerdDoesNotComeBackInStep() {
    assertThat(busiestCell(held)).isLessThanOrEqualTo(55);
    assertThat(busiestCell(new HeldRefusals(0))).as("negative control").isGreaterThan(900);
  }

  /** Most returns in 50 ms of 10 000 clients that are spread over 10 s; 50 if even. */
  private static int busiestCell(HeldRefusals of) {
    int[] cells = new int[300];
    for (int i = 0; i < 10_000; i++) {
      HeldRefusals.Telling telling = of.tell(SECOND + i * MILLI, 0, LONG_TIMEOUT, 0);
      long back = telling.holdNanos() + telling.retryAfterSeconds() * SECOND;
      cells[(int) (back / (50 * MILLI))]++;
    }
    return java.util.Arrays.stream(cells).max().orElseThrow();
  }

  @Test
  void bound_isNotNegative() {
    assertThatThrownBy(() -> new HeldRefusals(-1)).hasMessageContaining("held refusals: got -1");
  }
}
