package io.trafficgovernor.loadtest.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.record.ArrivalColumns;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class UsageTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long GAP = 10_000_000L;

  /** A hundred a second for 20 s, without those between two instants. */
  private static Usage without(double fromSeconds, double untilSeconds) {
    return new Usage(
        LongStream.range(0, 2_000)
            .map(i -> i * GAP)
            .filter(at -> at < fromSeconds * SECOND || at >= untilSeconds * SECOND)
            .toArray(),
        100);
  }

  @Test
  void steadyUse_hasNoDip() {
    Usage usage = without(0, 0);
    assertThat(usage.second(5 * SECOND)).isEqualTo(1);
    assertThat(usage.dips(0, 20 * SECOND)).isEmpty();
    assertThat(usage.lowest(0, 20 * SECOND)).isCloseTo(1, within(0.011));
  }

  /** It begins with the first second that lacks a tenth, and ends where a full second begins. */
  @Test
  void aGap_isADipFromItsEdgeToItsEnd() {
    List<Usage.Dip> dips = without(8, 10).dips(0, 20 * SECOND);
    assertThat(dips).hasSize(1);
    assertThat(dips.get(0).fromNanos() / 1e9).isCloseTo(7.15, within(0.051));
    assertThat(dips.get(0).untilNanos() / 1e9).isCloseTo(9.95, within(0.051));
    assertThat(without(8, 10).lowest(0, 20 * SECOND)).isZero();
  }

  @Test
  void aDipThatNeverEnds_lastsToTheEndOfTheLook() {
    List<Usage.Dip> dips = without(8, 20).dips(0, 15 * SECOND);
    assertThat(dips).hasSize(1);
    assertThat(dips.get(0).untilNanos()).isEqualTo(15 * SECOND);
    assertThat(dips.get(0).seconds()).isGreaterThan(7);
  }

  /** Nine of a hundred missing is noise of the count; eleven are not. */
  @Test
  void aShortLack_isNoise() {
    assertThat(without(8, 8.09).dips(0, 20 * SECOND)).isEmpty();
    assertThat(without(8, 8.12).dips(0, 20 * SECOND)).hasSize(1);
    assertThat(without(8, 8.09).lowest(0, 20 * SECOND)).isCloseTo(0.91, within(1e-9));
  }

  /** A store that hears nothing more has no use, however well it was used before. */
  @Test
  void requests_areThoseBetweenTwoInstants() {
    ArrivalColumns arrivals = new ArrivalColumns();
    for (int i = 0; i < 100; i++) {
      arrivals.add(i * GAP, i * GAP, i % 10 == 0 ? "probe" : "request");
    }
    assertThat(Usage.requests(arrivals, 0, SECOND)).isEqualTo(90);
    assertThat(Usage.requests(arrivals, SECOND / 2, SECOND)).isEqualTo(45);
    assertThat(Usage.requests(arrivals, 0, SECOND / 2)).isEqualTo(45);
    assertThat(Usage.requests(arrivals, 2 * SECOND, 4 * SECOND)).isZero();
  }

  @Test
  void noWholeSecond_saysNothing() {
    assertThat(without(0, 20).lowest(0, SECOND / 2)).isEqualTo(1);
    assertThat(without(0, 20).dips(0, SECOND / 2)).isEmpty();
  }
}
