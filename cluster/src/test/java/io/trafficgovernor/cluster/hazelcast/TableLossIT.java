package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.trafficgovernor.cluster.GridTable;
import io.trafficgovernor.cluster.testing.LocalMembers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a member is told when others die that held a part of a table, on three real members. */
final class TableLossIT {
  private static final int VOTERS = 3;
  private static final int MAJORITY = 2;
  private static final int ENTRIES = 200;
  private static final long TTL_MILLIS = 600_000;
  private static final Duration SOON = Duration.ofSeconds(30);

  private static void kill(LocalMembers grid, String cluster, int... members) throws Exception {
    Thread[] killers = new Thread[members.length];
    for (int i = 0; i < members.length; i++) {
      HazelcastInstance one =
          requireNonNull(Hazelcast.getHazelcastInstanceByName(cluster + "/m" + members[i]));
      killers[i] = new Thread(() -> one.getLifecycleService().terminate());
    }
    for (Thread each : killers) {
      each.start();
    }
    for (Thread each : killers) {
      each.join();
    }
    int left = VOTERS - members.length;
    Awaitility.await().atMost(SOON).until(() -> grid.get(0).members() == left);
  }

  private static Map<String, String> all(GridTable table) {
    return Awaitility.await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(() -> table.all().toCompletableFuture().get(10, TimeUnit.SECONDS), x -> true);
  }

  private static GridTable filled(LocalMembers grid, AtomicInteger told) throws Exception {
    GridTable table = grid.get(0).table("t", 1000, MAJORITY, System::nanoTime);
    assertThat(all(table)).isEmpty();
    table.onLoss(told::incrementAndGet);
    for (int i = 0; i < ENTRIES; i++) {
      boolean put =
          table.put("k" + i, "v", TTL_MILLIS).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(put).isTrue();
    }
    return table;
  }

  /** Negative control: one of three held no part alone. */
  @Test
  void lossOfOne_isNone() throws Exception {
    AtomicInteger told = new AtomicInteger();
    try (LocalMembers grid = LocalMembers.start("loss-one", VOTERS, 2)) {
      GridTable table = filled(grid, told);
      kill(grid, "loss-one", 1);
      assertThat(all(table)).hasSize(ENTRIES);
      assertThat(told).hasValue(0);
    }
  }

  /** Two of three held all copies of what neither copied to the third. */
  @Test
  void lossOfMost_isTold() throws Exception {
    AtomicInteger told = new AtomicInteger();
    try (LocalMembers grid = LocalMembers.start("loss-most", VOTERS, 2)) {
      GridTable table = filled(grid, told);
      kill(grid, "loss-most", 1, 2);
      Awaitility.await().atMost(SOON).until(() -> told.get() > 0);
      try (HazelcastLedgerGrid again =
          HazelcastLedgerGrid.join(
              "kv", LocalMembers.ledger(VOTERS, 2), grid.settings(1), System::nanoTime)) {
        Awaitility.await().atMost(SOON).until(() -> again.members() == MAJORITY);
        assertThat(all(table)).as("what is left").hasSizeLessThan(ENTRIES);
      }
    }
  }
}
