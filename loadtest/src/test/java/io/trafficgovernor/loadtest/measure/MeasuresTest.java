package io.trafficgovernor.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.scenario.Measure;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import org.junit.jupiter.api.Test;

final class MeasuresTest {
  private static final int CONFIG = 0;
  private static final int AUTH = 1;
  private static final int READ = 3;

  private final RunFixture run = new RunFixture();

  private static LedgerSketch ramping(double ceiling) {
    return LedgerSketch.ramping(ceiling);
  }

  /** 100 first attempts of it a second, which end well from that second on. */
  private void asks(int system, int good) {
    for (int i = 0; i < 3000; i++) {
      double at = i / 100.0;
      run.first(system, at, at + 0.1, at >= good ? Ending.OK : Ending.SHED);
    }
  }

  @Test
  void good_countsAnswersFromTheReturnToTheEndOfTheTime() {
    run.first(READ, -2, -1, Ending.OK)
        .first(READ, 0, 1, Ending.OK)
        .first(READ, 9, 10, Ending.OK)
        .first(READ, 9, 10.1, Ending.OK)
        .first(READ, 1, 2, Ending.STALE)
        .retry(READ, 1, 2, Ending.OK);
    assertThat(run.measures().good(10)).isEqualTo(3);
  }

  @Test
  void attemptsThatFoundNoRoom_areNotMeasuredAway() {
    RunFixture full = new RunFixture(2).first(READ, 0, 1, Ending.OK).first(READ, 1, 2, Ending.OK);
    assertThat(full.measures().good(10)).isEqualTo(2);
    full.first(READ, 2, 3, Ending.OK);
    assertThatThrownBy(full::measures)
        .isInstanceOf(Figures.Incomplete.class)
        .hasMessageContaining("S1, governed, seed 1: 1 attempts beyond the first 2");
  }

  @Test
  void critical_isBackWhenTheLaterOfBothIs() {
    asks(CONFIG, 1);
    asks(AUTH, 4);
    asks(READ, 20);
    assertThat(run.measures().criticalSeconds()).isCloseTo(4, within(0.1));
    assertThat(run.measures().allSeconds()).as("others never asked").isInfinite();
  }

  @Test
  void critical_thatNeverCameBack_isInfinite() {
    asks(CONFIG, 1);
    asks(AUTH, 1000);
    assertThat(run.measures().criticalSeconds()).isInfinite();
  }

  @Test
  void silentTopClass_isNotWaitedFor() {
    asks(AUTH, 2);
    assertThat(run.measures().criticalSeconds()).isCloseTo(2, within(0.1));
  }

  @Test
  void served_areFirstAttemptsOnceThingsHaveSettled() {
    run.first(CONFIG, 14.9, 15.1, Ending.SHED)
        .first(CONFIG, 15, 15.1, Ending.OK)
        .first(AUTH, 16, 16.1, Ending.TIMEOUT)
        .first(READ, 16, 16.1, Ending.SHED)
        .first(READ, 17, 17.1, Ending.SHED)
        .retry(READ, 18, 18.1, Ending.OK);
    assertThat(run.measures().criticalServed()).isEqualTo(50);
    assertThat(run.measures().served()).isEqualTo(25);
    assertThat(run.measures().shed()).isEqualTo(50);
  }

  @Test
  void nothingAsked_servesNoPercentAtAll() {
    assertThat(run.measures().served()).isNaN();
    assertThat(run.measures().utilisation()).isNaN();
    assertThat(run.measures().attemptsPerSuccess()).isInfinite();
  }

  @Test
  void open_countsFromWhereItStayed() {
    run.level(1, ramping(100))
        .level(5, ramping(100).in(Phase.OPEN))
        .level(6, ramping(100))
        .level(9, ramping(100).in(Phase.OPEN))
        .level(10, ramping(120).in(Phase.OPEN));
    assertThat(run.measures().openSeconds()).isEqualTo(9);
    run.level(11, ramping(120));
    assertThat(run.measures().openSeconds()).as("not for good").isInfinite();
  }

  @Test
  void excess_isWhatAWindowHeldBeyondTheCeiling() {
    run.level(0, ramping(100)).sent(1.00, 4).sent(1.05, 5).sent(1.101, 6);
    // 11 requests in the 100 ms until 1.101 s, where the ceiling allowed 10
    assertThat(run.measures().worstExcess(0.1)).isCloseTo(1, within(1e-6));
    run.sent(2, 130);
    assertThat(run.measures().worstExcess(0.1)).isCloseTo(120, within(1e-6));
    assertThat(run.measures().worstExcess(1)).as("145 of 100").isCloseTo(45, within(1e-6));
  }

  @Test
  void excess_inOpen_isNone() {
    run.level(0, ramping(100).in(Phase.OPEN)).sent(1, 1000);
    assertThat(run.measures().worstExcess(0.1)).isZero();
  }

  @Test
  void excess_afterAFall_isMeasuredAgainstTheLeaseBefore() {
    run.level(0, ramping(300)).level(10, ramping(100)).sent(10.9, 40).sent(12, 40);
    assertThat(run.measures().worstExcess(0.1)).as("at 12 s").isCloseTo(30, within(1e-6));
  }

  @Test
  void peak_isTheWorstSlotOverItsAllowance_fromFiveSecondsOn() {
    run.level(0, ramping(200)).sent(1, 500).sent(6.01, 10).sent(7.01, 15);
    assertThat(run.measures().herdPeak()).isCloseTo(1.5, within(0.01));
  }

  @Test
  void attemptsPerSuccess_countsFromTheReturn() {
    run.first(READ, -1, 0, Ending.BROKEN)
        .first(READ, 1, 2, Ending.SHED)
        .retry(READ, 3, 4, Ending.OK);
    assertThat(run.measures().attemptsPerSuccess()).isEqualTo(2);
  }

  @Test
  void badWork_isWhatNobodyWaitedForAnyMore() {
    assertThat(run.measures().badWork()).isZero();
    assertThat(run.work(200, 50).measures().badWork()).isEqualTo(25);
  }

  @Test
  void utilisation_isSentOverWhatCeilingAndArrivalsAllowed() {
    run.level(0, ramping(100));
    run.arrived(20, 80).sent(20, 60).arrived(21, 300).sent(21, 75);
    assertThat(run.measures().utilisation()).as("135 of 80 and 100").isCloseTo(75, within(0.1));
  }

  @Test
  void t95_isTheFirstSecondWithNearlyAllTheDemand() {
    double demand = RunFixture.SCENARIO.population().ratePerSecond();
    for (int second = 0; second < 10; second++) {
      int good = (int) (demand * (second < 7 ? 0.9 : 0.96));
      for (int i = 0; i < good; i++) {
        run.first(READ, second, second + 0.5, Ending.OK);
      }
    }
    assertThat(run.measures().nearlyAllSeconds()).isEqualTo(7);
  }

  @Test
  void fairness_isJainsIndexOfTheWorstClass() {
    for (int i = 0; i < 100; i++) {
      run.log().waits().add(READ, RunFixture.SECOND);
      run.log().waits().add(AUTH, i % 2 == 0 ? RunFixture.SECOND : 3 * RunFixture.SECOND);
      run.log().waits().add(CONFIG, i < 99 ? 1 : RunFixture.SECOND);
    }
    // one user of config waits for all: close to 1/100
    assertThat(run.measures().leastFair().orElseThrow()).isCloseTo(0.01, within(1e-3));
  }

  @Test
  void fairness_ofAFew_isNotMeasured() {
    run.log().waits().add(READ, RunFixture.SECOND);
    assertThat(run.measures().leastFair()).isEmpty();
  }

  @Test
  void figures_compareWithTheOracle_andLeaveOutWhatCannotBeMeasured() {
    for (int i = 0; i < 50; i++) {
      run.first(READ, i / 10.0, i / 10.0 + 0.1, Ending.OK);
    }
    RunFixture oracle = new RunFixture();
    for (int i = 0; i < 100; i++) {
      oracle.first(READ, i / 10.0, i / 10.0 + 0.1, Ending.OK);
    }
    Figures figures = Figures.of(run.run(), oracle.run());
    assertThat(figures.value(Measure.EFFICIENCY)).isEqualTo(50);
    assertThat(figures.values()).doesNotContainKeys(Measure.JAIN, Measure.HERD_DRAIN);
    assertThat(figures.value(Measure.JAIN)).isNaN();
    assertThat(figures.violations()).isEmpty();
    assertThat(figures.line()).contains("efficiency  50.0 %").doesNotContain("VIOLATIONS");
  }
}
