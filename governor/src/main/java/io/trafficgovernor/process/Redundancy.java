package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.cluster.memory.StateFile;
import io.trafficgovernor.cluster.memory.StateKeeper;
import io.trafficgovernor.cluster.memory.Tenure;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.Fallback;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.GovernorConfig.Backend;
import io.trafficgovernor.gateway.fallback.Diversion;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.observe.Figures;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.observe.StateLog;
import io.trafficgovernor.observe.StoreMeters;
import io.trafficgovernor.observe.SurgeWitness;
import io.trafficgovernor.operator.Steered;
import io.trafficgovernor.probe.Prober;
import io.trafficgovernor.runtime.SystemTicker;
import io.trafficgovernor.runtime.ThreadScheduler;
import io.trafficgovernor.tls.Keyring;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The stores of a node, put together: which of them serve, and, if there is a second one, its
 * admission, its lease, its probes and its memory. All of it is the second store's own; it shares
 * with the first the grid's member and nothing else.
 */
final class Redundancy {
  /** How often a node asks whether the second store is there, traffic or not. */
  private static final long PROBE_NANOS = 1_500_000_000L;

  private final GovernorConfig config;
  private final SystemTicker ticker;
  private final Diversion diversion;
  private final SurgeWitness witness;
  private final ConnectRamp connects;
  private final StateLog log;
  private final LateGrid ledger = new LateGrid();
  private volatile OptionalLong aliveNanos = OptionalLong.empty();
  private volatile @Nullable LeaseHolder holder;
  private volatile boolean stopped;

  /** By which a node asks for leases and remembers. */
  record Means(
      Vertx control, Keyring keyring, Tenure tenure, Scheduler leasing, ThreadScheduler memory) {}

  Redundancy(
      GovernorConfig config,
      SystemTicker ticker,
      Scheduler waiting,
      AdmissionController first,
      EventLog events) {
    this.connects = connects(config, config.backend(), first);
    this.config = requireNonNull(config, "config");
    this.ticker = requireNonNull(ticker, "ticker");
    this.diversion =
        Fallback.backend(config)
            .map(backend -> diversion(config, backend, waiting))
            .orElseGet(Diversion::none);
    this.witness = new SurgeWitness(config.listen().eventLoops(), config.largestCost());
    String name = diversion.second().map(Redundancy::named).orElse("");
    this.log = new StateLog(config.node().name(), name, ticker, events);
  }

  private static Diversion diversion(GovernorConfig config, Backend backend, Scheduler waiting) {
    AdmissionController admission =
        new AdmissionController(
            classes(config), waiting, config.ramp().shadow(), config.retries().uninvited());
    Set<String> names = config.backend().fallback().orElseThrow().classes();
    Set<Integer> ranks =
        IntStream.range(0, config.classes().size())
            .filter(rank -> names.contains(config.classes().get(rank).name()))
            .boxed()
            .collect(Collectors.toSet());
    ConnectRamp connects = connects(config, backend, admission);
    return Diversion.to(new Diversion.Second(backend, admission, connects), ranks);
  }

  private static ConnectRamp connects(
      GovernorConfig config, Backend backend, AdmissionController admission) {
    return ConnectRamp.of(
        backend, admission, config.cluster().expectedNodes(), config.ramp().shadow());
  }

  /** How fast connections to the first store are begun. */
  ConnectRamp connects() {
    return connects;
  }

  /** In the same order, but nobody waits for a class whose requests never go there. */
  private static ClassTable classes(GovernorConfig config) {
    ClassTable table = config.classTable();
    return new ClassTable(
        IntStream.range(0, table.size())
            .mapToObj(table::at)
            .map(
                each ->
                    new RequestClass(
                        each.rank(),
                        each.name(),
                        Set.of(),
                        each.patienceNanos(),
                        each.timeoutNanos()))
            .toList());
  }

  /** What its ledger is told: unless operators steer it, this one goes by itself. */
  static LedgerSettings settingsOf(GovernorConfig config, Backend fallback) {
    return new LedgerSettings(
        classes(config),
        fallback.referencePerSecond(),
        config.cluster().expectedNodes(),
        RampMode.AUTO,
        new RampPlan.Adaptive());
  }

  /** When reads go elsewhere. */
  Diversion diversion() {
    return diversion;
  }

  /** Lets the meters tell of the stores. */
  void register(Meters meters) {
    meters.ofStores(rank -> diversion.serving(rank, ticker.nanos()));
    meters.ofConnects("first", counts(connects));
    diversion
        .second()
        .ifPresent(
            second -> {
              meters.ofConnects("fallback", counts(second.connects()));
              meters.ofFallback(this::lastSeen, witness);
            });
  }

  private static StoreMeters.Connects counts(ConnectRamp ramp) {
    return new StoreMeters.Connects(ramp::begunCount, ramp::heldCount, ramp::refusedCount);
  }

  private Optional<NodeSnapshot> lastSeen() {
    return diversion.seen().flatMap(Diversion.Seen::second);
  }

  /** Asks for the second store's leases, and whether it is there; without one does nothing. */
  void renew(HazelcastLedgerGrid member, Means means) {
    diversion.second().ifPresent(second -> renew(second, member.ofBackend(named(second)), means));
  }

  private static String named(Diversion.Second second) {
    return second.backend().name();
  }

  /**
   * What operators steer.
   *
   * @param first ledger of the first store
   */
  Steered steered(LedgerGrid first) {
    Map<String, LedgerGrid> others =
        diversion
            .second()
            .map(second -> Map.<String, LedgerGrid>of(named(second), ledger))
            .orElse(Map.of());
    return new Steered(config.backend().name(), first, others, config.ramp().shadow());
  }

  private void renew(Diversion.Second second, HazelcastLedgerGrid grid, Means means) {
    ledger.joined(grid);
    Backend backend = second.backend();
    Duration longest =
        config.classes().stream().map(ClassConfig::timeout).max(Duration::compareTo).orElseThrow();
    Prober prober = new Prober(means.control(), backend, means.keyring().fallback(), longest);
    long incarnation = means.tenure().incarnation();
    LeaseHolder lease =
        new LeaseHolder(
            new LeaseHolder.Identity(
                config.node().name(),
                incarnation,
                means.tenure().predecessor(),
                settingsOf(config, backend).print()),
            second.admission(),
            grid,
            means.leasing(),
            prober,
            () -> ticker.wallTime().toEpochMilli(),
            log);
    holder = lease;
    Runnable asking = () -> lease.start(Math.floorMod(incarnation, PROBE_NANOS / 10));
    if (config.cluster().client()) {
      asking.run();
    } else {
      StateFile file = new StateFile(config.cluster().dataDir(), backend.name());
      new StateKeeper(grid, grid::seed, file, means.memory())
          .start(file.read(), asking, why -> means.leasing().after(0, now -> log.waiting(why)));
    }
    means.leasing().after(Math.floorMod(incarnation, PROBE_NANOS), now -> ask(prober, means));
  }

  /** Nobody sends to it while all is well: without this its death would be found out too late. */
  private void ask(Prober prober, Means means) {
    if (stopped) {
      return;
    }
    prober.probe(
        good -> {
          if (good) {
            aliveNanos = OptionalLong.of(ticker.nanos());
          }
        });
    means.leasing().after(PROBE_NANOS, now -> ask(prober, means));
  }

  /** Looks at both stores; called every tenth of a second. */
  void watch(NodeSnapshot first, long nowNanos) {
    diversion.look(first, aliveNanos, nowNanos);
    lastSeen()
        .ifPresent(
            node -> {
              log.watch(node);
              witness.look(node);
            });
  }

  /** Asks no more. */
  void stop() {
    stopped = true;
    LeaseHolder lease = holder;
    if (lease != null) {
      lease.stop();
    }
  }

  /** For the status: what serves what, and how each store is. */
  JsonObject shown() {
    long now = ticker.nanos();
    JsonObject serving = new JsonObject();
    List<ClassConfig> classes = config.classes();
    for (int rank = 0; rank < classes.size(); rank++) {
      serving.put(classes.get(rank).name(), diversion.serving(rank, now));
    }
    Optional<Diversion.Seen> seen = diversion.seen();
    JsonArray each =
        new JsonArray().add(store(config.backend(), seen.map(Diversion.Seen::first), connects));
    diversion
        .second()
        .ifPresent(
            second ->
                each.add(
                    store(second.backend(), seen.flatMap(Diversion.Seen::second), second.connects())
                        .put("alive", alive(now))
                        .put("worst_excess_tokens", Figures.rounded(witness.worstTokens()))
                        .put("bound_tokens", Figures.rounded(witness.boundTokens()))));
    return new JsonObject()
        .put("serving", serving)
        .put("diverting", diversion.diverts(now))
        .put("each", each);
  }

  private boolean alive(long nowNanos) {
    return Diversion.alive(aliveNanos, nowNanos);
  }

  private static JsonObject store(
      Backend backend, Optional<NodeSnapshot> seen, ConnectRamp connects) {
    Optional<Grant.ClusterView> view =
        seen.flatMap(NodeSnapshot::lease).map(lease -> lease.grant().cluster());
    boolean isolated = seen.map(NodeSnapshot::isolated).orElse(true);
    return new JsonObject()
        .put("name", backend.name())
        .put("phase", isolated ? "ISOLATED" : view.orElseThrow().phase().name())
        .put("why", view.map(Grant.ClusterView::why).orElse("no lease yet"))
        .put("epoch", view.map(Grant.ClusterView::epoch).orElse(0L))
        .put("ceiling_rps", Figures.rounded(view.map(of -> of.ceilingPerSecond()).orElse(0.0)))
        .put("window", Figures.rounded(view.map(of -> of.window()).orElse(0.0)))
        .put("in_flight", seen.map(NodeSnapshot::inFlight).orElse(0))
        .put("sent", seen.map(Redundancy::sent).orElse(0L))
        .put("connects", connects.begunCount())
        .put("connects_refused", connects.refusedCount());
  }

  private static long sent(NodeSnapshot node) {
    return node.classes().stream().mapToLong(NodeSnapshot.ClassCounts::sent).sum();
  }
}
