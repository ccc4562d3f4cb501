package io.trafficgovernor.loadtest.phase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class DiagramTest {
  private static final Trial TRIAL = new Trial(1_000, 500, 0.2, 10, 0);

  /** Down from a product of demand and length on. */
  private static Trial.Experiment downFrom(double product) {
    return trial ->
        new Trial.Outcome(
            trial.demand() * trial.seconds() < product ? 100 : 3, OptionalDouble.empty());
  }

  @Test
  void cells_areLaidOutRowByRow() {
    Diagram diagram =
        Diagram.of(
            downFrom(5_000), downFrom(1e9), TRIAL, List.of(0.5, 0.9, 1.1), List.of(5.0, 10.0));
    assertThat(diagram.at(1, 2).demandShare()).isEqualTo(1.1);
    assertThat(diagram.at(1, 2).seconds()).isEqualTo(10);
    assertThat(diagram.at(0, 0).without().recovered()).isTrue();
    assertThat(diagram.downWithout()).isEqualTo(4);
    assertThat(diagram.brokenPromises()).isZero();
  }

  @Test
  void aPromise_isBrokenUpToTheShareThatWasPromised() {
    Diagram diagram =
        Diagram.of(
            downFrom(1), downFrom(9_000), TRIAL, List.of(0.5, 0.95, 0.96), List.of(5.0, 10.0));
    assertThat(diagram.brokenPromises()).as("0.95 for 10 s; 0.96 is not promised").isEqualTo(1);
  }

  @Test
  void thresholds_areFoundForEachSeed() {
    Trial.Experiment store =
        trial ->
            new Trial.Outcome(trial.seconds() < 7 + trial.seed() ? 100 : 0, OptionalDouble.empty());
    Thresholds thresholds = Thresholds.of(store, TRIAL, List.of(1L, 2L, 3L, 40L));
    assertThat(thresholds.seconds().get(3)).isEmpty();
    assertThat(thresholds.sorted()).hasSize(3);
    assertThat(thresholds.median().orElseThrow()).isBetween(9.0, 9.25);
    assertThat(thresholds.within(5, 9.5)).isEqualTo(2);
  }
}
