package io.trafficgovernor.answers.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.answers.journal.Receipt.State;
import io.trafficgovernor.answers.journal.WriteJournal.Accepted;
import io.trafficgovernor.answers.journal.WriteJournal.Delivery;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
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

final class WriteJournalTest {
  private static final WriteJournal.Limits LIMITS =
      new WriteJournal.Limits(1 << 20, Duration.ofMinutes(1));

  @TempDir private Path folder;
  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final List<Receipt> expired = new CopyOnWriteArrayList<>();
  private WriteJournal journal;

  @BeforeEach
  void open() throws IOException {
    journal = WriteJournal.open(folder, LIMITS, clock::get, expired::addAll);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void reopen() throws IOException {
    journal.close();
    open();
  }

  private JournaledWrite write(String id, String target) {
    return write(id, target, id, 1, 10);
  }

  private JournaledWrite write(String id, String target, String key, long print, int bytes) {
    return new JournaledWrite(
        id,
        7,
        key,
        print,
        target,
        "write",
        "PUT",
        "/" + target + "?x=1",
        List.of(Map.entry("X-A", "1"), Map.entry("X-A", "2"), Map.entry("Idempotency-Key", key)),
        Buffer.buffer("b".repeat(bytes)),
        clock.get());
  }

  private static <T> T told(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Accepted accept(JournaledWrite write) throws Exception {
    return told(journal.accept(write));
  }

  private List<Delivery> take() throws Exception {
    return told(journal.take(100, Set.of()));
  }

  private static List<String> ids(List<Delivery> deliveries) {
    return deliveries.stream().map(each -> each.write().id()).toList();
  }

  private State state(String id) throws Exception {
    return told(journal.receipt(id)).orElseThrow().state();
  }

  private void done(Delivery delivery, State state) throws Exception {
    delivery.done(state, state == State.DELIVERED ? 200 : 422);
    Awaitility.await().until(() -> state(delivery.write().id()) == state);
  }

  @Test
  void accepted_isThereAfterAReopening_asItWas() throws Exception {
    JournaledWrite write = write("a", "x");
    assertThat(accept(write)).isInstanceOf(Accepted.OnDisk.class);
    reopen();
    assertThat(state("a")).isEqualTo(State.QUEUED);
    assertThat(journal.waiting("x")).isTrue();
    assertThat(journal.waiting().writes()).isEqualTo(1);
    assertThat(take()).singleElement().satisfies(d -> assertThat(d.write()).isEqualTo(write));
  }

  /** What cannot be opened lets go of its lock: else only a restart of the process would help. */
  @Test
  void fileThatCannotBeUsed_isLetGoOf(@TempDir Path other) throws Exception {
    String url = "jdbc:sqlite:" + other.resolve("journal.db");
    try (Connection foreign = DriverManager.getConnection(url);
        Statement statement = foreign.createStatement()) {
      statement.execute("CREATE TABLE writes (x)");
    }
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> WriteJournal.open(other, LIMITS, clock::get, expired::addAll))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no such column: state");
    }
    try (Connection after = DriverManager.getConnection(url);
        Statement statement = after.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
    }
  }

  /** Accepted is on disk: another reader of the files sees it before anything was closed. */
  @Test
  void accepted_isInTheFiles() throws Exception {
    accept(write("a-very-special-id", "x"));
    StringBuilder all = new StringBuilder();
    for (String name : List.of("journal.db", "journal.db-wal")) {
      all.append(Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1));
    }
    assertThat(all.toString()).contains("a-very-special-id");
  }

  @Test
  void oneTarget_isDeliveredInOrder_othersBeside() throws Exception {
    accept(write("a1", "a"));
    accept(write("a2", "a"));
    accept(write("b1", "b"));
    accept(write("a3", "a"));
    List<Delivery> first = take();
    assertThat(ids(first)).containsExactly("a1", "b1");
    assertThat(take()).isEmpty();
    done(first.get(0), State.DELIVERED);
    List<Delivery> second = take();
    assertThat(ids(second)).containsExactly("a2");
    second.get(0).later();
    List<Delivery> again = take();
    assertThat(ids(again)).containsExactly("a2");
    done(again.get(0), State.REFUSED);
    assertThat(ids(take())).containsExactly("a3");
    assertThat(journal.waiting("a")).isTrue();
    done(first.get(1), State.DELIVERED);
    assertThat(journal.waiting("b")).isFalse();
    assertThat(journal.count(State.DELIVERED)).isEqualTo(2);
    assertThat(journal.count(State.REFUSED)).isEqualTo(1);
  }

  /** What was under way when the process died is delivered once more. */
  @Test
  void underWay_isTakenAgainAfterAReopening() throws Exception {
    accept(write("a", "x"));
    assertThat(ids(take())).containsExactly("a");
    reopen();
    assertThat(ids(take())).containsExactly("a");
  }

  /** Else as many failing targets as may be under way would keep all others waiting. */
  @Test
  void restingTargets_keepNoOtherWaiting() throws Exception {
    accept(write("a", "x"));
    accept(write("b", "y"));
    assertThat(ids(told(journal.take(1, Set.of("x"))))).containsExactly("b");
    assertThat(ids(told(journal.take(1, Set.of())))).containsExactly("a");
  }

  @Test
  void finished_isNotTakenAgain_andItsBodyIsWiped() throws Exception {
    accept(write("a", "x", "a", 1, 5000));
    done(take().get(0), State.DELIVERED);
    reopen();
    assertThat(take()).isEmpty();
    assertThat(state("a")).isEqualTo(State.DELIVERED);
    assertThat(told(journal.receipt("a")).orElseThrow().status()).isEqualTo(200);
    assertThat(Files.readString(folder.resolve("journal.db"), StandardCharsets.ISO_8859_1))
        .doesNotContain("b".repeat(1000));
  }

  @Test
  void sameKey_givesTheSameReceipt_anotherWriteIsAMistake() throws Exception {
    accept(write("a", "x", "key", 1, 10));
    assertThat(accept(write("b", "x", "key", 1, 10)))
        .isInstanceOfSatisfying(
            Accepted.OnDisk.class, same -> assertThat(same.receipt().id()).isEqualTo("a"));
    assertThat(accept(write("c", "x", "key", 2, 10))).isInstanceOf(Accepted.OtherWrite.class);
    assertThat(journal.waiting().writes()).isEqualTo(1);
    assertThat(ids(take())).containsExactly("a");
  }

  @Test
  void bytes_areBounded_andComeFreeAgain() throws Exception {
    int accepted = 0;
    while (accept(write("id-" + accepted, "t-" + accepted, "k-" + accepted, 1, 60_000))
        instanceof Accepted.OnDisk) {
      accepted++;
    }
    assertThat(accepted).isBetween(14, 17);
    assertThat(journal.waiting("t-" + accepted)).as("what was refused").isFalse();
    done(take().get(0), State.DELIVERED);
    assertThat(accept(write("last", "last", "last", 1, 60_000)))
        .isInstanceOf(Accepted.OnDisk.class);
  }

  @Test
  void old_expires_andIsReported() throws Exception {
    accept(write("a", "x"));
    clock.addAndGet(30_000);
    accept(write("b", "x"));
    clock.addAndGet(30_001);
    Awaitility.await().until(() -> !expired.isEmpty());
    assertThat(expired).extracting(Receipt::id).containsExactly("a");
    assertThat(state("a")).isEqualTo(State.EXPIRED);
    assertThat(ids(take())).containsExactly("b");
    assertThat(journal.count(State.EXPIRED)).isEqualTo(1);
    clock.addAndGet(60_001);
    assertThat(state("b")).as("under way").isEqualTo(State.QUEUED);
  }

  @Test
  void receipts_areForgotten() throws Exception {
    accept(write("a", "x"));
    done(take().get(0), State.DELIVERED);
    clock.addAndGet(120_001);
    Awaitility.await().until(() -> told(journal.receipt("a")).isEmpty());
  }

  @Test
  void crowd_isAcceptedTogether_eachOnce() throws Exception {
    List<CompletionStage<Accepted>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(journal.accept(write("id-" + i, "t-" + i % 7)));
    }
    int onDisk = 0;
    for (CompletionStage<Accepted> each : all) {
      onDisk += told(each) instanceof Accepted.OnDisk ? 1 : 0;
    }
    assertThat(journal.waiting().writes()).isEqualTo(onDisk);
    assertThat(onDisk).isEqualTo(500);
  }

  @Test
  void secondProcess_isKeptOut() {
    assertThatThrownBy(() -> WriteJournal.open(folder, LIMITS, clock::get, expired::addAll))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("journal.db");
  }

  @Test
  void files_areForTheirOwnerOnly() throws Exception {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("journal.db"))))
        .isEqualTo("rw-------");
  }
}
