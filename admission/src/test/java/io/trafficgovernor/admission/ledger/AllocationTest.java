package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.gate.Gates;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.order.Cutoff;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AllocationTest {
  @Test
  void rate_isTheWishWithinWhatIsLeft() {
    assertThat(Allocation.rate(100, 0, 500, 80, false)).isEqualTo(100);
    assertThat(Allocation.rate(100, 0, 60, 80, false)).isEqualTo(60);
    assertThat(Allocation.rate(100, 0, -5, 80, false)).isZero();
  }

  @Test
  void rate_ignoresNoise() {
    assertThat(Allocation.rate(105, 100, 500, 1000, false))
        .as("5 % of 1000/s is more than noise")
        .isEqualTo(105);
    assertThat(Allocation.rate(105, 100, 500, 50, false)).as("of 50/s it is not").isEqualTo(100);
    assertThat(Allocation.rate(95, 100, 500, 50, false)).isEqualTo(100);
  }

  @Test
  void rate_neverPutsOffACutWhileTheCeilingFalls() {
    assertThat(Allocation.rate(95, 100, 500, 50, true)).isEqualTo(95);
  }

  @Test
  void rate_keptIsStillWithinWhatIsLeft() {
    assertThat(Allocation.rate(95, 100, 97, 50, false)).isEqualTo(97);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 100);
  }

  /**
   * I5's part: the slots given never exceed the rounded window, and nobody is left out for ever.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void slots_addUpAndGoRound(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int nodes = 1 + random.nextInt(20);
    double window = 1 + random.nextDouble() * 40;
    int[] slots = new int[nodes];
    double[] credit = new double[nodes];
    long[] sums = new long[nodes];
    for (int node = 0; node < nodes; node++) {
      credit[node] = random.nextDouble();
    }
    int renewals = 1000;
    for (int i = 0; i < renewals; i++) {
      for (int node = 0; node < nodes; node++) {
        int others = 0;
        for (int other = 0; other < nodes; other++) {
          others += other == node ? 0 : slots[other];
        }
        int left = (int) Math.round(window) - others;
        Allocation.Slots next = Allocation.slots(credit[node], window / nodes, left);
        slots[node] = next.slots();
        credit[node] = next.credit();
        sums[node] += next.slots();
        assertThat(others + slots[node]).isLessThanOrEqualTo((int) Math.round(window));
        assertThat(credit[node]).isBetween(0.0, 1.0);
      }
    }
    for (long sum : sums) {
      double mean = sum / (double) renewals;
      assertThat(mean).isCloseTo(window / nodes, within(0.5 + 0.2 * window / nodes));
      assertThat(sum).isPositive();
    }
  }

  @Test
  void slots_betweenTurnsOnlyEverFall() {
    assertThat(Allocation.kept(0.4, 3, 5.0, 9)).isEqualTo(new Allocation.Slots(3, 0.4));
    assertThat(Allocation.kept(0.4, 3, 1.0, 9))
        .as("the window fell")
        .extracting(Allocation.Slots::slots)
        .isEqualTo(2);
    assertThat(Allocation.kept(0.4, 3, 5.0, 1))
        .as("others have them")
        .extracting(Allocation.Slots::slots)
        .isEqualTo(1);
    assertThat(Allocation.kept(0.4, 3, 5.0, -2).slots()).isZero();
  }

  @Test
  void rate_isKeptWithinTheNoiseOfTheDemand() {
    assertThat(Allocation.rate(102, 100, 500, 1e6, false)).as("2 % at least").isEqualTo(100);
    assertThat(Allocation.rate(103, 100, 500, 1e6, false)).isEqualTo(103);
    assertThat(Allocation.rate(130, 100, 500, 0, false)).as("30 % at most").isEqualTo(100);
    assertThat(Allocation.rate(131, 100, 500, 0, false)).isEqualTo(131);
    assertThat(Allocation.rate(0.1, 0, 500, 0, false)).as("nothing is not near").isEqualTo(0.1);
  }

  @Test
  void rate_mayStayWhileTheCeilingFallsUnlessItWouldBeCut() {
    assertThat(Allocation.rate(105, 100, 500, 50, true)).isEqualTo(100);
    assertThat(Allocation.rate(100, 100, 500, 50, true)).isEqualTo(100);
  }

  private static NodeRecord node(String name, double demand) {
    return new NodeRecord(
        name,
        1,
        1,
        0,
        0,
        new NodeReport(List.of(ClassReport.NONE), 0, 0),
        List.of(demand),
        0,
        List.of(),
        0,
        0,
        true,
        0);
  }

  private static double share(NodeRecord node, NodeRecord... live) {
    return Allocation.share(node, List.of(live), Cutoff.open(1), Gates.allOpen(1));
  }

  @Test
  void share_isByDemandButForAHundredth() {
    NodeRecord busy = node("a", 30);
    NodeRecord calm = node("b", 10);
    assertThat(share(busy, busy, calm)).isCloseTo(30.2 / 40.4, within(1e-12));
    assertThat(share(calm, busy, calm)).isCloseTo(10.2 / 40.4, within(1e-12));
    assertThat(share(node("c", 99), busy, calm))
        .as("a newcomer's part of the hundredth")
        .isCloseTo(0.4 / 3 / 40.4, within(1e-12));
  }

  @Test
  void share_withoutDemandIsTheSameForAll() {
    NodeRecord one = node("a", 0);
    NodeRecord other = node("b", 0);
    assertThat(share(one, one, other)).isEqualTo(0.5);
    assertThat(share(node("c", 0), one, other, node("d", 0))).isEqualTo(0.25);
  }
}
