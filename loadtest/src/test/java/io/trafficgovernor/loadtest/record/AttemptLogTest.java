package io.trafficgovernor.loadtest.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AttemptLogTest {
  private final AttemptLog log = new AttemptLog();

  @Test
  void attempts_areReadAsTheyWereAdded() {
    log.add(7, 0, 100, 250, Ending.OK);
    log.add(3, 2, 120, 260, Ending.SHED);
    assertThat(log.size()).isEqualTo(2);
    assertThat(log.first(0)).isTrue();
    assertThat(log.first(1)).isFalse();
    assertThat(log.system(1)).isEqualTo(3);
    assertThat(log.plannedNanos(1)).isEqualTo(120);
    assertThat(log.endedNanos(0)).isEqualTo(250);
    assertThat(log.ending(1)).isEqualTo(Ending.SHED);
  }

  @Test
  void log_growsAndKeepsWhatItHeld() {
    for (int i = 0; i < 100_000; i++) {
      log.add(i % 100, i % 3, i, 2L * i, i % 2 == 0 ? Ending.OK : Ending.TIMEOUT);
    }
    for (int i = 0; i < 100_000; i += 997) {
      assertThat(log.system(i)).isEqualTo(i % 100);
      assertThat(log.plannedNanos(i)).isEqualTo(i);
      assertThat(log.endedNanos(i)).isEqualTo(2L * i);
      assertThat(log.ending(i).good()).isEqualTo(i % 2 == 0);
    }
    assertThat(log.lost()).isZero();
  }

  @Test
  void copy_isNotTouchedByWhatComesLater() {
    log.add(1, 0, 1, 2, Ending.OK);
    AttemptLog copy = log.copy();
    log.add(2, 0, 3, 4, Ending.FAILED);
    assertThat(copy.size()).isEqualTo(1);
    copy.add(9, 1, 5, 6, Ending.BROKEN);
    assertThat(copy.system(1)).isEqualTo(9);
    assertThat(log.system(1)).isEqualTo(2);
  }

  @Test
  void fullLog_countsWhatItLoses() {
    for (int i = 0; i < AttemptLog.LIMIT + 5; i++) {
      log.add(0, 0, i, i, Ending.OK);
    }
    assertThat(log.size()).isEqualTo(AttemptLog.LIMIT);
    assertThat(log.lost()).isEqualTo(5);
    assertThat(log.copy().lost()).isEqualTo(5);
  }

  @Test
  void onlyAnAnswerInTime_isGood() {
    for (Ending ending : Ending.values()) {
      assertThat(ending.good()).isEqualTo(ending == Ending.OK);
    }
  }
}
