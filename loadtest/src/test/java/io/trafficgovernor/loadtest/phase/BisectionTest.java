package io.trafficgovernor.loadtest.phase;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BisectionTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 3.7, 9.99, 10})
  void least_isAtMostOneStepTooHigh(double turn) {
    double found = Bisection.least(0, 10, 0.25, value -> value >= turn).orElseThrow();
    assertThat(found).isBetween(turn, turn + 0.25);
  }

  @Test
  void nothing_ifItDoesNotHoldAtTheEnd() {
    assertThat(Bisection.least(0, 10, 0.25, value -> value > 10)).isEmpty();
  }
}
