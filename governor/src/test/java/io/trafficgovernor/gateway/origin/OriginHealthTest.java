package io.trafficgovernor.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class OriginHealthTest {
  private static final long SECOND = 1_000_000_000L;

  private final OriginHealth health = new OriginHealth();

  @Test
  void unreachable_isLeftOutLongerEachTime() {
    long now = 0;
    for (long ban : new long[] {1, 2, 4, 8, 16, 32, 32}) {
      health.unreachable(now);
      assertThat(health.usable(now + ban * SECOND - 1)).isFalse();
      now += ban * SECOND;
      assertThat(health.usable(now)).isTrue();
    }
  }

  /** The failures of many calls at once are one failure. */
  @Test
  void unreachable_manyAtOnce() {
    for (int i = 0; i < 100; i++) {
      health.unreachable(i);
    }
    assertThat(health.usable(SECOND)).isTrue();
  }

  @Test
  void failed_inARowOnly() {
    for (int i = 0; i < 100; i++) {
      health.failed(0);
      health.failed(0);
      health.answered(0);
    }
    assertThat(health.usable(0)).isTrue();
    for (int i = 0; i < OriginHealth.MAX_FAILURES; i++) {
      health.failed(0);
    }
    assertThat(health.usable(0)).isFalse();
  }

  @Test
  void weight_startsSlowly() {
    assertThat(health.weight(0)).isEqualTo(1);
    health.unreachable(0);
    assertThat(health.weight(SECOND)).isEqualTo(OriginHealth.LEAST_WEIGHT);
    assertThat(health.weight(6 * SECOND)).isEqualTo(0.5, within(1e-9));
    health.answered(6 * SECOND);
    assertThat(health.weight(6 * SECOND)).isEqualTo(0.5, within(1e-9));
    health.answered(11 * SECOND);
    assertThat(health.weight(11 * SECOND)).isEqualTo(1);
    health.unreachable(12 * SECOND);
    assertThat(health.usable(13 * SECOND)).as("the first ban again").isTrue();
  }
}
