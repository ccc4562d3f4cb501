package io.trafficgovernor.admission.control;

import static io.trafficgovernor.admission.testing.Rounds.good;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When silence is a stall, and for how long a red signal holds things back. */
final class BrakesTest {
  private static final long REQUEST = 4_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long ANSWERED = 1000 * MILLI;

  private static Brakes answeredAt(double rate) {
    return Brakes.start(0).heard(round(0, 1000, good(100, 20), 5, 0), rate, REQUEST);
  }

  private static Round silence(long millis, int inFlight) {
    return round(1000, 1000 + millis, Tally.NONE, inFlight, 0);
  }

  private static Round round(long from, long to, Tally tally, int inFlight, int goodProbes) {
    return new Round(from * MILLI, to * MILLI, List.of(tally), inFlight, 0, goodProbes);
  }

  @ParameterizedTest
  @CsvSource({
    "40, 500, 1, true", // 20 answers were due in half a second
    "39, 500, 1, false",
    "1000, 499, 1, false",
    "1000, 500, 0, false", // nothing is awaited
    "10, 2000, 1, true",
    "10, 1999, 1, false"
  })
  void silence_isAStallAfterHalfASecondInWhichTwentyWereDue(
      double rate, long millis, int inFlight, boolean stalls) {
    assertThat(answeredAt(rate).stalls(silence(millis, inFlight))).isEqualTo(stalls);
  }

  @Test
  void stall_endsOnlyWithAnAnswer() {
    Brakes stalled = answeredAt(1000).stall(2000 * MILLI);
    assertThat(stalled.stalls(silence(1100, 0))).as("though nothing is awaited").isTrue();
    assertThat(stalled.stalls(round(2000, 2100, good(1, 20), 5, 0))).isFalse();
    assertThat(stalled.stalls(round(2000, 2100, Tally.NONE, 5, 1))).as("a probe").isFalse();
    Tally late = new Tally(0, 0, 0, 0, 3, 0);
    assertThat(stalled.stalls(round(2000, 2100, late, 5, 0))).as("late time-outs").isTrue();
  }

  @Test
  void stall_isCountedFromItsBeginning() {
    Brakes stalled = answeredAt(1000).stall(2000 * MILLI);
    assertThat(stalled.stall(3000 * MILLI)).isEqualTo(stalled);
    Brakes back = stalled.heard(round(3000, 3100, good(1, 20), 5, 0), 10, REQUEST);
    assertThat(back.stalled()).isFalse();
  }

  @Test
  void silence_isMeasuredFromTheLastAnswerOrIdleRound() {
    Brakes before = answeredAt(1000);
    Brakes silent = before.heard(silence(400, 3), 1000, REQUEST);
    assertThat(silent.answeredNanos()).isEqualTo(ANSWERED);
    Brakes idle = before.heard(silence(400, 0), 1000, REQUEST);
    assertThat(idle.answeredNanos()).isEqualTo(1400 * MILLI);
  }

  @Test
  void hard_holdsTheWindowForThreeQuartersOfASecond() {
    Brakes hard = Brakes.start(0).hard(ANSWERED);
    assertThat(hard.holdsWindow(ANSWERED + 750 * MILLI - 1)).isTrue();
    assertThat(hard.holdsWindow(ANSWERED + 750 * MILLI)).isFalse();
    assertThat(hard.holdsCeiling(ANSWERED)).isFalse();
  }

  @Test
  void fast_holdsTheCeilingForTwoSecondsAndSlowsItForTwentyMore() {
    Brakes fast = Brakes.start(0).fast(ANSWERED);
    assertThat(fast.holdsCeiling(ANSWERED + 2000 * MILLI - 1)).isTrue();
    assertThat(fast.holdsCeiling(ANSWERED + 2000 * MILLI)).isFalse();
    assertThat(fast.caresForCeiling(ANSWERED + 22_000 * MILLI - 1)).isTrue();
    assertThat(fast.caresForCeiling(ANSWERED + 22_000 * MILLI)).isFalse();
    assertThat(fast.holdsWindow(ANSWERED)).isFalse();
  }

  @Test
  void beforeAnySignal_nothingHolds() {
    Brakes start = Brakes.start(0);
    assertThat(start.holdsWindow(0) || start.holdsCeiling(0) || start.caresForCeiling(0)).isFalse();
  }

  private static Brakes heardAt(Brakes brakes, long fromMillis, long toMillis) {
    return brakes.heard(round(fromMillis, toMillis, good(1, 20), 5, 0), 10, REQUEST);
  }

  private static long since(Brakes brakes, long millis) {
    return brakes.askedSince(millis * MILLI, REQUEST) / MILLI;
  }

  @Test
  void asked_isARequestsTimeAgoWhileTheBackendAnswers() {
    Brakes answering = heardAt(Brakes.start(ANSWERED), 1000, 1900);
    assertThat(since(answering, 1900)).as("it may have come at once").isEqualTo(1000 - 4000);
    assertThat(since(answering, 2500)).as("from the last answer").isEqualTo(1000 - 4000);
    assertThat(since(heardAt(answering, 1900, 2000), 2500)).isEqualTo(1900 - 4000);
  }

  @Test
  void asked_hasNoTimeToEndWhileTheBackendStandsStill() {
    Brakes back = heardAt(Brakes.start(ANSWERED), 5900, 6000);
    assertThat(since(back, 6000)).as("5 s stood").isEqualTo(900 - 4000);
    assertThat(since(back, 20_000)).as("and again").isEqualTo(900 - 4000);
    back = heardAt(back, 19_900, 20_000);
    assertThat(since(back, 20_000)).as("stood twice").isEqualTo(900 - 4000);
    for (long at = 20_100; at <= 23_900; at += 100) {
      back = heardAt(back, at - 100, at);
    }
    assertThat(since(back, 23_900)).isEqualTo(900 - 4000 + 3900);
    back = heardAt(back, 23_900, 24_000);
    assertThat(since(back, 24_000)).as("a request's time after").isEqualTo(23_900 - 4000);
  }

  @Test
  void longRoundsOfALowRate_areNoStandStill() {
    Brakes brakes = Brakes.start(ANSWERED);
    for (long from = 1000; from < 20_000; from += 1500) {
      brakes = heardAt(brakes, from, from + 1500);
    }
    assertThat(since(brakes, 20_500)).isEqualTo(19_000 - 4000);
  }

  @Test
  void asked_isHeldForAMinuteAtMost() {
    Brakes back = heardAt(Brakes.start(ANSWERED), 600_900, 601_000);
    assertThat(since(back, 601_000)).isEqualTo(600_900 - 4000 - 60_000);
  }

  @Test
  void asked_isUnknownAfterASilenceOfThoseWhoWouldTell() {
    Brakes back = Brakes.start(ANSWERED).heard(silence(5000, 0), 10, REQUEST);
    assertThat(since(back, 6000)).as("nobody told of requests").isEqualTo(1000 - 4000);
    Brakes idle = Brakes.start(ANSWERED).heard(silence(500, 0), 10, REQUEST);
    assertThat(since(idle, 1500)).isEqualTo(1500 - 4000);
  }
}
