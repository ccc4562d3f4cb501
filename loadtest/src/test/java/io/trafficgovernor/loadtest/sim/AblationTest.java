package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.world.Breakage;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each switch of a study reaches the law: without its rule the same run goes another way. The level
 * that held matters in long stalls only; the controller's own test has it. OPEN, and so the way
 * into it, is out of reach of these short runs: {@code GradualExitTest} has it. Nobody here is a
 * crowd behind one address: {@code SimulationTest} has those.
 */
@Execution(ExecutionMode.CONCURRENT)
final class AblationTest {
  private static final long SEEDS = 12;
  private static final Scenario SCENARIO =
      Scenarios.read(
              "ablation",
              """
              like: random-faults
              nodes: 5
              course: { measured: 40s }
              """)
          .scenario()
          .orElseThrow();

  private static long way(long seed, Rules rules) {
    Run run = new Simulation(SCENARIO, seed).run(new Governed(Breakage.NONE, rules), 5);
    return run.log().fingerprint();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"KNOWN_GOOD", "GRADUAL_EXIT", "HEAVY_KEYS"})
  void withoutARule_theRunGoesAnotherWay(Rule rule) {
    Rules rules = Rules.without(List.of(rule));
    boolean differs =
        LongStream.rangeClosed(1, SEEDS).anyMatch(seed -> way(seed, rules) != way(seed, Rules.ALL));
    assertThat(differs).as(rule.word()).isTrue();
  }

  @Test
  void withAllRules_theRunIsTheSame() {
    assertThat(way(1, Rules.without(List.of()))).isEqualTo(way(1, Rules.ALL));
  }

  /** Where each user has a key, none of the requests may be placed by itself. */
  @Test
  void heavyKeys_withManyUsers_changeNothing() {
    Rules rules = Rules.without(List.of(Rule.HEAVY_KEYS));
    assertThat(way(1, rules)).isEqualTo(way(1, Rules.ALL));
  }

  @Test
  void name_tellsWhatIsLeftOut() {
    Governed governed = new Governed(Breakage.NONE, Rules.without(List.of(Rule.FAST, Rule.WINDOW)));
    assertThat(governed.name()).isEqualTo("governed, but no reaction to refusals, no window");
    assertThat(new Governed(Breakage.NONE).name()).isEqualTo("governed");
  }
}
