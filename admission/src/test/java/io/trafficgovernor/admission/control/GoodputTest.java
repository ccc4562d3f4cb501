package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.testing.Rounds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GoodputTest {
  private final Rounds rounds = new Rounds(2);
  private Goodput goodput = Goodput.NONE;

  private double plus(long millis, long successes, boolean slowStart) {
    Round round = rounds.of(millis, good(successes, 20), 1);
    goodput = goodput.plus(round, successes, slowStart);
    return goodput.samples().get(goodput.samples().size() - 1).rate();
  }

  @Test
  void rate_isTakenOverASecondAtLeast() {
    plus(500, 100, false);
    plus(500, 50, false);
    assertThat(plus(500, 50, false)).as("the last two rounds").isEqualTo(100);
  }

  @Test
  void rate_reachesBackForTwentyCompletions() {
    plus(1000, 10, false);
    plus(1000, 10, false);
    assertThat(plus(1000, 4, false)).as("24 in 3 s").isEqualTo(8);
  }

  @Test
  void rate_reachesBackFiveSecondsAtMost() {
    plus(1000, 19, false);
    for (int i = 0; i < 5; i++) {
      plus(1000, 0, false);
    }
    assertThat(goodput.samples()).hasSize(5);
    assertThat(plus(1000, 5, false)).isEqualTo(1);
  }

  @Test
  void rate_inSlowStartMayRestOnOneRound() {
    plus(1000, 100, true);
    assertThat(plus(250, 50, true)).isEqualTo(200);
    assertThat(plus(250, 50, false)).as("otherwise on a second").isLessThan(200);
  }

  @Test
  void best_isTheBestOfTwoSeconds() {
    plus(1000, 300, false);
    plus(1000, 100, false);
    assertThat(goodput.best()).isEqualTo(300);
    plus(1000, 100, false);
    assertThat(goodput.best()).isEqualTo(100);
  }

  @Test
  void best_ofNothing() {
    assertThat(Goodput.NONE.best()).isZero();
    assertThat(Goodput.NONE.shares()).isEmpty();
  }

  @Test
  void shares_addUpToOne() {
    Round round = rounds.of(1000, List.of(good(30, 20), good(90, 20)), 1, 0);
    assertThat(Goodput.NONE.plus(round, 120, false).shares()).containsExactly(0.25, 0.75);
  }

  @Test
  void rate_reachesBackNoFurtherThanToTwentyCompletions() {
    plus(1000, 90, false);
    plus(1000, 16, false);
    assertThat(plus(1000, 4, false)).as("20 in 2 s").isEqualTo(10);
  }

  @Test
  void rate_inSlowStartNeedsTwentyCompletionsOfTheRound() {
    plus(1000, 20, true);
    assertThat(plus(100, 19, true)).isLessThan(40);
    assertThat(plus(100, 20, true)).isEqualTo(200);
  }
}
