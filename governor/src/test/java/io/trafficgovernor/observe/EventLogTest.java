package io.trafficgovernor.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.observe.EventLog.Kind;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

final class EventLogTest {
  private final EventLog log = new EventLog(new SystemTicker());

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      log.add(Kind.GRID, new JsonObject().put("what", "n" + i));
    }
  }

  @Test
  void after_givesThoseAfterTheNumber() {
    long before = log.last();
    add(3);
    EventLog.Later later = log.after(before + 1, 10);
    assertThat(later.gap()).isFalse();
    assertThat(later.events())
        .extracting(e -> e.data().getString("what"))
        .containsExactly("n1", "n2");
    assertThat(log.after(log.last(), 10).events()).isEmpty();
    assertThat(log.after(before, 1).events()).hasSize(1);
  }

  @Test
  void add_isBoundedAndTheGapShows() {
    long before = log.last();
    add(1_500);
    assertThat(log.after(0, 5_000).events()).hasSize(1_000);
    assertThat(log.after(0, 5_000).gap()).as("0 asks for all there are").isFalse();
    assertThat(log.after(before, 10).gap()).isTrue();
    assertThat(log.after(before + 500, 10).gap()).isFalse();
    assertThat(log.after(before + 499, 10).gap()).isTrue();
  }
}
