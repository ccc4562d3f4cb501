package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant.ClusterView;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReturnScheduleTest {
  private static final List<Double> DEMAND = List.of(100.0, 200.0, 700.0);
  private static final double JITTER = 0.25;

  private final ReturnSchedule schedule = new ReturnSchedule(3);

  private static ClusterView view(Phase phase, double ceiling, double growth, long salt) {
    return new ClusterView(
        1, phase, ceiling, 50, 1000, 0, salt, List.of(0, 1), "", growth, DEMAND, List.of(), false);
  }

  private static ClusterView ramping(double ceiling, double growth) {
    return view(Phase.RAMPING, ceiling, growth, 1);
  }

  private double seconds(int rank, double within, ShedReason reason, ClusterView view, long now) {
    long key = rank * SessionKey.PER_CLASS + (long) (within * SessionKey.PER_CLASS);
    return schedule.delayNanos(rank, key, reason, view, view.ceilingPerSecond() / 4, now) / 1e9;
  }

  @Test
  void cutoff_comesBackWhenTheCeilingReachesItsKey() {
    double expected = 1.1 * Math.log((300 + 0.5 * 700) / 1.1 / 200) / 0.05;
    assertThat(seconds(2, 0.5, ShedReason.CUTOFF, ramping(200, 0.05), 0))
        .isBetween(expected, expected + JITTER);
  }

  @Test
  void cutoff_higherKeysComeLater() {
    double before = 0;
    for (int step = 0; step < 10; step++) {
      double now = seconds(2, step / 10.0, ShedReason.CUTOFF, ramping(200, 0.02), 0);
      assertThat(now).isGreaterThan(before);
      before = now + JITTER;
    }
  }

  @Test
  void cutoff_isTheSameOnEveryNode() {
    ReturnSchedule other = new ReturnSchedule(3);
    for (int i = 0; i < 100; i++) {
      other.soonNanos();
    }
    long key = 2 * SessionKey.PER_CLASS + 40_000;
    double there = other.delayNanos(2, key, ShedReason.CUTOFF, ramping(200, 0.05), 3, 77) / 1e9;
    assertThat(seconds(2, 40_000.0 / 65_536, ShedReason.CUTOFF, ramping(200, 0.05), 0))
        .isCloseTo(there, within(JITTER));
  }

  /** Asked again on a ramp that goes as planned, it names the same instant, or a little earlier. */
  @Test
  void cutoff_askedAgainNamesTheSameInstant() {
    double first = seconds(2, 0.9, ShedReason.CUTOFF, ramping(200, 0.05), 0);
    double grown = 200 * Math.exp(0.05 * 10);
    double later = 10 + seconds(2, 0.9, ShedReason.CUTOFF, ramping(grown, 0.05), 10_000_000_000L);
    assertThat(later).isCloseTo(first, within(0.1 * 10 + JITTER));
  }

  @Test
  void cutoff_ofTheFirstClassIsSpreadOverItsDemand() {
    double least = Double.MAX_VALUE;
    double most = 0;
    for (int i = 0; i < 100; i++) {
      double now = seconds(0, 0, ShedReason.CUTOFF, ramping(10, 0.1), 0);
      least = Math.min(least, now);
      most = Math.max(most, now);
    }
    assertThat(least).isLessThan(2);
    assertThat(most).isCloseTo(1.1 * Math.log(100 / 1.1 / 10) / 0.1, within(1.0));
  }

  @Test
  void tokens_placesFollowEachOtherAtTheRateLeftOver() {
    ClusterView view = ramping(2000, 0.002);
    double first = seconds(1, 0.5, ShedReason.TOKENS, view, 0);
    double last = first;
    for (int i = 0; i < 400; i++) {
      last = seconds(1, 0.5, ShedReason.TOKENS, view, 0);
    }
    double left = 0.97 * (2000 - 300) / 4;
    assertThat(first).isCloseTo(1 + 1 / left, within(1e-3));
    assertThat(last - first).isCloseTo(400 / left, within(0.02));
  }

  @Test
  void tokens_placesComeFasterAsTheCeilingRises() {
    double flat = lastOfMany(ramping(100, PlannedRamp.MIN_GROWTH));
    double rising = lastOfMany(ramping(100, 0.1));
    assertThat(rising).isLessThan(0.5 * flat);
  }

  private static double lastOfMany(ClusterView view) {
    ReturnSchedule fresh = new ReturnSchedule(3);
    long last = 0;
    for (int i = 0; i < 100; i++) {
      last = fresh.delayNanos(2, 2 * SessionKey.PER_CLASS, ShedReason.SLOTS, view, 25, 0);
    }
    return last / 1e9;
  }

  @Test
  void tokens_placesAreVoidAfterAStepBackAndInANewIncident() {
    double crowded = 0;
    for (int i = 0; i < 50; i++) {
      crowded = seconds(2, 0, ShedReason.TOKENS, ramping(100, 0.01), 0);
    }
    double stepBack = seconds(2, 0, ShedReason.TOKENS, view(Phase.ROLLBACK, 100, 0.01, 1), 0);
    assertThat(stepBack).isLessThan(crowded / 5);
    double again = seconds(2, 0, ShedReason.TOKENS, view(Phase.ROLLBACK, 100, 0.01, 1), 0);
    assertThat(again).as("not void twice").isGreaterThan(stepBack);
    for (int i = 0; i < 50; i++) {
      crowded = seconds(2, 0, ShedReason.TOKENS, ramping(100, 0.01), 0);
    }
    assertThat(seconds(2, 0, ShedReason.TOKENS, view(Phase.RAMPING, 100, 0.01, 2), 0))
        .isLessThan(crowded / 5);
  }

  @Test
  void outage_sendsEverybodyAwayForLonger() {
    for (int i = 0; i < 100; i++) {
      assertThat(seconds(i % 3, 0.5, ShedReason.OUTAGE, view(Phase.OUTAGE, 0, 0.1, 1), 0))
          .isBetween(15.0, 45.0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ShedReason.class,
      names = {"ISOLATED", "FROZEN", "DRAINING"})
  void anotherNodeMayHelp_soon(ShedReason reason) {
    assertThat(seconds(1, 0.5, reason, ramping(200, 0.05), 0)).isBetween(1.0, 5.0);
  }

  @Test
  void withoutAPlan_soon() {
    ClusterView unplanned =
        new ClusterView(
            1, Phase.RAMPING, 100, 5, 100, 0, 1, List.of(0), "", 0, List.of(), List.of(), false);
    assertThat(seconds(2, 0.5, ShedReason.CUTOFF, unplanned, 0)).isBetween(1.0, 5.0);
  }
}
