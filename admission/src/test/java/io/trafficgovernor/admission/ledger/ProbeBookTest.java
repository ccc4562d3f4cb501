package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.recovery.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One probe at a time, often while the backend is away, and never in step. */
final class ProbeBookTest {
  private static final long MILLI = 1_000_000L;
  private static final long NOW = 3000 * MILLI;

  private static long millisToTheNext(ProbeBook book) {
    return (book.dueNanos() - NOW) / MILLI;
  }

  @Test
  void firstProbe_isDueAtOnce() {
    assertThat(ProbeBook.begun(NOW).due(NOW - 1)).isFalse();
    assertThat(ProbeBook.begun(NOW).due(NOW)).isTrue();
  }

  @Test
  void probeUnderWay_keepsOthersBackUntilItIsTakenForLost() {
    ProbeBook asked = ProbeBook.begun(NOW).asked(NOW);
    assertThat(asked.due(NOW + 2000 * MILLI)).isFalse();
    assertThat(asked.due(NOW + 2000 * MILLI + 1)).isTrue();
  }

  @Test
  void answer_isAwaitedOnceAndUnderItsNumber() {
    ProbeBook begun = ProbeBook.begun(NOW);
    ProbeBook asked = begun.asked(NOW);
    assertThat(begun.awaits(0)).as("none was asked for").isFalse();
    assertThat(asked.awaits(1)).isTrue();
    assertThat(asked.awaits(2)).isFalse();
    assertThat(asked.asked(NOW).awaits(1)).as("taken for lost").isFalse();
    assertThat(asked.answered(true, Phase.OUTAGE, NOW).awaits(1)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"OUTAGE", "PROBING", "ROLLBACK"})
  void untilTheRampRuns_probesAreFourTimesASecondAndRarerUnanswered(Phase phase) {
    ProbeBook book = ProbeBook.begun(NOW).asked(NOW);
    assertThat(millisToTheNext(book.answered(true, phase, NOW))).isBetween(200L, 300L);
    ProbeBook unanswered = book.answered(false, phase, NOW);
    assertThat(millisToTheNext(unanswered)).isBetween(400L, 600L);
    assertThat(millisToTheNext(unanswered.asked(NOW).answered(false, phase, NOW)))
        .as("no rarer than that")
        .isBetween(400L, 600L);
    assertThat(millisToTheNext(unanswered.asked(NOW).answered(true, phase, NOW)))
        .isBetween(200L, 300L);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OUTAGE", "PROBING", "ROLLBACK"})
  void elsewhere_aProbeEveryFiveSecondsIsEnough(Phase phase) {
    ProbeBook book = ProbeBook.begun(NOW).asked(NOW);
    assertThat(millisToTheNext(book.answered(true, phase, NOW))).isEqualTo(5000);
    assertThat(millisToTheNext(book.answered(false, phase, NOW))).isEqualTo(5000);
  }

  @Test
  void probes_areSpreadByAFifth() {
    ProbeBook book = ProbeBook.begun(NOW);
    int early = 0;
    int late = 0;
    for (int i = 0; i < 100; i++) {
      book = book.asked(NOW).answered(true, Phase.OUTAGE, NOW);
      assertThat(millisToTheNext(book)).isBetween(200L, 300L);
      early += millisToTheNext(book) < 225 ? 1 : 0;
      late += millisToTheNext(book) >= 275 ? 1 : 0;
    }
    assertThat(early).as("a quarter of them").isBetween(20, 30);
    assertThat(late).isBetween(20, 30);
  }

  @Test
  void newPhase_isLookedAtSoon() {
    ProbeBook watching = ProbeBook.begun(NOW).asked(NOW).answered(false, Phase.OPEN, NOW);
    ProbeBook hastened = watching.hastened(NOW);
    assertThat(millisToTheNext(hastened)).isEqualTo(250);
    assertThat(hastened.hastened(NOW + 100 * MILLI).dueNanos())
        .as("and never later than planned")
        .isEqualTo(hastened.dueNanos());
    assertThat(millisToTheNext(hastened.asked(NOW).answered(false, Phase.OUTAGE, NOW)))
        .as("twice the first period")
        .isBetween(400L, 600L);
  }
}
