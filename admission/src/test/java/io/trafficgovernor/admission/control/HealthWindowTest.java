package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.failed;
import static io.trafficgovernor.admission.testing.Rounds.good;
import static io.trafficgovernor.admission.testing.Rounds.refused;
import static io.trafficgovernor.admission.testing.Rounds.timedOut;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HealthWindowTest {
  private static final Reference REFERENCE = Reference.configured(100);

  private final Rounds rounds = new Rounds(1);
  private HealthWindow health = HealthWindow.EMPTY;

  private void plus(long millis, Tally tally) {
    health = health.plus(rounds.of(millis, tally, 1), REFERENCE);
  }

  @Test
  void errorShare_isUnknownBelowTwentyOutcomes() {
    plus(1000, failed(0, 19));
    assertThat(health.errorShare(rounds.nowNanos())).isEmpty();
    plus(1000, good(1, 20));
    assertThat(health.errorShare(rounds.nowNanos())).hasValue(0.95);
  }

  @Test
  void errorShare_countsTheLatestOutcomes() {
    plus(1000, good(100, 20));
    plus(1000, timedOut(5, 15));
    assertThat(health.errorShare(rounds.nowNanos())).hasValue(0.75);
    assertThat(health.samples()).hasSize(1);
  }

  @Test
  void errorShare_forgetsAfterThirtySeconds() {
    plus(1000, failed(0, 30));
    assertThat(health.errorShare(rounds.nowNanos() + 30_000_000_000L)).hasValue(1);
    assertThat(health.errorShare(rounds.nowNanos() + 30_000_000_001L)).isEmpty();
  }

  @Test
  void errorShare_refusalsAreNotErrors() {
    plus(1000, refused(10, 90));
    assertThat(health.errorShare(rounds.nowNanos())).hasValue(0);
  }

  @Test
  void errorShare_sparesUsualFailures() {
    Reference usual = new Reference(100, 0, List.of(0.5), 0);
    health = health.plus(rounds.of(1000, failed(40, 60), 1), usual);
    assertThat(health.errorShare(rounds.nowNanos())).hasValue(0.1);
  }

  @Test
  void errorShare_countsTimeoutsAndFailures() {
    plus(1000, new Tally(20, 0, 10, 6, 4, 0));
    assertThat(health.errorShare(rounds.nowNanos())).hasValue(0.5);
  }

  @Test
  void silence_changesNothing() {
    plus(1000, failed(10, 10));
    HealthWindow before = health;
    plus(1000, Tally.NONE);
    assertThat(health).isEqualTo(before);
  }
}
