package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Verdict;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A level that failed is tried again more slowly, and more slowly each time. */
final class FailedTest {
  private static final Verdict HARD = new Verdict(Optional.of(Signal.HARD), 0.3, 0.1, false);
  private static final Failed.Blame READ = new Failed.Blame("read", "gw-2");

  private static Failed at(double level, Optional<Failed> before) {
    return Failed.at(level, HARD, READ, before);
  }

  private static int roundsUntilItHolds(Failed failed) {
    Failed tried = failed;
    int rounds = 0;
    while (tried.cautious() && rounds < 10_000) {
      tried = tried.tried(tried.cap());
      rounds++;
    }
    return rounds;
  }

  @Test
  void words_tellSignalClassNodeAndLevel() {
    assertThat(at(310, Optional.empty()).words())
        .isEqualTo("HARD: 0.30, bar 0.10, class read, node gw-2, at 310/s");
    assertThat(at(300, Optional.of(at(310, Optional.empty()))).words())
        .endsWith("at 300/s, for the 2. time");
    assertThat(Failed.at(5, HARD, Failed.Blame.NOBODY, Optional.empty()).words())
        .isEqualTo("HARD: 0.30, bar 0.10, at 5/s");
  }

  @Test
  void wayUp_isFreeUpToFourFifths() {
    Failed failed = at(1000, Optional.empty());
    assertThat(failed.cap()).isEqualTo(800);
    assertThat(failed.tried(700).cap()).as("not tried yet").isEqualTo(800);
    assertThat(failed.tried(790).cap()).isCloseTo(840, within(1e-6));
  }

  @Test
  void level_isForgivenOnceItHeld() {
    Failed failed = at(1000, Optional.empty());
    assertThat(roundsUntilItHolds(failed)).as("ln(1.1 / 0.8) / ln 1.05").isEqualTo(7);
    Failed tried = failed;
    for (int round = 0; round < 7; round++) {
      tried = tried.tried(tried.cap());
    }
    assertThat(tried.cap()).isInfinite();
    assertThat(tried.tried(2000)).isEqualTo(tried);
  }

  @Test
  void eachTime_isSlower() {
    Failed first = at(1000, Optional.empty());
    Failed second = at(950, Optional.of(first));
    Failed third = at(1050, Optional.of(second));
    assertThat(second.times()).isEqualTo(2);
    assertThat(roundsUntilItHolds(second)).isGreaterThan(roundsUntilItHolds(first));
    assertThat(roundsUntilItHolds(third)).isGreaterThan(roundsUntilItHolds(second));
    Failed other = at(400, Optional.of(third));
    assertThat(other.times()).as("another level").isEqualTo(1);
  }

  @Test
  void advance_waivesIt() {
    assertThat(at(1000, Optional.empty()).waived().cap()).isInfinite();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  /** Whatever fails how often: the bound never falls by itself, and is always overcome. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void bound_onlyRisesAndEnds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Failed failed = at(random.nextDouble(10, 1e5), Optional.empty());
    for (int time = 0; time < random.nextInt(40); time++) {
      failed = at(failed.ceilingPerSecond() * random.nextDouble(0.5, 2), Optional.of(failed));
    }
    assertThat(failed.cap()).isLessThan(failed.ceilingPerSecond());
    int rounds = 0;
    while (failed.cautious()) {
      double before = failed.cap();
      failed = failed.tried(before * random.nextDouble(0.5, 1));
      assertThat(failed.cap()).isGreaterThanOrEqualTo(before);
      assertThat(rounds++).as("1 % a round, tried in one of ten").isLessThan(2000);
    }
  }

  @Test
  void sameLevel_isOneWithinAFifth() {
    Optional<Failed> first = Optional.of(at(1000, Optional.empty()));
    assertThat(at(800, first).times()).isEqualTo(2);
    assertThat(at(799, first).times()).isEqualTo(1);
    assertThat(at(1250, first).times()).isEqualTo(2);
    assertThat(at(1251, first).times()).isEqualTo(1);
  }

  @Test
  void level_isTriedFromNearItsBoundOn() {
    Failed failed = at(1000, Optional.empty());
    assertThat(failed.tried(759).cap()).isEqualTo(800);
    assertThat(failed.tried(760).cap()).as("0.95 of 800").isCloseTo(840, within(1e-9));
  }
}
