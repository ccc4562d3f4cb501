package io.trafficgovernor.loadtest.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ArrivalLogTest {
  @Test
  void part_isTextThatTheOtherEndReads() {
    ArrivalLog log = new ArrivalLog();
    log.add("read", 1_000, 900);
    log.add(ArrivalLog.PROBE, 1_100, ArrivalLog.UNSTAMPED);
    assertThat(log.part(0, 10))
        .isEqualTo(new ArrivalLog.Part(2, 0, "1000 900 read\n1100 0 probe\n"));
    assertThat(log.part(1, 10).lines()).isEqualTo("1100 0 probe\n");
    assertThat(log.part(2, 10)).isEqualTo(new ArrivalLog.Part(2, 0, ""));
    assertThat(log.countByKind()).containsEntry("read", 1L).containsEntry("probe", 1L);
  }

  @Test
  void part_isBoundedAndGoesOn() {
    ArrivalLog log = new ArrivalLog();
    for (int i = 0; i < 10; i++) {
      log.add("read", i, 0);
    }
    ArrivalLog.Part part = log.part(0, 4);
    assertThat(part.next()).isEqualTo(4);
    assertThat(log.part(part.next(), 100).lines().lines()).hasSize(6);
  }

  @Test
  void fullLog_saysWhatItNoLongerHolds() {
    ArrivalLog log = new ArrivalLog(4);
    for (int i = 0; i < 10; i++) {
      log.add("read", i, 0);
    }
    ArrivalLog.Part part = log.part(2, 100);
    assertThat(part.lost()).isEqualTo(4);
    assertThat(part.lines()).startsWith("6 0 read").endsWith("9 0 read\n");
    assertThat(part.next()).isEqualTo(10);
    assertThat(log.total()).isEqualTo(10);
    assertThat(log.part(99, 1).lines()).isEmpty();
  }

  @Test
  void tooManyKinds_areOther() {
    ArrivalLog log = new ArrivalLog();
    for (int i = 0; i < 100; i++) {
      log.add("kind-" + i, i, 0);
    }
    assertThat(log.countByKind()).hasSize(ArrivalLog.KINDS_LIMIT);
    assertThat(log.countByKind().get(ArrivalLog.OTHER)).isEqualTo(100 - (64 - 2));
  }
}
