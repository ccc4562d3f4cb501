package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The law on the simulated store, and the controls without it. */
final class SimulationTest {
  private static Scenario scenario(String name) {
    return Scenarios.named(name).orElseThrow();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(101, 105);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void coldReturn_governed(long seed) {
    Figures figures = SimCommand.figures(scenario("S1"), seed, 8);
    assertThat(figures.efficiency()).isGreaterThanOrEqualTo(97);
    assertThat(figures.criticalSeconds()).isLessThanOrEqualTo(3);
    assertThat(figures.criticalServed()).isGreaterThanOrEqualTo(0.998);
    assertThat(figures.restarts()).isZero();
    assertThat(figures.overWindow()).as("I5").isLessThanOrEqualTo(0);
    assertThat(figures.excess100()).as("I2").isLessThanOrEqualTo(40);
  }

  @Test
  void coldReturn_withoutTheGovernorStaysDown() {
    Scenario scenario = scenario("S1");
    Simulation.Result alone = new Simulation(scenario, 7).run(Simulation.Control.NONE, 1);
    Simulation.Result oracle = new Simulation(scenario, 7).run(Simulation.Control.ORACLE, 1);
    long good = new Measures(alone).good(180);
    long best = new Measures(oracle).good(180);
    assertThat(good).isLessThan(best / 20);
    assertThat(alone.restarts()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"S2", "S3", "S4", "S4b", "S6"})
  void everyScenario_keepsItsPromises(String name) {
    Figures figures = SimCommand.figures(scenario(name), 11, 8);
    Summary summary = new Summary(scenario(name), 8, java.util.List.of(figures), 1);
    assertThat(summary.checks()).allMatch(check -> check.pass(), name);
    assertThat(figures.efficiency()).as(name).isGreaterThanOrEqualTo(90);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50})
  void coldReturn_atOtherSizes(int nodes) {
    Figures figures = SimCommand.figures(scenario("S1"), 12, nodes);
    assertThat(figures.efficiency()).isGreaterThanOrEqualTo(nodes == 50 ? 85 : 96);
    assertThat(figures.restarts()).isZero();
    assertThat(figures.overWindow()).as("I5").isLessThanOrEqualTo(0);
  }

  @Test
  void sameSeed_sameRun() {
    Scenario scenario = scenario("S4");
    Simulation.Result one = new Simulation(scenario, 5).run(Simulation.Control.GOVERNED, 3);
    Simulation.Result two = new Simulation(scenario, 5).run(Simulation.Control.GOVERNED, 3);
    assertThat(two.events()).isEqualTo(one.events());
    assertThat(two.log().sent()).isEqualTo(one.log().sent());
    assertThat(two.log().levels()).isEqualTo(one.log().levels());
    Simulation.Result other = new Simulation(scenario, 6).run(Simulation.Control.GOVERNED, 3);
    assertThat(other.log().sent()).isNotEqualTo(one.log().sent());
  }

  @Test
  void oracle_keepsToTheStoresSlots() {
    Simulation.Result oracle = new Simulation(scenario("S1"), 3).run(Simulation.Control.ORACLE, 1);
    assertThat(oracle.restarts()).isZero();
  }
}
