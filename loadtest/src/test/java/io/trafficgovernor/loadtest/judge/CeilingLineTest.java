package io.trafficgovernor.loadtest.judge;

import static io.trafficgovernor.loadtest.testing.RunSketch.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CeilingLineTest {
  private final List<NodeSample> samples = new ArrayList<>();

  private CeilingLineTest says(int node, double atSeconds, String phase, double perSecond) {
    samples.add(RunSketch.sample(node, (long) (atSeconds * SECOND), phase, perSecond));
    return this;
  }

  private CeilingLine line() {
    return CeilingLine.of(samples);
  }

  private static long at(double seconds) {
    return (long) (seconds * SECOND);
  }

  @Test
  void nobodySaidAnything_isZero() {
    CeilingLine line = line();
    assertThat(line.tokens(0, at(10))).isZero();
    assertThat(line.highest(0, at(10))).isZero();
    assertThat(line.open(0, at(10))).isFalse();
  }

  @Test
  void steadyCeiling_allowsItsRate() {
    for (int i = 0; i <= 100; i++) {
      says(0, i * 0.1, "RAMPING", 200);
    }
    assertThat(line().tokens(at(2), at(4))).isCloseTo(400, within(1e-6));
    assertThat(line().highest(at(2), at(4))).isEqualTo(200);
  }

  @Test
  void fallingCeiling_countsForALeaseLonger() {
    says(0, 0, "RAMPING", 500).says(0, 1, "RAMPING", 100).says(0, 2, "RAMPING", 100);
    // 500 may have been in force until the answer at 1.001 s, and in a lease until 2.004 s.
    assertThat(line().highest(at(1.9), at(2.0))).isEqualTo(500);
    assertThat(line().highest(at(2.01), at(2.5))).isEqualTo(100);
  }

  @Test
  void risingCeiling_countsFromTheQuestionBefore() {
    says(0, 0, "RAMPING", 100).says(0, 1, "RAMPING", 100).says(0, 2, "RAMPING", 500);
    assertThat(line().highest(at(0.5), at(0.9))).isEqualTo(100);
    assertThat(line().highest(at(1.1), at(1.2))).isEqualTo(500);
  }

  @Test
  void severalNodes_theHighestCounts() {
    says(0, 0, "RAMPING", 100).says(1, 0.1, "RAMPING", 300).says(2, 0.2, "OUTAGE", 0);
    assertThat(line().highest(at(0.15), at(0.2))).isEqualTo(300);
  }

  @Test
  void nodeThatFellSilent_countsNoLongerThanItMayLive() {
    says(0, 0, "RAMPING", 500).says(0, 60, "RAMPING", 100).says(1, 0, "RAMPING", 100);
    for (int i = 1; i <= 60; i++) {
      says(1, i, "RAMPING", 100);
    }
    assertThat(line().highest(at(2), at(3))).isEqualTo(500);
    assertThat(line().highest(at(3.01), at(59))).as("2 s and a lease").isEqualTo(100);
  }

  @Test
  void open_bindsNothingAndAddsNothing() {
    says(0, 0, "OPEN", 900).says(0, 1, "RAMPING", 100).says(0, 2, "RAMPING", 100);
    assertThat(line().open(at(0.2), at(0.4))).isTrue();
    assertThat(line().tokens(0, at(0.001))).isZero();
    // OPEN was said at 0 s, contradicted at 1.001 s, and is in a lease until 2.004 s.
    assertThat(line().open(at(2.1), at(2.5))).isFalse();
    assertThat(line().open(at(1.9), at(2.5))).isTrue();
  }
}
