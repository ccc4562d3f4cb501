package io.trafficgovernor.admission.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class TokenPoolTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final TokenPool pool = new TokenPool();

  @Test
  void take_beforeAnyRate() {
    assertThat(pool.take(1, 0, SECOND)).isFalse();
    assertThat(pool.nanosUntil(1, 0, SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void take_startsEmpty() {
    pool.rerate(100, 0);
    assertThat(pool.take(1, 0, 0)).isFalse();
    assertThat(pool.take(1, 0, 10 * MILLI)).isTrue();
    assertThat(pool.take(1, 0, 10 * MILLI)).isFalse();
  }

  @Test
  void burst_isFiveTokensOrTwentyMilliseconds() {
    pool.rerate(100, 0);
    assertThat(takenAt(SECOND)).isEqualTo(5);
    pool.rerate(1000, SECOND);
    assertThat(takenAt(2 * SECOND)).isEqualTo(20);
  }

  @Test
  void take_leavesTheReserve() {
    pool.rerate(100, 0);
    assertThat(pool.take(1, 3.5, 40 * MILLI)).as("4 tokens do not hold 1 + 3.5").isFalse();
    assertThat(pool.take(1, 3.5, 45 * MILLI)).as("4.5 tokens do").isTrue();
    assertThat(pool.take(1, 0, 45 * MILLI)).as("the reserve is there for others").isTrue();
  }

  @Test
  void rerate_keepsWhatWasEarned() {
    pool.rerate(100, 0);
    pool.rerate(200, 20 * MILLI);
    assertThat(takenAt(30 * MILLI)).as("2 at the old rate, 2 at the new").isEqualTo(4);
  }

  @Test
  void rerate_downClipsToTheNewBurst() {
    pool.rerate(1000, 0);
    pool.rerate(10, SECOND);
    assertThat(takenAt(SECOND)).isEqualTo(5);
  }

  @Test
  void rerate_toZeroEarnsNothing() {
    pool.rerate(100, 0);
    pool.rerate(0, 20 * MILLI);
    pool.rerate(100, 10 * SECOND);
    assertThat(takenAt(10 * SECOND)).as("the 2 from before, none of the 10 s").isEqualTo(2);
  }

  @Test
  void rerate_tenThousandTimesLosesNothing() {
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      pool.rerate(i % 2 == 0 ? 90 : 110, i * MILLI);
      taken += takenAt(i * MILLI);
    }
    assertThat(taken).isBetween(995, 1001);
  }

  @Test
  void drain_emptiesIt() {
    pool.rerate(100, 0);
    pool.drain(SECOND);
    assertThat(pool.take(1, 0, SECOND)).isFalse();
  }

  @Test
  void giveBack_neverExceedsTheBurst() {
    pool.rerate(100, 0);
    pool.giveBack(1, SECOND);
    assertThat(takenAt(SECOND)).isEqualTo(5);
  }

  @Test
  void nanosUntil_tellsWhenTheTokenIsThere() {
    pool.rerate(100, 0);
    long wait = pool.nanosUntil(1, 2, 0);
    assertThat(pool.take(1, 2, wait - 2000)).isFalse();
    assertThat(pool.take(1, 2, wait)).isTrue();
  }

  @Test
  void nanosUntil_ofMoreThanTheBurstIsWhenItIsFull() {
    pool.rerate(100, 0);
    assertThat(pool.nanosUntil(1, 9, 0)).isBetween(50 * MILLI, 51 * MILLI);
    assertThat(new TokenPool().nanosUntil(1, 0, 0)).as("closed").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void take_moreThanTheBurstIsPaidOff() {
    pool.rerate(100, 0);
    assertThat(pool.take(8, 0, 49 * MILLI)).as("not full").isFalse();
    assertThat(pool.take(8, 0, 50 * MILLI)).isTrue();
    assertThat(pool.take(1, 0, 89 * MILLI)).as("3 owed, 1 wanted: 40 ms").isFalse();
    assertThat(pool.take(1, 0, 90 * MILLI)).isTrue();
  }

  @Test
  void take_whatIsOwedOutlivesAClosure() {
    pool.rerate(100, 0);
    assertThat(pool.take(8, 0, 50 * MILLI)).isTrue();
    pool.rerate(0, 50 * MILLI);
    pool.drain(50 * MILLI);
    pool.rerate(100, SECOND);
    assertThat(pool.take(1, 0, SECOND + 39 * MILLI)).isFalse();
    assertThat(pool.take(1, 0, SECOND + 40 * MILLI)).isTrue();
  }

  @Test
  void take_severalKeepTheReserve() {
    pool.rerate(100, 0);
    assertThat(pool.take(3, 2, 49 * MILLI)).isFalse();
    assertThat(pool.take(3, 2, 50 * MILLI)).isTrue();
    assertThat(takenAt(50 * MILLI)).isEqualTo(2);
  }

  @Test
  void granted_isTheIntegralOfTheRate() {
    pool.rerate(100, 0);
    pool.rerate(50, 2 * SECOND);
    pool.rerate(0, 4 * SECOND);
    assertThat(pool.granted(9 * SECOND)).isCloseTo(300, within(1e-9));
  }

  @Test
  void rerate_refusesNegativeRates() {
    assertThatThrownBy(() -> pool.rerate(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got -1.0")
        .hasMessageContaining("allowed 0 or more");
    assertThatThrownBy(() -> pool.rerate(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private int takenAt(long nowNanos) {
    int taken = 0;
    while (pool.take(1, 0, nowNanos)) {
      taken++;
    }
    return taken;
  }
}
