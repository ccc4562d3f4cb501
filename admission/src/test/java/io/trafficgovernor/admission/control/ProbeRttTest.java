package io.trafficgovernor.admission.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the window is made small to look at the bare latency, and how long a look counts. */
final class ProbeRttTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 7 * SECOND;
  private static final long LOOKED = 50 * SECOND;

  private final ProbeRtt first = ProbeRtt.start(START);

  private static void nextLookIsDueAfter(long seconds, ProbeRtt probe) {
    assertThat(probe.due(LOOKED + seconds * SECOND - 1)).isFalse();
    assertThat(probe.due(LOOKED + seconds * SECOND)).isTrue();
  }

  @Test
  void firstLook_isDueTenSecondsAfterTheStart() {
    assertThat(first.due(START + 10 * SECOND - 1)).isFalse();
    assertThat(first.due(START + 10 * SECOND)).isTrue();
  }

  @Test
  void lookUnderWay_isNotDueAgain() {
    ProbeRtt looking = first.nextRound();
    assertThat(looking.active()).isTrue();
    assertThat(looking.due(START + 60 * SECOND)).isFalse();
  }

  @Test
  void baseLatency_isNotFedAtTheStartNorDuringALookNorRightAfterIt() {
    assertThat(first.feedsBase(START + 1_100_000_000L - 1)).isFalse();
    assertThat(first.feedsBase(START + 1_100_000_000L)).isTrue();
    assertThat(first.nextRound().feedsBase(START + 60 * SECOND)).isFalse();
    ProbeRtt after = first.nextRound().measured(true, LOOKED);
    assertThat(after.feedsBase(LOOKED + SECOND)).isFalse();
    assertThat(after.feedsBase(LOOKED + 2 * SECOND)).isTrue();
  }

  @Test
  void baseThatWasRight_isLookedAtHalfAsOftenUpToFortySeconds() {
    ProbeRtt once = first.measured(true, LOOKED);
    nextLookIsDueAfter(20, once);
    nextLookIsDueAfter(40, once.measured(true, LOOKED));
    nextLookIsDueAfter(40, once.measured(true, LOOKED).measured(true, LOOKED));
  }

  @Test
  void baseThatWasWrong_isLookedAtSoon() {
    ProbeRtt rare = first.measured(true, LOOKED).measured(true, LOOKED);
    nextLookIsDueAfter(10, rare.measured(false, LOOKED));
  }

  @Test
  void lookWithoutAResult_keepsItsGap() {
    ProbeRtt ended = first.measured(true, LOOKED).nextRound().ended(LOOKED);
    assertThat(ended.active()).isFalse();
    nextLookIsDueAfter(20, ended);
    assertThat(ended.feedsBase(LOOKED + SECOND)).isFalse();
    assertThat(first.ended(LOOKED)).as("none was under way").isEqualTo(first);
  }

  @Test
  void blockOfBaseLatency_outlivesTheGapToTheNextLook() {
    assertThat(first.blockLifeNanos()).isEqualTo(40 * SECOND);
    ProbeRtt rare = first.measured(true, LOOKED).measured(true, LOOKED);
    assertThat(rare.blockLifeNanos()).as("one and a half gaps").isEqualTo(60 * SECOND);
  }
}
