package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.testing.Rounds;
import org.junit.jupiter.api.Test;

final class BaseLatencyTest {
  private static final long LIFE = 40_000_000_000L;

  private final Rounds rounds = new Rounds(1);
  private BaseLatency base = BaseLatency.UNKNOWN;

  private void plus(long millis, long answers, double latencyMillis) {
    Tally tally = good(answers, latencyMillis);
    base = base.plus(rounds.of(millis, tally, 1), tally, LIFE);
  }

  @Test
  void block_needsTwentyAnswersAndASecond() {
    plus(900, 100, 20);
    assertThat(base.seconds()).isEmpty();
    plus(100, 0, 0);
    assertThat(base.seconds()).hasValue(0.02);
    plus(2000, 19, 10);
    assertThat(base.seconds()).hasValue(0.02);
    plus(100, 1, 10);
    assertThat(base.seconds()).hasValue(0.01);
  }

  @Test
  void seconds_isTheLeastOfTheLivingBlocks() {
    plus(1000, 50, 20);
    plus(1000, 50, 40);
    assertThat(base.seconds()).hasValue(0.02);
    for (int i = 0; i < 40; i++) {
      plus(1000, 50, 40);
    }
    assertThat(base.seconds()).as("after 40 s").hasValue(0.04);
  }

  @Test
  void newestBlock_neverExpires() {
    plus(1000, 50, 20);
    for (int i = 0; i < 100; i++) {
      plus(1000, 0, 0);
    }
    assertThat(base.seconds()).hasValue(0.02);
  }

  @Test
  void blocks_stayFew() {
    for (int i = 0; i < 200; i++) {
      plus(1000, 50, 20 + i % 7);
    }
    assertThat(base.blocks()).hasSizeLessThanOrEqualTo(8);
  }

  @Test
  void replaced_forgetsTheOld() {
    plus(1000, 50, 20);
    base = base.replaced(0.1, rounds.nowNanos() + LIFE);
    assertThat(base.seconds()).hasValue(0.1);
  }

  @Test
  void withoutOpen_dropsTheBlockUnderWay() {
    plus(500, 50, 500);
    base = base.withoutOpen();
    plus(1000, 50, 20);
    assertThat(base.seconds()).hasValue(0.02);
  }

  @Test
  void block_endsWithItsLife() {
    base = base.withBlock(0.01, 3_000_000_000L).withBlock(0.02, LIFE);
    plus(2999, 5, 30);
    assertThat(base.seconds()).hasValue(0.01);
    plus(1, 5, 30);
    assertThat(base.seconds()).hasValue(0.02);
  }
}
