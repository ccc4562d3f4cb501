package io.trafficgovernor.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How fast connections may be begun. */
final class ConnectRampTest {
  private static final long MILLI = 1_000_000L;
  private static final long SEED = 612;

  private double part = 1;
  private long now = 5_000_000_000L;

  private ConnectRamp ramp(double perSecond) {
    return new ConnectRamp(perSecond, nanos -> part);
  }

  /** Begins as many as it may, asking when it is told to; the instants. */
  private List<Long> begin(ConnectRamp ramp, long forNanos) {
    List<Long> instants = new ArrayList<>();
    long end = now + forNanos;
    while (now < end) {
      long wait = ramp.take(now);
      if (wait == 0) {
        instants.add(now);
      } else {
        now += wait;
      }
    }
    return instants;
  }

  @Test
  void rate_isKept_andUsed() {
    ConnectRamp ramp = ramp(100);
    assertThat(begin(ramp, 2_000 * MILLI)).hasSizeBetween(190, 206);
    assertThat(ramp.begunCount()).isBetween(190L, 206L);
    assertThat(ramp.heldCount()).isPositive();
  }

  /** A pool that was idle for long may not open all at once what it did not open meanwhile. */
  @Test
  void whatWasNotUsed_isNotSavedUp() {
    ConnectRamp ramp = ramp(100);
    begin(ramp, 100 * MILLI);
    now += 3_600_000 * MILLI;
    assertThat(begin(ramp, 1)).hasSize(5);
  }

  @Test
  void slowRate_hasOneAtOnce() {
    ConnectRamp ramp = ramp(2);
    assertThat(begin(ramp, 1)).hasSize(1);
    assertThat(begin(ramp, 1000 * MILLI)).hasSize(2);
  }

  @Test
  void part_dividesTheRate() {
    part = 0.25;
    assertThat(begin(ramp(100), 4000 * MILLI)).hasSizeBetween(95, 102);
  }

  /** No lease, no tokens: also none that were left. */
  @Test
  void noPart_isNoConnection_andLooksAgainSoon() {
    ConnectRamp ramp = ramp(1000);
    assertThat(ramp.take(now)).isZero();
    part = 0;
    now += 20 * MILLI;
    assertThat(ramp.take(now)).isEqualTo(ConnectRamp.LOOK_NANOS);
    assertThat(begin(ramp, 500 * MILLI)).isEmpty();
    part = 1;
    now += 20 * MILLI;
    assertThat(begin(ramp, 100 * MILLI)).isNotEmpty();
  }

  /** However shares move between nodes, all of them together keep to the rate. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void parts_ofAllNodes_keepTheClustersRate(int nodes) {
    SplittableRandom random = new SplittableRandom(SEED + nodes);
    double[] parts = new double[nodes];
    List<ConnectRamp> ramps = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      int of = i;
      ramps.add(new ConnectRamp(200, nanos -> parts[of]));
    }
    List<Long> begun = new ArrayList<>();
    for (int tick = 0; tick < 4000; tick++) {
      if (tick % 100 == 0) {
        double sum = 0;
        for (int i = 0; i < nodes; i++) {
          parts[i] = random.nextDouble();
          sum += parts[i];
        }
        for (int i = 0; i < nodes; i++) {
          parts[i] /= sum;
        }
      }
      now += MILLI;
      for (ConnectRamp each : ramps) {
        while (each.take(now) == 0) {
          begun.add(now);
        }
      }
    }
    assertThat((double) begun.size()).isCloseTo(800, within(60.0));
    double most = 200 * (0.1 + ConnectRamp.BURST_SECONDS + 0.02) + 2 * nodes;
    assertThat(worst(begun, 100 * MILLI)).as("seed %d", SEED + nodes).isLessThanOrEqualTo(most);
  }

  private static double worst(List<Long> instants, long windowNanos) {
    int worst = 0;
    int from = 0;
    for (int to = 0; to < instants.size(); to++) {
      while (instants.get(to) - instants.get(from) >= windowNanos) {
        from++;
      }
      worst = Math.max(worst, to - from + 1);
    }
    return worst;
  }

  @Test
  void clockThatStands_givesNothing() {
    ConnectRamp ramp = ramp(1000);
    now += MILLI;
    while (ramp.take(now) == 0) {
      assertThat(ramp.begunCount()).isLessThanOrEqualTo(50);
    }
    assertThat(ramp.take(now - 1_000_000_000L)).isPositive();
    assertThat(ramp.take(now)).isPositive();
  }

  @Test
  void rate_mustBeOne() {
    assertThatThrownBy(() -> ramp(0)).hasMessageContaining("got 0.0/s");
    assertThatThrownBy(() -> ramp(Double.NaN)).hasMessageContaining("NaN");
  }
}
