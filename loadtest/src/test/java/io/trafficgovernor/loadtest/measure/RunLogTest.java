package io.trafficgovernor.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.measure.RunLog.StoreAt;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import org.junit.jupiter.api.Test;

/** What is kept of a run, and its lines over time. */
final class RunLogTest {
  private static final int READ = 3;

  private final RunFixture run = new RunFixture();

  private static LedgerSketch ramping(double ceiling) {
    return LedgerSketch.ramping(ceiling).window(8);
  }

  @Test
  void levels_areKeptOnlyWhereTheyChange() {
    run.level(1, ramping(100)).level(2, ramping(100)).level(3, ramping(100).window(9));
    run.level(4, ramping(100).window(9).in(Phase.HOLD));
    assertThat(run.log().levels()).hasSize(3);
    assertThat(run.log().phase()).isEqualTo(Phase.HOLD);
  }

  @Test
  void story_tellsPhasesAndFaultsInTheOrderOfTime() {
    run.level(1, ramping(100)).level(3, ramping(120)).level(4, ramping(120).in(Phase.OPEN));
    run.log().happened("node 2 has died", RunFixture.at(2));
    assertThat(run.log().story())
        .extracting(RunLog.Note::words)
        .satisfiesExactly(
            words -> assertThat(words).startsWith("RAMPING, ceiling 100.0/s, window 8.0"),
            words -> assertThat(words).isEqualTo("node 2 has died"),
            words -> assertThat(words).startsWith("OPEN"));
  }

  private static RunFixture told() {
    return new RunFixture().level(1, ramping(100)).sent(2, 1).first(READ, 2, 3, Ending.OK);
  }

  @Test
  void fingerprint_isThatOfEverything() {
    long print = told().log().fingerprint();
    assertThat(told().log().fingerprint()).isEqualTo(print);
    assertThat(told().sent(2, 1).log().fingerprint()).isNotEqualTo(print);
    assertThat(told().level(2, ramping(101)).log().fingerprint()).isNotEqualTo(print);
    assertThat(told().level(2, ramping(100).in(Phase.HOLD)).log().fingerprint())
        .isNotEqualTo(print);
    assertThat(told().retry(READ, 4, 5, Ending.OK).log().fingerprint()).isNotEqualTo(print);
  }

  @Test
  void lines_haveOneValueASecondFromTheReturnOn() {
    run.level(1.5, ramping(100)).level(3.5, ramping(200).in(Phase.OPEN));
    run.sent(-1, 5).sent(2.2, 3).sent(2.9, 1).sent(39.9, 1).sent(41, 7);
    Timeline lines = new Timeline(run.run());
    assertThat(lines.sent()).hasSize(40).endsWith(1).startsWith(0, 0, 4);
    assertThat(lines.window()).startsWith(Double.NaN, 8, 8, 8);
    assertThat(lines.ceiling()).startsWith(Double.NaN, 100, 100, Double.NaN);
  }

  @Test
  void success_isPercentOfTheFirstAttemptsBegunInTheSecond() {
    run.first(READ, 1.1, 2.5, Ending.OK)
        .first(READ, 1.2, 1.3, Ending.SHED)
        .retry(READ, 1.4, 1.5, Ending.SHED);
    Timeline lines = new Timeline(run.run());
    assertThat(lines.successByClass().get(READ)[1]).isEqualTo(50);
    assertThat(lines.successByClass().get(READ)[2]).isNaN();
    assertThat(lines.good()).startsWith(0, 0, 1);
  }

  @Test
  void looksAtTheStore_areShown() {
    run.log().look(new StoreAt(RunFixture.at(4.2), 160, 0.3, 12));
    Timeline lines = new Timeline(run.run());
    assertThat(lines.capacity()[4]).isCloseTo(160, within(1e-9));
    assertThat(lines.backlog()[4]).isEqualTo(12);
  }
}
