package io.trafficgovernor.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The witness can say no. */
final class GrantWitnessTest {
  private static final long SECOND = 1_000_000_000L;

  private static InUse lease(String node, double from, double rate, double share, double ceiling) {
    long at = (long) (from * SECOND);
    return new InUse(node, at, at + 1, at + SECOND, rate, share, ceiling, 7, 1, 1, "RAMPING");
  }

  private static double excess(InUse... leases) {
    return new GrantWitness(List.of(leases)).worstExcess();
  }

  @Test
  void worstExcess_nothingAboveTheCeiling() {
    assertThat(excess(lease("a", 0, 60, 5, 100), lease("b", 0.1, 40, 5, 100))).isZero();
  }

  @Test
  void worstExcess_twoThatTogetherHaveTooMuch() {
    assertThat(excess(lease("a", 0, 60, 5, 100), lease("b", 0.1, 50, 5, 100)))
        .isCloseTo(10, within(1e-9));
  }

  /** What a silent node may still use is nobody else's. */
  @Test
  void worstExcess_countsTheShareOfASilentNodeForAMinute() {
    assertThat(excess(lease("a", 0, 60, 5, 100), lease("b", 3, 100, 0, 100)))
        .isCloseTo(5, within(1e-9));
    assertThat(excess(lease("a", 0, 60, 5, 100), lease("b", 61, 100, 0, 100))).isZero();
  }

  /** A ceiling that fell a moment ago still covers the leases of before, one of long ago not. */
  @Test
  void worstExcess_theCeilingOfTheLastLeaseLengthCounts() {
    assertThat(excess(lease("a", 0, 100, 0, 100), lease("b", 0.5, 0, 0, 50))).isZero();
    assertThat(
            excess(
                lease("a", 0, 100, 0, 100),
                lease("b", 2.5, 50, 0, 50),
                lease("a", 2.6, 100, 0, 50)))
        .isCloseTo(100, within(1e-9));
  }

  @Test
  void longestGap_betweenTwoLeasesOfANode() {
    GrantWitness witness =
        new GrantWitness(
            List.of(lease("a", 1, 1, 0, 9), lease("a", 4, 1, 0, 9), lease("b", 2, 1, 0, 9)));
    assertThat(witness.longestGapNanos(List.of("a"), SECOND, 5 * SECOND) / 1e9)
        .isCloseTo(3, within(0.01));
    assertThat(witness.longestGapNanos(List.of("a", "b"), SECOND, 7 * SECOND) / 1e9)
        .isCloseTo(5, within(0.01));
  }

  @Test
  void line_isReadAsItWasWritten() {
    InUse lease = lease("a", 0.25, 1.5, 0.1, 100);
    assertThat(InUse.isLine(lease.line())).isTrue();
    assertThat(InUse.parse(lease.line())).isEqualTo(lease);
  }
}
