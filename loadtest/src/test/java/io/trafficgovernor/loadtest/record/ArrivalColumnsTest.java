package io.trafficgovernor.loadtest.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ArrivalColumnsTest {
  private final ArrivalColumns columns = new ArrivalColumns();

  @Test
  void lines_areReadAsTheStoreWritesThem() {
    columns.add("1000 900 read");
    columns.add("1100 0 probe");
    assertThat(columns.size()).isEqualTo(2);
    assertThat(columns.arrivedNanos(0)).isEqualTo(1_000);
    assertThat(columns.sentNanos(0)).isEqualTo(900);
    assertThat(columns.sentNanos(1)).isEqualTo(ArrivalColumns.UNSTAMPED);
    assertThat(columns.probe(0)).isFalse();
    assertThat(columns.probe(1)).isTrue();
  }

  @Test
  void brokenLine_isAFault() {
    assertThatThrownBy(() -> columns.add("1000 read"))
        .hasMessage("arrival: got '1000 read', allowed 'instant stamp kind'");
    assertThatThrownBy(() -> columns.add("x 0 read")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void requestsSince_leavesProbesAndOlderOnesOut() {
    columns.add(1, 1, "read");
    columns.add(2, 2, "read");
    columns.add(3, 0, "probe");
    columns.add(4, 4, "write");
    assertThat(columns.requestsSince(0)).isEqualTo(3);
    assertThat(columns.requestsSince(1)).isEqualTo(2);
    assertThat(columns.requestsSince(4)).isZero();
  }

  @Test
  void columns_growAndKeepWhatTheyHeld() {
    for (int i = 0; i < 50_000; i++) {
      columns.add(i, i - 1, i % 2 == 0 ? "read" : "write");
    }
    assertThat(columns.arrivedNanos(49_999)).isEqualTo(49_999);
    assertThat(columns.sentNanos(17)).isEqualTo(16);
    assertThat(columns.lost()).isZero();
    columns.lose(3);
    assertThat(columns.lost()).isEqualTo(3);
  }
}
