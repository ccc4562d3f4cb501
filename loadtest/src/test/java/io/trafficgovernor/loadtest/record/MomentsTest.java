package io.trafficgovernor.loadtest.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MomentsTest {
  @Test
  void timeCounts_fromTheReturn() {
    Moments moments = new Moments(0, 1, 5_000_000_000L, 9_000_000_000L);
    assertThat(moments.sinceReturn(6_500_000_000L)).isEqualTo(1.5);
    assertThat(moments.sinceReturn(0)).isEqualTo(-5);
  }

  @Test
  void momentsThatFall_areAFault() {
    assertThatThrownBy(() -> new Moments(0, 3, 2, 4))
        .hasMessage("moments: got 0, 3, 2, 4, allowed only rising ones");
    assertThatThrownBy(() -> new Moments(1, 0, 2, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Moments(0, 1, 5, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reopened_countsFromTheReturnToo() {
    assertThat(new RunSketch().reopened(12).record().reopenedSeconds()).contains(12.0);
    assertThat(new RunSketch().record().reopenedSeconds()).isEqualTo(Optional.empty());
  }
}
