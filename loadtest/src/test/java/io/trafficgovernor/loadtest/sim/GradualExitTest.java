package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.measure.RunLog.LevelAt;
import io.trafficgovernor.loadtest.measure.Timeline;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.world.Breakage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A surge just after OPEN meets the ceiling of the ramp, which is lifted bit by bit. */
final class GradualExitTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long SURGE_AT = 80;
  private static final Scenario SCENARIO =
      Scenarios.read(
              "late-surge",
              """
              like: S1
              nodes: 3
              reference: { rate: 200/s, latency: 15ms }
              store: { keys: 2000, cache-keys: 2000 }
              clients: { rate: 200/s, honouring: 1 }
              events:
                - { at: 80s, what: demand, factor: 4, for: 10s }
              course: { measured: 210s }
              """)
          .scenario()
          .orElseThrow();

  private static Run run(Rules rules) {
    return new Simulation(SCENARIO, 1).run(new Governed(Breakage.NONE, rules), 3);
  }

  /** The last level before that second. */
  private static LevelAt at(Run run, long second) {
    List<LevelAt> levels =
        run.log().levels().stream()
            .filter(level -> level.atNanos() < run.returnNanos() + second * SECOND)
            .toList();
    return levels.get(levels.size() - 1);
  }

  /** Requests sent in the second in which the demand becomes four times as much. */
  private static double sentInTheSurge(Run run) {
    return new Timeline(run).sent()[(int) SURGE_AT];
  }

  @Test
  void surgeAfterOpen_meetsTheCeilingOfTheRamp() {
    Run run = run(Rules.ALL);
    LevelAt before = at(run, SURGE_AT);
    assertThat(before.phase()).isEqualTo(Phase.OPEN);
    assertThat(before.bound()).isTrue();
    assertThat(before.ceiling()).isBetween(1.1 * 200, 3.0 * 200);
    assertThat(sentInTheSurge(run))
        .as("what the ceiling allows, one more step of it, and B")
        .isLessThanOrEqualTo(1.5 * before.ceiling() + 21);
    assertThat(run.invariants().violations().counts()).isEmpty();
    assertThat(at(run, 209).bound()).as("in the end nothing is counted").isFalse();
  }

  /** The negative control. */
  @Test
  void withoutTheRule_theSurgeGoesStraightThrough() {
    Run run = run(Rules.without(List.of(Rule.GRADUAL_EXIT)));
    assertThat(at(run, SURGE_AT).bound()).isFalse();
    double bounded = 1.5 * at(run(Rules.ALL), SURGE_AT).ceiling() + 21;
    assertThat(sentInTheSurge(run)).isGreaterThan(bounded);
  }

  @Test
  void ceiling_growsSlowlyAndIsLifted() {
    Run run = run(Rules.ALL);
    List<LevelAt> leaving =
        run.log().levels().stream()
            .filter(level -> level.phase() == Phase.OPEN && level.bound())
            .toList();
    double first = leaving.get(0).ceiling();
    double last = leaving.get(leaving.size() - 1).ceiling();
    assertThat(last / first).isGreaterThan(2.5);
    for (int i = 1; i < leaving.size(); i++) {
      assertThat(leaving.get(i).ceiling()).isGreaterThanOrEqualTo(leaving.get(i - 1).ceiling());
    }
  }
}
