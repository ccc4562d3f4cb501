package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SeenKeysTest {
  private static final long SECOND = 1_000_000_000L;

  private final SeenKeys keys = new SeenKeys();

  @Test
  void seen_theSecondTime() {
    assertThat(keys.seen(0x123456789abcdefL, -5)).isFalse();
    assertThat(keys.seen(0x123456789abcdefL, 0)).isTrue();
    assertThat(keys.seen(0x123456789abcdeeL, 0)).isFalse();
  }

  @Test
  void seen_forFifteenSecondsAtLeastAndThirtyAtMost() {
    SplittableRandom random = new SplittableRandom(3);
    for (long start = 0; start < 100 * SECOND; start += 7 * SECOND) {
      long key = random.nextLong();
      keys.seen(key, start);
      assertThat(keys.seen(random.nextLong(), start + 3 * SECOND)).isFalse();
    }
    long early = random.nextLong();
    keys.seen(early, 200 * SECOND);
    assertThat(keys.seen(early, 214 * SECOND)).isTrue();
    assertThat(keys.seen(early, 260 * SECOND)).as("it came again at 214 s").isFalse();
  }

  @Test
  void seen_forgetsAfterALongSilence() {
    keys.seen(99, 0);
    assertThat(keys.seen(99, 31 * SECOND)).isFalse();
  }

  @Test
  void seen_isRarelyWrong() {
    SplittableRandom random = new SplittableRandom(1);
    int wrong = 0;
    for (int i = 0; i < 3 * SeenKeys.MOST_KEYS; i++) {
      wrong += keys.seen(random.nextLong(), i) ? 1 : 0;
    }
    assertThat(wrong / (3.0 * SeenKeys.MOST_KEYS)).isLessThan(0.02);
  }
}
