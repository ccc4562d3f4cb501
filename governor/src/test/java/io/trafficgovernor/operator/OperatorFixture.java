package io.trafficgovernor.operator;

import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.answers.Orders;
import io.trafficgovernor.audit.AuditTrail;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.cluster.testing.MemoryGrid;
import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.observe.LeaseTrouble;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.observe.StateLog;
import io.trafficgovernor.runtime.SystemTicker;
import io.trafficgovernor.runtime.ThreadScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A node without a data path: the operator API over a real socket, on a grid in memory. */
public final class OperatorFixture implements AutoCloseable {
  public static final String OPEN_DOOR = "";

  /** Tokens "look", "steer" and "rule", by their hashes. */
  public static final String WITH_TOKENS =
      """
        tokens:
          - { name: vera, role: viewer, sha256: %s }
          - { name: otto, role: operator, sha256: %s }
          - { name: anna, role: admin, sha256: %s }
      """
          .formatted(
              "3c01eba119e00d79c82b6f65d70bc5f1044d568618bf41377e6d1432023fc2b8",
              "57fce44d7c6df51ad8525da1580a246e9d1142d79d1d1f176b1d29643d61ed44",
              "7369949b47ef2c6ba26fbbee659cedc76123a75c17d321a52d8d1ef35e948042");

  /** As of a node whose configuration has no journal. */
  private static final JsonObject JOURNAL =
      new JsonObject()
          .put("enabled", false)
          .put("waiting", 0)
          .put("bytes", 0)
          .put("oldest_age_ms", 0)
          .put("blocked_by", "")
          .put("accepted", 0)
          .put("delivered", 0)
          .put("refused", 0)
          .put("expired", 0)
          .put("unreadable", 0);

  /** As of a node that says nothing of its stores. */
  private final JsonObject stores =
      new JsonObject()
          .put("serving", new JsonObject().put("config", 1).put("rest", 1))
          .put("diverting", false)
          .put("each", new JsonArray());

  /** Of a node without such a class; what a test puts in it is shown. */
  public final JsonArray oneTime = new JsonArray();

  final SystemTicker ticker = new SystemTicker();
  final Vertx vertx = Vertx.vertx();
  final ThreadScheduler scheduler = new ThreadScheduler("test-lease", ticker);
  final AdmissionController admission;
  final MemoryGrid grid;

  /** Of the second store. */
  final MemoryGrid spare;

  final Meters meters;
  final AuditTrail audit;
  final EventLog events = new EventLog(ticker);
  final Orders orders = new Orders(() -> ticker.wallTime().toEpochMilli());
  final MemoryOrders book = new MemoryOrders(orders);
  final OperatorVerticle operator;
  volatile OperatorVerticle.Readiness readiness = OperatorVerticle.Readiness.STARTING;
  volatile Optional<LeaseTrouble.Present> trouble = Optional.empty();

  public OperatorFixture(Path folder, String operatorYaml) throws Exception {
    this(folder, operatorYaml, false);
  }

  OperatorFixture(Path folder, String operatorYaml, boolean shadow) throws Exception {
    GovernorConfig config = config(operatorYaml);
    admission = new AdmissionController(config.classTable(), scheduler, false);
    grid = new MemoryGrid(ledger(config), ticker);
    spare = new MemoryGrid(ledger(config), ticker);
    meters = new Meters(config.classTable(), admission, ticker, () -> 1);
    audit = AuditTrail.open(folder, ticker);
    audit.onEntry(entry -> events.add(EventLog.Kind.AUDIT, entry));
    operator =
        new OperatorVerticle(
            config,
            new OperatorVerticle.Parts(
                admission,
                new Steered("kv", grid, Map.of("spare", spare), shadow),
                audit,
                events,
                ticker,
                meters,
                () -> readiness,
                Optional::empty,
                () -> trouble,
                () -> 8080,
                new OperatorVerticle.Ordering(orders, book, () -> ticker.wallTime().toEpochMilli()),
                () -> JOURNAL,
                () -> null,
                () -> stores,
                () -> oneTime));
    vertx
        .deployVerticle(operator)
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    new LeaseHolder(
            "gw-1",
            1,
            admission,
            grid,
            scheduler,
            listener -> listener.answered(true),
            new StateLog("gw-1", "kv", ticker, events))
        .start(0);
  }

  private static Ledger ledger(GovernorConfig config) {
    return new Ledger(
        new LedgerSettings(
            config.classTable(),
            config.backend().referencePerSecond(),
            config.cluster().expectedNodes(),
            config.ramp().mode(),
            config.ramp().plan()));
  }

  static GovernorConfig config(String operatorYaml) {
    String yaml =
        """
        node: { name: gw-1 }
        listen: { host: 127.0.0.1, port: 0, event-loops: 1 }
        operator:
          host: 127.0.0.1
          port: 0
        %s
        backends:
          - name: kv
            origins: [ "http://127.0.0.1:9000" ]
            reference-rate: 100/s
        classes:
          - { name: config, match: [ { path: "/config/**" } ] }
          - { name: rest, default: true, after: [ config ], max-stale: 1m }
        cluster: { members: [ "127.0.0.1:5701" ] }
        """
            .formatted(operatorYaml);
    ConfigLoader.Result result = new ConfigLoader(Map.of(), 2).parse(yaml);
    if (result instanceof ConfigLoader.Faulty faulty) {
      throw new IllegalArgumentException(faulty.faults().toString());
    }
    return ((ConfigLoader.Loaded) result).config();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + operator.port());
  }

  /** Lets the status say that of each store; before any is asked. */
  public void each(JsonArray each) {
    stores.put("each", each);
  }

  @Override
  public void close() throws IOException {
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    audit.close();
  }
}
