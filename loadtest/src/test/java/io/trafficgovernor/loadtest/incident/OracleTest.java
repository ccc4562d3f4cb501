package io.trafficgovernor.loadtest.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.store.StoreSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OracleTest {
  private static final double NO_QUOTA = Double.POSITIVE_INFINITY;
  private final StoreSettings store =
      StoreSettings.usual(16, Duration.ofMillis(10), Duration.ofMillis(100), 7_200);
  private final Oracle oracle = new Oracle(store, 8_000, 0.8);

  @Test
  void demandUnderTheColdCapacity_isServedAtOnce() {
    assertThat(oracle.seconds(store.capacity(0) - 1, NO_QUOTA, 0)).isZero();
  }

  @Test
  void demandOverTheWarmCapacity_isNeverServed() {
    assertThat(oracle.seconds(store.capacity(1) + 1, NO_QUOTA, 0)).isEqualTo(3_600);
  }

  @Test
  void moreDemandAndASmallerQuota_takeLonger() {
    double half = oracle.seconds(375, NO_QUOTA, 0);
    double full = oracle.seconds(750, NO_QUOTA, 0);
    assertThat(half).isPositive().isLessThan(full);
    assertThat(oracle.seconds(750, 50, 20)).isGreaterThan(full + 5);
    assertThat(oracle.seconds(750, 300, 10))
        .as("a quota over what it can serve")
        .isBetween(full, full + 1);
  }

  /** The scale the replay is made for: about 40 s to warm. */
  @Test
  void june12_warmsInAboutFortySeconds() {
    Incident.Replay replay = IncidentFile.named("june-12").replay();
    assertThat(
            new Oracle(replay.store().settings(), replay.store().keys(), replay.store().zipf())
                .seconds(
                    replay.ratePerSecond(),
                    replay.quotaPerSecond(),
                    replay.quotaFor().toMillis() / 1e3))
        .isBetween(30.0, 50.0);
  }
}
