package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RoundTest {
  private static final long END = 500;

  private static Round of(int goodProbes, Tally... tallies) {
    return new Round(0, END, List.of(tallies), 1, 0, goodProbes);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -7})
  void length_isMoreThanNothing(long nanos) {
    assertThatThrownBy(() -> new Round(END, END + nanos, List.of(), 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length of a round: got " + nanos + " ns, allowed more than 0");
    assertThat(new Round(END, END + 1, List.of(), 0, 0, 0).seconds()).isEqualTo(1e-9);
  }

  @Test
  void lateTimeouts_areNoAnswer() {
    Tally late = new Tally(0, 0, 0, 0, 3, 0);
    assertThat(of(0, late).answered()).isFalse();
    assertThat(of(1, late).answered()).as("a probe is").isTrue();
    assertThat(of(0, late, good(1, 20)).answered()).isTrue();
    assertThat(of(0, new Tally(0, 1, 0, 0, 0, 0)).answered()).as("so is a refusal").isTrue();
  }

  @Test
  void whatAlwaysFails_isUsefulAndNotUnusual() {
    Reference reference = new Reference(100, 0, List.of(0.1, 0.0), 0);
    Round round = of(0, new Tally(80, 0, 20, 0, 0, 0), new Tally(5, 0, 1, 2, 0, 0));
    assertThat(round.useful(reference)).as("10 % of 100 are usual").isEqualTo(80 + 10 + 5);
    assertThat(round.unusualFailures(reference)).isEqualTo(10 + 1 + 2);
  }
}
