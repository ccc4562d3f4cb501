package io.trafficgovernor.answers.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.trafficgovernor.answers.journal.Receipt.State;
import io.trafficgovernor.answers.journal.WriteJournal.Accepted;
import io.trafficgovernor.answers.journal.WriteJournal.Delivery;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write whose bytes are damaged on disk is told of and keeps no other from being delivered. */
final class UnreadableRowTest {
  private static final WriteJournal.Limits LIMITS =
      new WriteJournal.Limits(1 << 20, Duration.ofMinutes(1));
  private static final int PAGE_BYTES = 4096;
  private static final long RECEIPTS_GONE_MILLIS = 120_001;

  @TempDir private Path folder;
  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final List<Receipt> told = new CopyOnWriteArrayList<>();
  private WriteJournal journal;

  @BeforeEach
  void open() throws IOException {
    journal = WriteJournal.open(folder, LIMITS, clock::get, told::addAll);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static <T> T told(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void accept(String id, String target, int bodyBytes) throws Exception {
    Buffer body = Buffer.buffer("b".repeat(bodyBytes));
    JournaledWrite write =
        new JournaledWrite(
            id,
            7,
            id,
            1,
            target,
            "write",
            "PUT",
            "/" + target,
            List.of(Map.entry("X-A", "1")),
            body,
            clock.get());
    assertThat(told(journal.accept(write))).isInstanceOf(Accepted.OnDisk.class);
  }

  private List<Delivery> take() throws Exception {
    return told(journal.take(100, Set.of()));
  }

  /** Takes and delivers until nothing waits; the ids in their order. */
  private List<String> deliverAll() {
    List<String> ids = new ArrayList<>();
    Awaitility.await()
        .until(
            () -> {
              for (Delivery each : take()) {
                ids.add(each.write().id());
                each.done(State.DELIVERED, 200);
              }
              return journal.waiting().writes() == 0;
            });
    return ids;
  }

  private State state(String id) throws Exception {
    return told(journal.receipt(id)).orElseThrow().state();
  }

  private void damageHeaders(String id) throws Exception {
    journal.close();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder + "/journal.db");
        Statement statement = other.createStatement()) {
      statement.execute("UPDATE writes SET headers = 'damaged' WHERE id = '" + id + "'");
    }
    open();
  }

  /** Breaks the chain of pages in which the one long body lies. */
  private void damagePages() throws IOException {
    journal.close();
    Path file = folder.resolve("journal.db");
    byte[] all = Files.readAllBytes(file);
    int broken = 0;
    for (int page = 0; page < all.length; page += PAGE_BYTES) {
      if (all[page + 4] == 'b' && all[page + PAGE_BYTES - 1] == 'b') {
        for (int i = 0; i < 4; i++) {
          all[page + i] = (byte) 0x7f;
        }
        broken++;
      }
    }
    assertThat(broken).as("pages of the body").isPositive();
    Files.write(file, all);
    open();
  }

  private String onDisk(String id) throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder + "/journal.db");
        Statement statement = other.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT headers FROM writes WHERE id = '" + id + "'")) {
      return row.next() ? row.getString(1) : "gone";
    }
  }

  @Test
  void others_areDelivered_andItIsToldOf() throws Exception {
    accept("a", "x", 10);
    accept("b", "y", 10);
    accept("c", "y", 10);
    damageHeaders("b");
    assertThat(deliverAll()).containsExactly("a", "c");
    assertThat(state("b")).isEqualTo(State.UNREADABLE);
    assertThat(journal.count(State.UNREADABLE)).isEqualTo(1);
    assertThat(told)
        .extracting(Receipt::id, Receipt::state)
        .containsExactly(tuple("b", State.UNREADABLE));
  }

  /** Somebody may still read in it what the program cannot. It counts against the bound. */
  @Test
  void setAside_isKeptAsItIs_overRestartsAndTheEndOfReceipts() throws Exception {
    accept("b", "y", 300_000);
    damageHeaders("b");
    assertThat(deliverAll()).isEmpty();
    clock.addAndGet(RECEIPTS_GONE_MILLIS);
    accept("later", "z", 10);
    close();
    open();
    assertThat(journal.count(State.UNREADABLE)).isEqualTo(1);
    assertThat(state("b")).isEqualTo(State.UNREADABLE);
    assertThat(journal.waiting().writes()).isEqualTo(1);
    assertThat(journal.waiting().bytes()).isGreaterThan(300_000);
    clock.addAndGet(RECEIPTS_GONE_MILLIS);
    Awaitility.await().until(() -> told.stream().anyMatch(each -> each.id().equals("later")));
    close();
    assertThat(onDisk("b")).isEqualTo("damaged");
  }

  /** Its state cannot be written either: until the next start it is set aside in memory. */
  @Test
  void brokenPages_keepNoOtherWaiting() throws Exception {
    accept("long", "y", 50_000);
    accept("a", "x", 10);
    damagePages();
    assertThat(deliverAll()).containsExactly("a");
    assertThat(journal.count(State.UNREADABLE)).isEqualTo(1);
    assertThat(told).extracting(Receipt::id).containsExactly("long");
    accept("b", "y", 10);
    assertThat(deliverAll()).containsExactly("b");
  }

  /** What grows old unread ends as expired, and the journal's thread lives on. */
  @Test
  void damaged_expires() throws Exception {
    accept("b", "y", 10);
    damageHeaders("b");
    clock.addAndGet(60_001);
    Awaitility.await().until(() -> !told.isEmpty());
    assertThat(told).extracting(Receipt::state).containsExactly(State.EXPIRED);
    accept("a", "x", 10);
    assertThat(deliverAll()).containsExactly("a");
  }

  /** One that can be neither read nor ended keeps no other from growing old. */
  @Test
  void brokenPages_keepNoOtherFromExpiring() throws Exception {
    accept("long", "y", 50_000);
    accept("a", "x", 10);
    damagePages();
    clock.addAndGet(60_001);
    Awaitility.await().until(() -> told.size() == 1);
    assertThat(state("long")).isEqualTo(State.UNREADABLE);
    clock.addAndGet(1_001);
    Awaitility.await().until(() -> told.size() == 2);
    assertThat(state("a")).isEqualTo(State.EXPIRED);
    assertThat(journal.waiting().writes()).isZero();
    accept("c", "z", 10);
    assertThat(deliverAll()).containsExactly("c");
  }
}
