package io.trafficgovernor.admission.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.gate.ParentHealth.Added;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a class's health counts, and on which side of each bar its border lies. */
final class ParentHealthTest {
  private static final double ROUND = 0.25;

  private static ParentHealth after(ParentHealth before, long admitted, long shed, long good) {
    return before.after(new Added(admitted, shed, admitted, good), ROUND);
  }

  @Test
  void counts_fadeOverTenSeconds() {
    ParentHealth once = after(ParentHealth.UNKNOWN, 30, 20, 24);
    ParentHealth twice = once.after(new Added(3, 2, 3, 1), 2);
    double kept = Math.exp(-0.2);
    assertThat(twice.asked()).isCloseTo(kept * 50 + 5, within(1e-9));
    assertThat(twice.admitted()).isCloseTo(kept * 30 + 3, within(1e-9));
    assertThat(twice.outcomes()).isCloseTo(kept * 30 + 3, within(1e-9));
    assertThat(twice.succeeded()).isCloseTo(kept * 24 + 1, within(1e-9));
  }

  @Test
  void counts_neverRestOnMoreThanTheLastHundred() {
    ParentHealth many = after(ParentHealth.UNKNOWN, 600, 400, 540);
    ParentHealth next = after(many, 3, 2, 1);
    double kept = Math.exp(-ROUND / 10);
    assertThat(next.asked()).isCloseTo(kept * 100 + 5, within(1e-9));
    assertThat(next.outcomes()).isCloseTo(kept * 100 + 3, within(1e-9));
    assertThat(next.succeeded()).isCloseTo(kept * 90 + 1, within(1e-9));
  }

  @Test
  void thirdRoundThatIsWell_wipesTheSlate() {
    ParentHealth bad = after(ParentHealth.UNKNOWN, 100, 900, 10);
    ParentHealth two = after(after(bad, 100, 0, 100), 100, 0, 100);
    assertThat(two.well()).isFalse();
    assertThat(two.served()).as("what lies behind counts").isLessThan(0.8);
    ParentHealth three = after(two, 100, 0, 100);
    assertThat(three.well()).isTrue();
    assertThat(three.served()).isEqualTo(1);
    assertThat(three.success()).isEqualTo(1);
    assertThat(after(three, 100, 0, 100).wellRounds()).as("no more than enough").isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "95, 5, 95, 1", // just enough served
    "94, 6, 94, 0",
    "100, 0, 99, 1", // just enough success
    "100, 0, 98, 0"
  })
  void round_isWellFromTheBarsOn(long admitted, long shed, long good, int rounds) {
    assertThat(after(ParentHealth.UNKNOWN, admitted, shed, good).wellRounds()).isEqualTo(rounds);
  }

  @Test
  void silentRound_saysNothing_butOneThatEndedSomethingDoes() {
    ParentHealth two = after(after(ParentHealth.UNKNOWN, 100, 0, 100), 100, 0, 100);
    assertThat(two.after(new Added(0, 0, 0, 0), ROUND).wellRounds()).isEqualTo(2);
    assertThat(two.after(new Added(0, 0, 5, 5), ROUND).wellRounds()).isEqualTo(3);
    assertThat(two.after(new Added(0, 0, 5, 1), ROUND).wellRounds()).isZero();
  }

  @Test
  void idle_isLessThanOneRequestASecond_forThreeSeconds() {
    Added one = new Added(1, 0, 1, 1);
    Added refused = new Added(0, 1, 0, 0);
    assertThat(ParentHealth.UNKNOWN.after(one, 1.5).idleSeconds()).isEqualTo(1.5);
    assertThat(ParentHealth.UNKNOWN.after(one, 1.5).after(one, 1.5).idle()).isTrue();
    assertThat(ParentHealth.UNKNOWN.after(one, 1.5).after(one, 1.4).idle()).isFalse();
    assertThat(ParentHealth.UNKNOWN.after(one, 1.5).after(one, 1).idleSeconds()).isZero();
    assertThat(ParentHealth.UNKNOWN.after(refused, 1).idleSeconds())
        .as("it was asked for")
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "20, 5, 20, false", // 0.80 served
    "20, 6, 20, true",
    "20, 0, 19, false", // 0.95 success
    "20, 0, 18, true",
    "19, 100, 0, false" // too little to judge by
  })
  void failing_isBelowTheBars(long admitted, long shed, long good, boolean failing) {
    assertThat(after(ParentHealth.UNKNOWN, admitted, shed, good).failing()).isEqualTo(failing);
  }

  @Test
  void nothingAsked_isServedInFull() {
    assertThat(ParentHealth.UNKNOWN.served()).isEqualTo(1);
    assertThat(ParentHealth.UNKNOWN.success()).isEqualTo(1);
    ParentHealth oneRefused = after(ParentHealth.UNKNOWN, 0, 1, 0);
    assertThat(oneRefused.served()).isZero();
    assertThat(new ParentHealth(1, 0, 1, 0, 0, 0).success()).isZero();
  }

  @Test
  void scatterIncluded_isAtMostAll() {
    assertThat(new ParentHealth(10, 11, 10, 11, 0, 0).served()).isEqualTo(1);
    assertThat(new ParentHealth(10, 11, 10, 11, 0, 0).success()).isEqualTo(1);
  }

  @Test
  void demandOfAClosedGate_doesNotPass() {
    Gates gates =
        new Gates(
            List.of(ParentHealth.UNKNOWN, ParentHealth.UNKNOWN),
            List.of(new Gates.Gate(Gates.Gate.OPEN, 0), new Gates.Gate(0, 0)));
    assertThat(gates.passing(List.of(30.0, 40.0, 50.0))).containsExactly(30.0, 0.0, 50.0);
    assertThat(gates.open(2)).as("no such gate").isTrue();
  }
}
