package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.answers.Order;
import io.trafficgovernor.answers.OrderBook;
import io.trafficgovernor.answers.journal.Receipt;
import io.trafficgovernor.answers.journal.Receipt.State;
import io.trafficgovernor.answers.journal.WriteJournal;
import io.trafficgovernor.answers.open.OneTimeGuard;
import io.trafficgovernor.answers.open.TokenBook;
import io.trafficgovernor.answers.open.TokenMemory;
import io.trafficgovernor.cluster.GridTable;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.OpenAnswer;
import io.trafficgovernor.gateway.instead.Answers;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import io.trafficgovernor.gateway.replay.JournalReplay;
import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.runtime.SystemTicker;
import io.trafficgovernor.tls.Keyring;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node answers with when the backend does not, put together: the cache, the journal on disk,
 * and what of it lives on the grid. Until the grid is joined its tables fail at once, as with a
 * grid that is away. Thread-safe.
 */
final class Reserves implements OrderBook, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reserves.class);
  private static final String ORDERS = "orders";
  private static final String TOKENS = "tokens.";
  private static final int MAX_ORDERS = 1000;

  /** Since when the tokens of each class are known. */
  private static final String MARKS = "marks";

  private static final int MAX_MARKS = 1000;

  private final GovernorConfig config;
  private final SystemTicker ticker;
  private final EventLog events;
  private final Optional<WriteJournal> journal;
  private final Map<String, GridTable> tables = new ConcurrentHashMap<>();
  private final Set<String> followed = ConcurrentHashMap.newKeySet();
  private final Set<String> learning = ConcurrentHashMap.newKeySet();

  /** How many members the grid had when the tokens of a class were last read whole. */
  private final Map<String, Integer> learnedWith = new ConcurrentHashMap<>();

  private final Answers answers;
  private final TokenMemories memories;
  private volatile @Nullable JournalReplay replay;
  private volatile IntSupplier members = () -> 0;

  /**
   * Opens what is on disk.
   *
   * @throws StartFailedException if the journal cannot be used
   */
  Reserves(GovernorConfig config, SystemTicker ticker, EventLog events)
      throws StartFailedException {
    this.config = requireNonNull(config, "config");
    this.ticker = requireNonNull(ticker, "ticker");
    this.events = requireNonNull(events, "events");
    this.journal = Answers.needsJournal(config) ? Optional.of(openJournal()) : Optional.empty();
    this.answers = Answers.of(config, journal, this::book, ticker, this::wallMillis);
    this.memories =
        new TokenMemories(answers, config.classes(), () -> table(MARKS), ticker, events);
  }

  TokenMemories memories() {
    return memories;
  }

  private long wallMillis() {
    return ticker.wallTime().toEpochMilli();
  }

  private WriteJournal openJournal() throws StartFailedException {
    GovernorConfig.Journal limits = config.journal();
    try {
      return WriteJournal.open(
          config.cluster().dataDir(),
          new WriteJournal.Limits(limits.maxBytes(), limits.maxAge()),
          this::wallMillis,
          this::undelivered);
    } catch (IOException e) {
      throw new StartFailedException(
          "cluster.data-dir: got "
              + config.cluster().dataDir()
              + ", allowed a directory for the journal that this process alone writes to: "
              + e.getMessage(),
          e);
    }
  }

  /** Nobody waits for them any more, so it is said where operators look. */
  private void undelivered(List<Receipt> receipts) {
    LOG.error(
        "journal: {} acknowledged writes are {} and not delivered, the first is {}",
        receipts.size(),
        receipts.get(0).state().tag(),
        receipts.get(0).id());
    for (Receipt each : receipts) {
      events.add(
          EventLog.Kind.JOURNAL,
          new JsonObject()
              .put("what", each.state().tag())
              .put("id", each.id())
              .put("class", each.className())
              .put("idempotency_key", each.idempotencyKey()));
    }
  }

  Answers answers() {
    return answers;
  }

  /** Who delivers what the journal holds; empty if there is none. */
  Optional<JournalReplay> replay(
      AdmissionController admission, Keyring keyring, ConnectRamp connects) {
    journal.ifPresent(
        each ->
            replay =
                new JournalReplay(
                    config, admission, ticker, this::wallMillis, each, keyring, connects));
    return Optional.ofNullable(replay);
  }

  private TokenBook book(ClassConfig of) {
    long millis = TokenMemories.remember(of).toMillis();
    return new TokenBook() {
      @Override
      public CompletionStage<Boolean> first(String hash) {
        return note(hash, OneTimeGuard.By.GATEWAY).thenApply(Optional::isEmpty);
      }

      @Override
      public CompletionStage<Boolean> live(String hash) {
        String gateway = OneTimeGuard.By.GATEWAY.name();
        return note(hash, OneTimeGuard.By.BACKEND)
            .thenApply(
                before -> {
                  boolean used = before.isPresent() && before.get().equals(gateway);
                  if (used) {
                    // what was accepted without the backend stays so, for who reads it later
                    var unused = note(hash, OneTimeGuard.By.GATEWAY);
                  }
                  return !used;
                });
      }

      private CompletionStage<Optional<String>> note(String hash, OneTimeGuard.By by) {
        return table(TOKENS + of.name()).thenCompose(table -> table.swap(hash, by.name(), millis));
      }
    };
  }

  private static OneTimeGuard.By by(String word) {
    return word.equals(OneTimeGuard.By.BACKEND.name())
        ? OneTimeGuard.By.BACKEND
        : OneTimeGuard.By.GATEWAY;
  }

  private CompletionStage<GridTable> table(String name) {
    GridTable table = tables.get(name);
    return table == null
        ? CompletableFuture.failedFuture(
            new IllegalStateException("this node has not joined the grid yet"))
        : CompletableFuture.completedStage(table);
  }

  private int voters() {
    GovernorConfig.Cluster cluster = config.cluster();
    return cluster
        .discovery()
        .map(by -> by.voters())
        .orElseGet(() -> cluster.client() ? cluster.attach().size() : cluster.members().size());
  }

  /** From now on the tables of the grid are used. */
  void joined(HazelcastLedgerGrid grid) {
    members = grid::members;
    int majority = voters() / 2 + 1;
    for (ClassConfig each : config.classes()) {
      OneTimeGuard guard = answers.guards().get(each.name());
      if (guard != null) {
        long most = each.instead().openAnswer().flatMap(OpenAnswer::oneTime).orElseThrow().most();
        tables.put(TOKENS + each.name(), grid.table(TOKENS + each.name(), most, majority, ticker));
      }
    }
    tables.put(ORDERS, grid.table(ORDERS, MAX_ORDERS, majority, ticker));
    tables.put(MARKS, grid.table(MARKS, MAX_MARKS, majority, ticker));
  }

  /**
   * Hears of tokens from now on, and asks for those there are until it has been told all of them;
   * again when members have come or gone, for what was added meanwhile may not have been heard.
   */
  private void follow(String className, OneTimeGuard guard) {
    GridTable table = tables.get(TOKENS + className);
    if (table == null) {
      return;
    }
    TokenMemory memory = memories.of(className);
    try {
      if (followed.add(className)) {
        table.onLoss(memory::lost);
        table.follow((hash, by) -> guard.learn(hash, by(by)));
      }
      memory.look();
    } catch (RuntimeException away) {
      followed.remove(className);
      LOG.debug("tokens of {}: {}", className, away.toString());
      return;
    }
    int now = members.getAsInt();
    if (!Integer.valueOf(now).equals(learnedWith.get(className)) && learning.add(className)) {
      var unused =
          table
              .all()
              .whenComplete(
                  (all, failure) -> {
                    learning.remove(className);
                    if (failure == null) {
                      all.forEach((hash, by) -> guard.learn(hash, by(by)));
                      learnedWith.put(className, now);
                    }
                  });
    }
  }

  /**
   * Asks the grid for what it holds; to be called twice a second, on a thread that may wait. What
   * is known stays if it fails.
   */
  void read() {
    answers.guards().forEach(this::follow);
    readOrders();
  }

  private void readOrders() {
    var unused =
        table(ORDERS)
            .thenCompose(GridTable::all)
            .thenAccept(
                all -> {
                  Map<String, Order> orders = new HashMap<>();
                  all.forEach((name, text) -> orders.put(name, order(text)));
                  answers.orders().replace(orders);
                })
            .exceptionally(away -> null);
  }

  private static Order order(String text) {
    JsonObject json = new JsonObject(text);
    return new Order(
        Order.Action.of(json.getString("action")).orElse(Order.Action.ADMIT),
        json.getLong("until"),
        json.getString("actor"),
        json.getString("reason"));
  }

  private static String text(Order order) {
    return new JsonObject()
        .put("action", order.action().word())
        .put("until", order.untilMillis())
        .put("actor", order.actor())
        .put("reason", order.reason())
        .encode();
  }

  @Override
  public CompletionStage<Boolean> put(String className, Optional<Order> before, Order order) {
    String text = text(order);
    long ttl = Math.max(1000, order.untilMillis() - wallMillis());
    return table(ORDERS)
        .thenCompose(
            table ->
                table
                    .replace(className, before.map(Reserves::text).orElse(null), text, ttl)
                    .thenCompose(
                        done ->
                            done || before.map(answers.orders()::holds).orElse(true)
                                ? CompletableFuture.completedStage(done)
                                // one that has ended is gone from the grid sooner or later
                                : table.replace(className, null, text, ttl)))
        .whenComplete((done, failure) -> readOrders());
  }

  @Override
  public CompletionStage<Boolean> remove(String className, Order before) {
    return table(ORDERS)
        .thenCompose(table -> table.remove(className, text(before)))
        .whenComplete((was, failure) -> readOrders());
  }

  /** The journal in the words of the status. */
  JsonObject shown() {
    WriteJournal of = journal.orElse(null);
    JournalReplay by = replay;
    JsonObject shown = new JsonObject().put("enabled", of != null);
    WriteJournal.Waiting waiting = of == null ? new WriteJournal.Waiting(0, 0, 0) : of.waiting();
    shown
        .put("waiting", waiting.writes())
        .put("bytes", waiting.bytes())
        .put("oldest_age_ms", waiting.oldestAgeMillis())
        .put("blocked_by", by == null ? "" : by.why());
    for (State state : State.values()) {
      String name = state == State.QUEUED ? "accepted" : state.tag();
      shown.put(name, of == null ? 0 : of.count(state));
    }
    return shown;
  }

  @Override
  public void close() {
    journal.ifPresent(WriteJournal::close);
  }
}
