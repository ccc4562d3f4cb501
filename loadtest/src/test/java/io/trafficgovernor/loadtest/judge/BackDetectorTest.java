package io.trafficgovernor.loadtest.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import org.junit.jupiter.api.Test;

/** The one definition of "back": 99 % of the first attempts of 3 s, of at least 100 of them. */
final class BackDetectorTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long RETURNED = 30 * SECOND;

  private final AttemptLog log = new AttemptLog();

  /** So many first attempts a second, evenly, between two seconds after the return. */
  private BackDetectorTest attempts(double from, double to, int perSecond, Ending ending) {
    int count = (int) Math.round((to - from) * perSecond);
    for (int i = 0; i < count; i++) {
      long planned = RETURNED + (long) (from * SECOND) + i * SECOND / perSecond;
      log.add(0, 0, planned, planned + 1, ending);
    }
    return this;
  }

  private Back back(double knownSeconds) {
    return BackDetector.of(log, BackDetector.firsts(log, RETURNED))
        .after(RETURNED, RETURNED + (long) (knownSeconds * SECOND));
  }

  private Back back() {
    return back(1_000);
  }

  private static double seconds(Back back) {
    assertThat(back).isInstanceOf(Back.Restored.class);
    return back.seconds().orElseThrow();
  }

  @Test
  void allGoodFromTheStart_isBackAtOnce() {
    attempts(0, 20, 100, Ending.OK);
    assertThat(seconds(back())).isZero();
  }

  @Test
  void goodLater_isBackWhenOneInAHundredOfTheWindowIsBad() {
    attempts(0, 5, 100, Ending.SHED).attempts(5, 20, 100, Ending.OK);
    // 300 attempts may hold 3 bad ones: from 4.97 s on.
    assertThat(seconds(back())).isBetween(4.9, 5.0);
  }

  @Test
  void onePercentBad_isBackAndTwoPercentIsNot() {
    for (int percent = 1; percent <= 2; percent++) {
      AttemptLog mixed = new AttemptLog();
      for (int i = 0; i < 2_000; i++) {
        long planned = RETURNED + i * SECOND / 100;
        mixed.add(0, 0, planned, planned, i % 100 < percent ? Ending.TIMEOUT : Ending.OK);
      }
      Back back =
          BackDetector.of(mixed, BackDetector.firsts(mixed, RETURNED)).after(RETURNED, 99 * SECOND);
      assertThat(back.getClass()).isEqualTo(percent == 1 ? Back.Restored.class : Back.Never.class);
    }
  }

  @Test
  void goodForLessThanTheWindow_isNotBack() {
    attempts(0, 4, 100, Ending.SHED)
        .attempts(4, 6.9, 100, Ending.OK)
        .attempts(6.9, 12, 100, Ending.SHED)
        .attempts(12, 30, 100, Ending.OK);
    assertThat(seconds(back())).isBetween(11.9, 12.0);
  }

  @Test
  void neverGood_isNever() {
    attempts(0, 20, 100, Ending.SHED);
    assertThat(back()).isEqualTo(new Back.Never());
    assertThat(back().text()).isEqualTo("never");
  }

  @Test
  void rare_windowIsLengthenedToAHundredAttempts() {
    // 12 a second: a hundred need 8.3 s, and one bad one is one too many of 100 after it.
    attempts(0, 2, 12, Ending.SHED).attempts(2, 30, 12, Ending.OK);
    assertThat(seconds(back())).isBetween(1.8, 2.0);
  }

  @Test
  void tooRare_isTooFew() {
    attempts(0, 60, 9, Ending.OK);
    assertThat(back()).isEqualTo(new Back.TooFew());
    assertThat(back().text()).isEqualTo("too few");
    assertThat(back().seconds()).isEmpty();
  }

  @Test
  void nobodyAsked_isTooFew() {
    assertThat(back()).isEqualTo(new Back.TooFew());
  }

  @Test
  void windowThatIsNotKnownYet_isNotJudged() {
    attempts(0, 20, 100, Ending.OK);
    assertThat(back(2.9)).isEqualTo(new Back.TooFew());
    assertThat(seconds(back(3.1))).isZero();
  }

  @Test
  void retriesAndOlderAttempts_doNotCount() {
    attempts(-10, 0, 100, Ending.SHED).attempts(0, 20, 100, Ending.OK);
    for (int i = 0; i < 500; i++) {
      log.add(0, 1, RETURNED + i * SECOND / 100, RETURNED, Ending.SHED);
    }
    assertThat(seconds(back())).isZero();
  }

  @Test
  void logInTheOrderOfEnds_isReadInTheOrderOfPlans() {
    for (int i = 1_999; i >= 0; i--) {
      long planned = RETURNED + i * SECOND / 100;
      log.add(0, 0, planned, planned, i < 500 ? Ending.SHED : Ending.OK);
    }
    assertThat(seconds(back())).isBetween(4.9, 5.0);
  }
}
