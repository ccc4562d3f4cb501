package io.trafficgovernor.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.judge.Back;
import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SystemRowTest {
  private final List<SystemRow> rows = SystemRow.of(new RunSketch().back(1, 1_000).record());

  @Test
  void order_isThatOfTheReturn() {
    assertThat(rows).extracting(SystemRow::order).containsExactly(1, 0, 2);
    assertThat(rows.get(1).back()).isEqualTo(new Back.Never());
  }

  @Test
  void firstAttemptsAndServed_countFromTheReturn() {
    SystemRow stream = rows.get(2);
    assertThat(stream.firstAttempts()).isEqualTo(3_000);
    assertThat(stream.served()).isEqualTo(2_000);
    assertThat(rows.get(1).served()).isZero();
  }

  @Test
  void refused_countsAllAttemptsFromTheDeathOn() {
    // 20 s of outage and 10 s until it was back, 100 first attempts a second and a retry of each.
    assertThat(rows.get(2).refused()).isEqualTo(2 * 3_000);
  }

  @Test
  void time_isThatOfTheServedOnes() {
    assertThat(rows.get(0).p50Millis()).isCloseTo(20, within(0.1));
    assertThat(rows.get(0).p99Millis()).isCloseTo(20, within(0.1));
    assertThat(rows.get(1).p99Millis()).isZero();
  }
}
