package io.trafficgovernor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CeilingPeakTest {
  private static final long SECOND = 1_000_000_000L;

  private final CeilingPeak peak = new CeilingPeak();

  @Test
  void perSecond_beforeAnythingWasTold() {
    assertThat(peak.perSecond(-5 * SECOND)).isZero();
  }

  @Test
  void perSecond_isTheHighestOfAMinuteAtLeast() {
    peak.told(100, 0);
    peak.told(900, SECOND);
    peak.told(50, 2 * SECOND);
    assertThat(peak.perSecond(61 * SECOND)).isEqualTo(900);
    peak.told(60, 62 * SECOND);
    assertThat(peak.perSecond(115 * SECOND)).isEqualTo(900);
  }

  @Test
  void perSecond_forgetsAfterTwoMinutes() {
    peak.told(900, 0);
    peak.told(60, 61 * SECOND);
    assertThat(peak.perSecond(122 * SECOND)).isEqualTo(60);
    assertThat(peak.perSecond(500 * SECOND)).as("a long silence").isZero();
  }
}
