package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.cluster.GridTable;
import io.trafficgovernor.cluster.testing.LocalMembers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The shared table on three real members over loopback, and on one that is alone. */
final class HazelcastTableIT {
  private static final int MEMBERS = 3;
  private static final int MAJORITY = 2;
  private static final int CLASSES = 2;
  private static final long TTL_MILLIS = 600_000;
  private static final LocalMembers members = LocalMembers.start("table-it", MEMBERS, CLASSES);

  private final String name = "t-" + UUID.randomUUID();
  private final AtomicLong nanos = new AtomicLong();

  @AfterAll
  static void stop() {
    members.close();
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** That member's view of this test's table, which has answered once. */
  private GridTable table(int member, long most) {
    GridTable table = members.get(member).table(name, most, MAJORITY, nanos::get);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(() -> table.all().toCompletableFuture().get(10, TimeUnit.SECONDS).isEmpty());
    return table;
  }

  @Test
  void members_shareOneTable() {
    GridTable first = table(0, 10);
    GridTable second = table(1, 10);
    GridTable third = table(2, 10);
    Set<String> heard = ConcurrentHashMap.newKeySet();
    third.follow((key, value) -> heard.add(key + "=" + value));
    assertThat(await(first.put("k", "one", TTL_MILLIS))).as("there was none").isTrue();
    assertThat(await(second.put("k", "two", TTL_MILLIS))).as("there was one").isFalse();
    assertThat(await(third.all())).containsOnly(Map.entry("k", "two"));
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> heard.contains("k=one"));
    assertThat(await(third.remove("k", "one"))).as("it is another one").isFalse();
    assertThat(await(third.remove("k", "two"))).isTrue();
    assertThat(await(first.remove("k", "two"))).as("it is gone").isFalse();
    assertThat(await(second.all())).isEmpty();
  }

  /**
   * Who saw what has been replaced since replaces nothing; so of many who saw the same, one does.
   */
  @Test
  void replace_comparesInTheSameStep() {
    GridTable table = table(0, 100);
    assertThat(await(table.replace("k", "none", "a", TTL_MILLIS))).isFalse();
    assertThat(await(table.replace("k", null, "a", TTL_MILLIS))).isTrue();
    assertThat(await(table.replace("k", null, "b", TTL_MILLIS))).as("there is one").isFalse();
    List<CompletionStage<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      for (int member = 0; member < MEMBERS; member++) {
        GridTable of = members.get(member).table(name, 100, MAJORITY, nanos::get);
        all.add(of.replace("k", "a", "by-" + member + "-" + i, TTL_MILLIS));
      }
    }
    assertThat(all.stream().filter(HazelcastTableIT::await)).hasSize(1);
    assertThat(await(table.all()).get("k")).startsWith("by-");
  }

  /** A replaced value ends by its own time, not by that of the one before. */
  @Test
  void replaced_endsByItself() {
    GridTable table = table(0, 10);
    await(table.put("k", "v", TTL_MILLIS));
    assertThat(await(table.replace("k", "v", "w", 1_000))).isTrue();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> await(table.all()).isEmpty());
  }

  @Test
  void value_endsByItself() {
    GridTable table = table(0, 10);
    await(table.put("k", "v", 1_000));
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> await(table.all()).isEmpty());
  }

  @Test
  void fullTable_takesNoMore_untilThereIsRoom() {
    GridTable table = table(1, 1);
    assertThat(await(table.put("a", "v", TTL_MILLIS))).isTrue();
    nanos.addAndGet(2_000_000_000L);
    assertThatThrownBy(() -> await(table.put("b", "v", TTL_MILLIS)))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("entries: got 1, allowed 1");
    assertThat(await(table.remove("a", "v"))).isTrue();
    nanos.addAndGet(2_000_000_000L);
    assertThat(await(table.put("b", "v", TTL_MILLIS))).isTrue();
  }

  /** What one of three notes alone the others would never know. */
  @Test
  void minority_isRefused() {
    try (LocalMembers alone = LocalMembers.start("table-it-alone", MEMBERS, 1, CLASSES)) {
      GridTable table = alone.get(0).table(name, 10, MAJORITY, nanos::get);
      assertThatThrownBy(() -> await(table.put("k", "v", TTL_MILLIS)))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasStackTraceContaining("no majority");
      assertThatThrownBy(() -> await(table.all())).hasStackTraceContaining("no majority");
    }
  }
}
