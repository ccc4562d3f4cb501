package io.trafficgovernor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DemandWatchTest {
  private static final long LOOK_NANOS = 30_000_000L;

  private final DemandWatch watch = new DemandWatch();
  private long arrivals;
  private long nowNanos;

  private boolean after(long came) {
    arrivals += came;
    nowNanos += LOOK_NANOS;
    return watch.changed(arrivals, nowNanos);
  }

  private void settle(int perLook) {
    for (int i = 0; i < 200; i++) {
      after(perLook);
    }
  }

  @Test
  void changed_aRiseBeyondSixDeviations() {
    settle(25);
    assertThat(after(25 + 30 + 3)).as("25 + 6 * 5 + 3 is the limit").isFalse();
    settle(25);
    assertThat(after(25 + 30 + 4)).isTrue();
  }

  @Test
  void changed_aFallOfMoreThanHalfWhereEnoughWasExpected() {
    settle(25);
    assertThat(after(8)).as("0.4 * 25 - 2 is the limit").isFalse();
    settle(25);
    assertThat(after(7)).isTrue();
    settle(10);
    assertThat(after(0)).as("ten may well stay away").isFalse();
  }

  @Test
  void changed_isToldOnce() {
    settle(10);
    assertThat(after(100)).isTrue();
    assertThat(after(100)).isFalse();
    assertThat(after(10)).isTrue();
    assertThat(after(10)).isFalse();
  }

  /** Chance alone: Poisson arrivals of 400 a second for an hour. */
  @Test
  void changed_isRareByChance() {
    long seed = 20260612;
    SplittableRandom random = new SplittableRandom(seed);
    settle(12);
    int changes = 0;
    int looks = 120_000;
    for (int i = 0; i < looks; i++) {
      changes += after(poisson(12, random)) ? 1 : 0;
    }
    assertThat(changes).as("of %d looks, seed %d", looks, seed).isLessThan(looks / 100);
  }

  private static int poisson(double mean, SplittableRandom random) {
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }
}
