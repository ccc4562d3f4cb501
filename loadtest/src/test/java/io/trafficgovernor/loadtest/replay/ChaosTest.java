package io.trafficgovernor.loadtest.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.replay.Disturbance.Kind;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChaosTest {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void onlyOneNode_isInTroubleAtATime(long seed) {
    List<Disturbance> schedule = Chaos.schedule(8, 3, new SplittableRandom(seed));
    assertThat(schedule).hasSize(16);
    for (int i = 0; i < schedule.size(); i += 2) {
      Disturbance begin = schedule.get(i);
      Disturbance end = schedule.get(i + 1);
      assertThat(begin.kind()).isIn(Kind.KILL, Kind.STOP);
      assertThat(end.kind()).isEqualTo(begin.kind() == Kind.KILL ? Kind.RESTART : Kind.CONTINUE);
      assertThat(end.node()).isEqualTo(begin.node()).isBetween(0, 2);
      assertThat(end.afterReturn()).isGreaterThan(begin.afterReturn());
      if (i + 2 < schedule.size()) {
        assertThat(schedule.get(i + 2).afterReturn()).isGreaterThan(end.afterReturn());
      }
    }
  }

  @Test
  void sameSeed_sameSchedule() {
    assertThat(Chaos.schedule(4, 3, new SplittableRandom(3)))
        .isEqualTo(Chaos.schedule(4, 3, new SplittableRandom(3)))
        .isNotEqualTo(Chaos.schedule(4, 3, new SplittableRandom(4)));
  }

  @Test
  void disturbanceBeforeTheReturn_isAFault() {
    assertThatThrownBy(() -> new Disturbance(Duration.ofMillis(-1), 0, Kind.KILL))
        .hasMessageContaining("allowed a node from 0 on, after the return");
    assertThat(new Disturbance(Duration.ofMillis(2_500), 1, Kind.STOP).text())
        .isEqualTo("2.5 s: STOP 2");
  }
}
