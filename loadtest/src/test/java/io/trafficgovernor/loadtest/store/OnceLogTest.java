package io.trafficgovernor.loadtest.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OnceLogTest {
  @Test
  void name_isFirstOnce() {
    OnceLog log = new OnceLog();
    assertThat(log.first("a")).isTrue();
    assertThat(log.first("b")).isTrue();
    assertThat(log.first("a")).isFalse();
    assertThat(log.repeats()).isEqualTo(1);
    assertThat(log.part(0, 10)).isEqualTo(new OnceLog.Part(2, "a\nb\n"));
    assertThat(log.part(1, 10)).isEqualTo(new OnceLog.Part(2, "b\n"));
    assertThat(log.part(0, 1)).isEqualTo(new OnceLog.Part(1, "a\n"));
    assertThat(log.part(5, 10)).isEqualTo(new OnceLog.Part(2, ""));
  }

  @Test
  void fullLog_doesWhatComes_butKnowsItNoMore() {
    OnceLog log = new OnceLog(1);
    assertThat(log.first("a")).isTrue();
    assertThat(log.first("b")).isTrue();
    assertThat(log.first("b")).isTrue();
    assertThat(log.first("a")).isFalse();
    assertThat(log.part(0, 10).lines()).isEqualTo("a\n");
  }
}
