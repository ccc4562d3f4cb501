package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.answers.journal.Receipt;
import io.trafficgovernor.answers.journal.WriteJournal;
import io.trafficgovernor.cluster.quota.QuotaSettings;
import io.trafficgovernor.cluster.quota.TenantQuotas;
import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.Fallback;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.gateway.fallback.Diversion;
import io.trafficgovernor.gateway.head.TenantDoor;
import io.trafficgovernor.gateway.instead.Answers;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import io.trafficgovernor.gateway.replay.JournalReplay;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.process.Keys;
import io.trafficgovernor.runtime.SystemTicker;
import io.trafficgovernor.runtime.ThreadScheduler;
import io.trafficgovernor.tls.Keyring;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A gateway on a free port in front of a backend on another; the lease is the test's. */
final class GatewayFixture implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  final SystemTicker ticker = new SystemTicker();
  final Vertx vertx = Vertx.vertx();
  final ThreadScheduler scheduler = new ThreadScheduler("test-admission", ticker);
  final AdmissionController admission;
  final GovernorConfig config;
  final Keyring keyring;
  final Meters meters;
  final Optional<WriteJournal> journal;
  final Answers answers;
  final List<Receipt> expired = new CopyOnWriteArrayList<>();

  /** Done by the journal's thread when writes have expired. */
  volatile Runnable disk = () -> {};

  /** The cluster's memory of one-time tokens. */
  final MemoryBook book = new MemoryBook();

  /** How far the wall clock was moved by the test. */
  final AtomicLong wallShiftMillis = new AtomicLong();

  private final WallClock wall = () -> ticker.wallTime().toEpochMilli() + wallShiftMillis.get();

  /** Admits to the second store, if the setup has one; its lease is the test's too. */
  final Diversion diversion;

  final ConnectRamp connects;

  private final List<GatewayVerticle> doors = new ArrayList<>();
  private final String deployment;
  private long leases = 1;

  @Nullable TenantQuotas quotas;

  /** What the test cares about; the rest is as in a small production file. */
  record Setup(
      String listen,
      String backend,
      String ramp,
      int loops,
      String scheme,
      String config,
      Path folder) {
    static Setup usual() {
      return new Setup("", "", "", 1, "http", "", Path.of("target"));
    }

    /** Origins are spoken to in TLS. */
    Setup tlsOrigins() {
      return new Setup(listen, backend, ramp, loops, "https", config, folder);
    }

    Setup listen(String yaml) {
      return new Setup(yaml, backend, ramp, loops, scheme, config, folder);
    }

    Setup backend(String yaml) {
      return new Setup(listen, yaml, ramp, loops, scheme, config, folder);
    }

    Setup shadow() {
      return new Setup(listen, backend, "ramp: { shadow: true }", loops, scheme, config, folder);
    }

    /** Bounds of the journal. */
    Setup journal(String yaml) {
      return new Setup(listen, backend, "journal: { " + yaml + " }", loops, scheme, config, folder);
    }

    /** Retries that nobody called back are served one class lower. */
    Setup retriesMovedDown() {
      return new Setup(
          listen, backend, "retries: { uninvited: moved-down }", loops, scheme, config, folder);
    }

    /** Further sections. */
    Setup sections(String yaml) {
      return new Setup(listen, backend, yaml, loops, scheme, config, folder);
    }

    Setup loops(int count) {
      return new Setup(listen, backend, ramp, count, scheme, config, folder);
    }

    /** Where a journal lies. */
    Setup folder(Path where) {
      return new Setup(listen, backend, ramp, loops, scheme, config, where);
    }

    /** Further keys of the first class. */
    Setup config(String yaml) {
      return new Setup(listen, backend, ramp, loops, scheme, ", " + yaml, folder);
    }
  }

  GatewayFixture(int originPort) throws Exception {
    this(Setup.usual(), originPort);
  }

  GatewayFixture(Setup setup, int... originPorts) throws Exception {
    config = config(setup, originPorts);
    admission =
        new AdmissionController(
            config.classTable(), scheduler, config.ramp().shadow(), config.retries().uninvited());
    keyring = Keys.of(config);
    meters = new Meters(config.classTable(), admission, ticker, () -> 1);
    connects = ConnectRamp.of(config.backend(), admission, 1, config.ramp().shadow());
    diversion = Fallback.backend(config).map(this::diversion).orElseGet(Diversion::none);
    journal = Answers.needsJournal(config) ? Optional.of(journal(setup, wall)) : Optional.empty();
    answers = Answers.of(config, journal, each -> book, ticker, wall);
    GatewayVerticle.Parts parts =
        new GatewayVerticle.Parts(
            admission, ticker, wall, meters, keyring, answers, tenants(), diversion, connects);
    lease(Leases.ample());
    deployment =
        vertx
            .deployVerticle(() -> door(parts), new DeploymentOptions().setInstances(setup.loops()))
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  /** Tenants whose grid is away: each has this node's own part, which is all. */
  private TenantDoor tenants() {
    return config
        .tenants()
        .map(
            of -> {
              quotas =
                  new TenantQuotas(
                      new QuotaSettings(of.usual(), of.own(), 1, of.most()),
                      (tenant, quota, owed, wish) ->
                          CompletableFuture.failedFuture(new IllegalStateException("away")),
                      scheduler);
              meters.ofTenants(quotas);
              return new TenantDoor(of.header(), quotas::use);
            })
        .orElse(TenantDoor.OPEN);
  }

  /** Begins to deliver what the journal holds. */
  JournalReplay replay() throws Exception {
    JournalReplay replay =
        new JournalReplay(
            config, admission, ticker, wall, journal.orElseThrow(), keyring, connects);
    vertx
        .deployVerticle(replay)
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    return replay;
  }

  private WriteJournal journal(Setup setup, WallClock wall) throws IOException {
    return WriteJournal.open(
        setup.folder(),
        new WriteJournal.Limits(config.journal().maxBytes(), config.journal().maxAge()),
        wall,
        receipts -> {
          expired.addAll(receipts);
          disk.run();
        });
  }

  private GatewayVerticle door(GatewayVerticle.Parts parts) {
    GatewayVerticle door = new GatewayVerticle(config, parts);
    doors.add(door);
    return door;
  }

  private static GovernorConfig config(Setup setup, int... originPorts) {
    StringBuilder origins = new StringBuilder();
    for (int port : originPorts) {
      origins.append(origins.isEmpty() ? "" : ", ");
      origins.append('"').append(setup.scheme()).append("://127.0.0.1:").append(port).append('"');
    }
    String yaml =
        """
        node: { name: gw-1 }
        listen: { host: 127.0.0.1, port: 0, event-loops: %d, %s }
        backends:
          - name: kv
            origins: [ %s ]
            reference-rate: 1000/s
            sent-stamp: true
            %s
            %s
        classes:
          - { name: config, match: [ { path: "/config/**" } ], timeout: 3s, wait: 900ms %s }
          - { name: auth, match: [ { path: "/auth/**" } ], after: [ config ], timeout: 1s }
          - { name: rest, default: true, after: [ auth ], timeout: 1s }
        session-key: [ { cookie: sid }, { header: X-Shopper }, peer-address ]
        cluster: { members: [ "127.0.0.1:5701" ] }
        %s
        """
            .formatted(
                setup.loops(),
                setup.listen(),
                origins,
                setup.backend().contains("connect-rate") ? "" : "connect-rate: 100000/s",
                setup.backend(),
                setup.config(),
                setup.ramp());
    ConfigLoader.Result result = new ConfigLoader(Map.of(), 2).parse(yaml);
    if (result instanceof ConfigLoader.Faulty faulty) {
      throw new IllegalArgumentException(faulty.faults().toString());
    }
    return ((ConfigLoader.Loaded) result).config();
  }

  int port() {
    return doors.get(0).port();
  }

  RawClient client() throws Exception {
    return new RawClient(port());
  }

  /** To the second store go reads of the first class. */
  private Diversion diversion(GovernorConfig.Backend backend) {
    AdmissionController second = new AdmissionController(config.classTable(), scheduler, false);
    return Diversion.to(
        new Diversion.Second(backend, second, ConnectRamp.of(backend, second, 1, false)),
        Set.of(0));
  }

  /** Looks at both stores, the second of which has just answered a probe. */
  void look() {
    diversion.look(snapshot(), OptionalLong.of(ticker.nanos()), ticker.nanos());
  }

  AdmissionController second() {
    return diversion.second().orElseThrow().admission();
  }

  /** Puts that lease of the second store in the place of the one before. */
  void leaseSecond(Leases lease) {
    leases++;
    long now = ticker.nanos();
    second().adopt(lease.counter(leases).sent(now), now);
  }

  /** Puts that lease in the place of the one before. */
  void lease(Leases lease) {
    leases++;
    long now = ticker.nanos();
    admission.adopt(lease.counter(leases).sent(now), now);
  }

  NodeSnapshot snapshot() {
    return admission.snapshot(ticker.nanos());
  }

  NodeSnapshot.ClassCounts counts(int rank) {
    return snapshot().classes().get(rank);
  }

  long shed(int rank, ShedReason reason) {
    return counts(rank).shed().getOrDefault(reason, 0L);
  }

  long sent() {
    return snapshot().classes().stream().mapToLong(NodeSnapshot.ClassCounts::sent).sum();
  }

  /** Every permit has ended, exactly once (I8). */
  void assertAllPermitsEnded() {
    await().atMost(PATIENCE).until(() -> snapshot().inFlight() == 0);
    assertThat(snapshot().defects()).isZero();
  }

  /** Tells the doors that the node will shut down soon. */
  void leave() {
    doors.forEach(GatewayVerticle::leave);
  }

  /** Drains the gateway as a shutdown does. */
  io.vertx.core.Future<Void> undeploy() {
    return vertx.undeploy(deployment);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    scheduler.close();
    journal.ifPresent(WriteJournal::close);
  }
}
