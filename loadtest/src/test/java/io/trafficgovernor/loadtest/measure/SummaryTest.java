package io.trafficgovernor.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.scenario.Measure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Many seeds, and whether they kept the scenario's promises. */
final class SummaryTest {
  private final List<Figures> figures = new ArrayList<>();

  private SummaryTest seed(double efficiency, double back, Map<String, Integer> violations) {
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    for (Measure each : Measure.values()) {
      values.put(each, each.higherIsBetter() ? 100.0 : 0.0);
    }
    values.put(Measure.EFFICIENCY, efficiency);
    values.put(Measure.CRITICAL_BACK, back);
    figures.add(
        new Figures(
            "governed",
            figures.size() + 1L,
            values,
            Map.of(),
            violations,
            List.of(),
            3 + figures.size(),
            21,
            0,
            0,
            1,
            1));
    return this;
  }

  private Summary summary(int nodes) {
    return new Summary(RunFixture.SCENARIO, nodes, figures, 100);
  }

  private List<String> failed() {
    return summary(8).checks().stream().filter(check -> !check.pass()).map(Check::id).toList();
  }

  @Test
  void median_ofTwoMiddleOnes_isTheWorse() {
    seed(97, 1, Map.of()).seed(99, 2, Map.of());
    assertThat(summary(8).median(Measure.EFFICIENCY)).hasValue(97);
    assertThat(summary(8).median(Measure.CRITICAL_BACK)).hasValue(2);
    seed(98, 3, Map.of());
    assertThat(summary(8).median(Measure.EFFICIENCY)).hasValue(98);
    assertThat(summary(8).worst(Measure.EFFICIENCY)).hasValue(97);
    assertThat(summary(8).worst(Measure.CRITICAL_BACK)).hasValue(3);
    assertThat(summary(8).beyond()).isEqualTo(5);
  }

  @Test
  void measureThatNoSeedHad_hasNoMedian() {
    seed(99, Double.NaN, Map.of());
    assertThat(summary(8).median(Measure.CRITICAL_BACK)).isEmpty();
    assertThat(failed()).as("nothing measured is nothing kept").contains("S1-critical-back-median");
  }

  @Test
  void goodSeeds_passEveryCheck() {
    seed(99, 1, Map.of()).seed(98, 0.5, Map.of());
    assertThat(failed()).isEmpty();
  }

  @Test
  void oneBadSeed_failsTheWorstBarAlone() {
    seed(99, 1, Map.of()).seed(93.9, 3.1, Map.of()).seed(99, 1, Map.of());
    assertThat(failed()).containsExactly("S1-efficiency-worst", "S1-critical-back-worst");
  }

  @Test
  void oneViolation_failsItsInvariant_withThoseThatAreCountedApart() {
    seed(99, 1, Map.of("I5-dead", 1)).seed(99, 1, Map.of("I3-late", 2));
    assertThat(failed()).containsExactly("S1-I3", "S1-I5");
    assertThat(summary(8).violations()).containsEntry("I5-dead", 1).containsEntry("I3-late", 2);
  }

  @Test
  void otherNumberOfNodes_isPartOfTheName() {
    seed(99, 1, Map.of());
    assertThat(summary(8).name()).isEqualTo("S1");
    assertThat(summary(3).name()).isEqualTo("S1-n3");
    assertThat(summary(3).line()).contains("governed, 3 nodes, 1 seeds");
  }
}
