package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Figures;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.rival.Control;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.rival.LinearRamp;
import io.trafficgovernor.loadtest.rival.NoControl;
import io.trafficgovernor.loadtest.rival.Oracle;
import io.trafficgovernor.loadtest.scenario.Measure;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.world.Breakage;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The law on the simulated store, and the controls without it. */
@Execution(ExecutionMode.CONCURRENT)
final class SimulationTest {
  private static final Control OURS = new Governed(Breakage.NONE);

  private static Run run(String name, long seed, Control control, int nodes) {
    return new Simulation(Scenarios.named(name), seed).run(control, nodes);
  }

  private static Figures figures(String name, long seed, Control control, int nodes) {
    return Campaign.figures(Scenarios.named(name), seed, control, nodes);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(101, 103);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void coldReturn_governed(long seed) {
    Figures figures = figures("S1", seed, OURS, 8);
    assertThat(figures.value(Measure.EFFICIENCY)).isGreaterThanOrEqualTo(96);
    assertThat(figures.value(Measure.CRITICAL_BACK)).isLessThanOrEqualTo(3);
    assertThat(figures.value(Measure.CRITICAL_SERVED)).isGreaterThanOrEqualTo(99.8);
    assertThat(figures.value(Measure.RESTARTS)).isZero();
    assertThat(figures.value(Measure.EXCESS_100MS)).isLessThanOrEqualTo(40);
    assertThat(figures.violations()).isEmpty();
  }

  /** The negative control: it fails the checks that the governor passes. */
  @Test
  void coldReturn_withoutControlStaysDown() {
    Figures figures = figures("S1", 7, new NoControl(), 8);
    assertThat(figures.value(Measure.EFFICIENCY)).isLessThan(70);
    assertThat(figures.value(Measure.RESTARTS)).isPositive();
  }

  /** Slow enough not to break this store, and so too slow for its clients. */
  @Test
  void coldReturn_byALinearRampIsSlow() {
    Figures figures = figures("S1", 7, new LinearRamp(180), 8);
    assertThat(figures.value(Measure.EFFICIENCY)).isLessThan(70);
  }

  @ParameterizedTest
  @ValueSource(strings = {"S2", "S3", "S4", "S4b", "S6"})
  void everyScenario_keepsTheInvariants(String name) {
    Figures figures = figures(name, 11, OURS, 8);
    assertThat(figures.violations()).as(name).isEmpty();
    assertThat(figures.overWindow()).as(name).isLessThanOrEqualTo(8);
    assertThat(figures.value(Measure.RESTARTS)).as(name).isZero();
    assertThat(figures.value(Measure.EFFICIENCY)).as(name).isGreaterThanOrEqualTo(90);
  }

  /** Those that are over in a second or two; all of them: {@code loadtest sim NAME --seeds 20}. */
  @ParameterizedTest
  @ValueSource(
      strings = {"silent-top", "app-errors", "failing-class", "failing-origin", "nat", "cascade"})
  void specialScenario_keepsItsPromises(String name) {
    Scenario scenario = Scenarios.named(name);
    Figures figures = Campaign.figures(scenario, 11, OURS, scenario.nodes());
    List<Check> checks = new Summary(scenario, scenario.nodes(), List.of(figures), 0).checks();
    assertThat(checks).hasSizeGreaterThan(9);
    assertThat(checks).filteredOn(check -> !check.pass()).isEmpty();
  }

  /** The negative control: with one key for everybody the marginal class comes whole or not. */
  @Test
  void oneAddress_withoutItsRule_failsItsOwnCheckAndNoOther() {
    Control one = new Governed(Breakage.NONE, Rules.without(List.of(Rule.HEAVY_KEYS)));
    Scenario scenario = Scenarios.named("nat");
    Figures figures = Campaign.figures(scenario, 11, one, scenario.nodes());
    List<Check> checks = new Summary(scenario, scenario.nodes(), List.of(figures), 0).checks();
    assertThat(checks)
        .filteredOn(check -> !check.pass())
        .extracting(Check::id)
        .containsExactly("nat-marginal-error-median", "nat-marginal-error-worst");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50})
  void coldReturn_atOtherSizes(int nodes) {
    Figures figures = figures("S1", 12, OURS, nodes);
    // fifty nodes share 16 servers, and classes wait for each other: DESIGN.md, "Measured"
    assertThat(figures.value(Measure.EFFICIENCY)).isGreaterThanOrEqualTo(nodes == 50 ? 80 : 95);
    assertThat(figures.value(Measure.RESTARTS)).isZero();
    assertThat(figures.violations()).isEmpty();
  }

  @Test
  void sameSeed_sameRun() {
    Scenario scenario = Scenarios.named("random-faults");
    Run one = new Simulation(scenario, 5).run(OURS, 5);
    Run two = new Simulation(scenario, 5).run(OURS, 5);
    assertThat(two.events()).isEqualTo(one.events());
    assertThat(two.log().fingerprint()).isEqualTo(one.log().fingerprint());
    Run other = new Simulation(scenario, 6).run(OURS, 5);
    assertThat(other.log().fingerprint()).isNotEqualTo(one.log().fingerprint());
  }

  @Test
  void oracle_keepsToTheStoresSlots() {
    assertThat(run("S1", 3, new Oracle(), 1).restarts()).isZero();
  }
}
