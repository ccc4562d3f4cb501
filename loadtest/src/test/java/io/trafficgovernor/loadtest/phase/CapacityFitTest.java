package io.trafficgovernor.loadtest.phase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** On a store whose law is known: it recovers if its capacity is so many times the demand. */
final class CapacityFitTest {
  private static final Trial TRIAL = new Trial(0, 1_000, 0.2, 10, 0);

  private static Trial.Experiment recoversFrom(double times) {
    return trial ->
        new Trial.Outcome(
            trial.capacity() >= times * trial.demand() ? 100 : 0, OptionalDouble.empty());
  }

  @Test
  void fit_liesBetweenBothOutcomes() {
    CapacityFit fit = CapacityFit.of(recoversFrom(2.4), TRIAL, 750, List.of(1L, 2L));
    assertThat(fit.found()).isTrue();
    assertThat(fit.lowest()).isBetween(1_800.0, 1_810.0);
    assertThat(fit.highest()).isBetween(2_380.0, 2_400.0);
    assertThat(fit.capacity()).isBetween(fit.lowest(), fit.highest());
  }

  /** The seeds disagree by more than the two demands do. */
  @Test
  void fit_needsBothOutcomesWithEverySeed() {
    Trial.Experiment noisy = trial -> recoversFrom(trial.seed() == 1 ? 2 : 4).carryOut(trial);
    assertThat(CapacityFit.of(noisy, TRIAL, 750, List.of(1L, 2L)).found()).isFalse();
  }

  @Test
  void fit_isNotFoundIfNothingBringsItBack() {
    Trial.Experiment down = trial -> new Trial.Outcome(0, OptionalDouble.empty());
    assertThat(CapacityFit.of(down, TRIAL, 750, List.of(1L)).found()).isFalse();
  }
}
