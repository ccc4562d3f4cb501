package io.trafficgovernor.observe;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.journal.Receipt;
import io.trafficgovernor.answers.journal.WriteJournal;
import io.trafficgovernor.answers.open.TokenMemory;
import io.trafficgovernor.answers.stale.CacheUse;
import io.trafficgovernor.cluster.quota.TenantQuotas;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Every meter of a node: names, tags and descriptions. Counts are read from one snapshot per
 * scrape, so the figures of a scrape belong together. Tags come from enums and configured class
 * names only. Thread-safe.
 */
public final class Meters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AdmissionController admission;
  private final Ticker ticker;
  private final SurgeWitness witness;
  private final IntSupplier members;
  private final List<Timer> latencies = new ArrayList<>();
  private final Map<TurnedAway, Counter> turnedAway = new EnumMap<>(TurnedAway.class);
  private final Map<ClassClaim, Counter> classClaims = new EnumMap<>(ClassClaim.class);
  private final List<String> names = new ArrayList<>();
  private final List<DegradedCounts> degraded = new ArrayList<>();
  private final AtomicInteger sockets = new AtomicInteger();
  private final LongAdder resends = new LongAdder();
  private volatile NodeSnapshot now;

  /** Kept here: a registry holds what it reads from weakly. */
  private final List<StoreMeters> fallbacks = new ArrayList<>();

  private final List<StoreMeters.Connects> connects = new ArrayList<>();

  private volatile GridFacts grid = GridFacts.NONE;

  /**
   * Registers everything.
   *
   * @param members how many members of the grid this node sees
   */
  public Meters(
      ClassTable classes, AdmissionController admission, Ticker ticker, IntSupplier members) {
    this(classes, admission, ticker, members, new SurgeWitness(1, 1));
  }

  /** Registers everything, with a witness that somebody lets look. */
  public Meters(
      ClassTable classes,
      AdmissionController admission,
      Ticker ticker,
      IntSupplier members,
      SurgeWitness witness) {
    this.admission = requireNonNull(admission, "admission");
    this.witness = requireNonNull(witness, "witness");
    this.members = requireNonNull(members, "members");
    this.ticker = requireNonNull(ticker, "ticker");
    this.now = admission.snapshot(ticker.nanos());
    for (int rank = 0; rank < classes.size(); rank++) {
      names.add(classes.at(rank).name());
      ofClass(rank, classes.at(rank).name());
    }
    ofCluster();
    ofNode();
  }

  private void ofClass(int rank, String name) {
    for (Outcome outcome : Outcome.values()) {
      counter(
          "governor.requests",
          "requests that were sent, by how they ended",
          Tags.of("class", name, "outcome", outcome.tag()),
          node -> node.classes().get(rank).outcome(outcome));
    }
    for (ShedReason reason : ShedReason.values()) {
      counter(
          "governor.shed",
          "requests refused here (in shadow mode: that would have been)",
          Tags.of("class", name, "reason", reason.tag()),
          node -> node.classes().get(rank).shed().getOrDefault(reason, 0L));
    }
    counter(
        "governor.backend.requests",
        "requests written to the backend, replays included, probes not",
        Tags.of("class", name),
        node -> node.classes().get(rank).sent());
    counter(
        "governor.replays",
        "requests that the backend refused and that were queued once more",
        Tags.of("class", name),
        node -> node.classes().get(rank).replays());
    gauge(
        "governor.amplification",
        "arrivals for each first attempt, of the last 10 s",
        Tags.of("class", name),
        node -> node.classes().get(rank).amplification());
    latencies.add(
        Timer.builder("governor.latency")
            .description("time from sending to the response head")
            .tags("class", name)
            .publishPercentiles(0.5, 0.99)
            .register(registry));
    degraded.add(new DegradedCounts(registry, name, ticker));
  }

  private void ofCluster() {
    gauge(
        "governor.ceiling",
        "tokens per second of the whole cluster",
        node -> cluster(node, Grant.ClusterView::ceilingPerSecond));
    gauge(
        "governor.window",
        "requests in flight the whole cluster may have",
        node -> cluster(node, Grant.ClusterView::window));
    for (Phase phase : Phase.values()) {
      Gauge.builder("governor.phase", this, meters -> meters.phase() == phase ? 1 : 0)
          .description("1 for the present phase, 0 for the others")
          .tags("phase", phase.name().toLowerCase(java.util.Locale.ROOT))
          .register(registry);
    }
  }

  private void ofNode() {
    gauge("governor.lease.rate", "tokens per second of this node", NodeSnapshot::ratePerSecond);
    gauge(
        "governor.lease.age",
        "seconds since this node's lease was asked for; +Inf if it never had one",
        this::leaseAge);
    gauge("governor.in.flight", "requests of this node at the backend", NodeSnapshot::inFlight);
    gauge(
        "governor.retry.share",
        "part of the arrivals of the last second that were retries",
        NodeSnapshot::retryShare);
    gauge(
        "governor.permit.defects",
        "permits ended twice; anything but 0 is a bug",
        NodeSnapshot::defects);
    counter(
        "governor.granted.tokens",
        "tokens this node was entitled to",
        Tags.empty(),
        NodeSnapshot::grantedTokens);
    counter(
        "governor.admitted.tokens", "requests this node admitted", Tags.empty(), Meters::admitted);
    Gauge.builder("governor.surge.excess", witness, SurgeWitness::worstTokens)
        .description(
            "worst excess over the granted tokens in any window since the start, in tokens")
        .register(registry);
    Gauge.builder("governor.surge.bound", witness, SurgeWitness::boundTokens)
        .description("what the excess may be at most, in tokens")
        .register(registry);
    FunctionCounter.builder(
            "governor.cluster.refused.orders", this, meters -> meters.grid.refusedOrders())
        .description("orders to the ledger that came without the cluster's secret: an alarm")
        .register(registry);
    Gauge.builder("governor.cluster.owner", this, meters -> meters.grid.ownsLedger() ? 1 : 0)
        .description("1 where the ledger lies, 0 elsewhere")
        .register(registry);
    for (TurnedAway why : TurnedAway.values()) {
      turnedAway.put(
          why,
          Counter.builder("governor.turned.away")
              .description("requests and connections refused at the door, before any class")
              .tags("why", why.tag())
              .register(registry));
    }
    for (ClassClaim claim : ClassClaim.values()) {
      classClaims.put(
          claim,
          Counter.builder("governor.class.claims")
              .description("requests that asserted a class, by whether they were believed")
              .tags("result", claim.tag())
              .register(registry));
    }
    FunctionCounter.builder("governor.resends", resends, LongAdder::sum)
        .description("requests decided on anew: their used connection was closed meanwhile")
        .register(registry);
    Gauge.builder("governor.sockets", sockets, AtomicInteger::get)
        .description("connections of clients that are WebSockets")
        .register(registry);
    Gauge.builder("governor.cluster.members", members, IntSupplier::getAsInt)
        .description("members of the grid this node sees, itself included")
        .strongReference(true)
        .register(registry);
  }

  /** What a node knows of its part in the grid. Thread-safe. */
  public interface GridFacts {
    /** A node that has not come to the grid yet. */
    GridFacts NONE = new GridFacts() {};

    /** Orders that came to this member without the cluster's secret. */
    default long refusedOrders() {
      return 0;
    }

    /** Whether this member owns the ledger: it decides, and its death is the others' gap. */
    default boolean ownsLedger() {
      return false;
    }
  }

  /** From now on the grid is asked there. */
  public void grid(GridFacts facts) {
    grid = requireNonNull(facts, "facts");
  }

  private static double admitted(NodeSnapshot node) {
    return node.classes().stream().mapToLong(NodeSnapshot.ClassCounts::admitted).sum();
  }

  private static double cluster(NodeSnapshot node, ToDoubleFunction<Grant.ClusterView> of) {
    return node.lease().map(lease -> of.applyAsDouble(lease.grant().cluster())).orElse(0.0);
  }

  private double leaseAge(NodeSnapshot node) {
    return node.lease()
        .map(lease -> (ticker.nanos() - lease.sentNanos()) / 1e9)
        .orElse(Double.POSITIVE_INFINITY);
  }

  private Phase phase() {
    NodeSnapshot node = now;
    return node.isolated()
        ? Phase.ISOLATED
        : node.lease().map(l -> l.grant().cluster().phase()).orElse(Phase.ISOLATED);
  }

  private void counter(
      String name, String description, Tags tags, ToDoubleFunction<NodeSnapshot> of) {
    FunctionCounter.builder(name, this, meters -> of.applyAsDouble(meters.now))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<NodeSnapshot> of) {
    gauge(name, description, Tags.empty(), of);
  }

  private void gauge(
      String name, String description, Tags tags, ToDoubleFunction<NodeSnapshot> of) {
    Gauge.builder(name, this, meters -> of.applyAsDouble(meters.now))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** Members of the grid that this node sees. */
  public int members() {
    return members.getAsInt();
  }

  /** Who watches the envelope of this node. */
  public SurgeWitness witness() {
    return witness;
  }

  /** Counts what never became a request of a class. */
  public void turnedAway(TurnedAway why) {
    requireNonNull(turnedAway.get(why)).increment();
  }

  /** Counts a request that asserted its class. */
  public void classClaim(ClassClaim claim) {
    requireNonNull(classClaims.get(claim)).increment();
  }

  /** So many more connections are WebSockets; less if negative. */
  public void sockets(int more) {
    sockets.addAndGet(more);
  }

  /** Counts a request that met a connection closed meanwhile. */
  public void resent() {
    resends.increment();
  }

  /** Records the latency of one answer. */
  public void answered(int rank, long latencyNanos) {
    latencies.get(rank).record(latencyNanos, TimeUnit.NANOSECONDS);
  }

  /** Registers what the journal of this node holds. */
  public void ofJournal(WriteJournal journal) {
    Gauge.builder("governor.journal.waiting", journal, j -> j.waiting().writes())
        .description("acknowledged writes that wait for delivery")
        .register(registry);
    Gauge.builder("governor.journal.bytes", journal, j -> j.waiting().bytes())
        .description("what they take of the journal's room")
        .register(registry);
    Gauge.builder("governor.journal.age", journal, j -> j.waiting().oldestAgeMillis() / 1e3)
        .description("seconds since the oldest of them was acknowledged")
        .register(registry);
    for (Receipt.State state : Receipt.State.values()) {
      FunctionCounter.builder("governor.journal.writes", journal, j -> j.count(state))
          .description(
              "journaled writes since the start; queued: acknowledged; unreadable: lie there")
          .tags("state", state.tag())
          .register(registry);
    }
  }

  /** From now on the tenants' quotas are told of; never by tenant, of whom there is no bound. */
  public void ofTenants(TenantQuotas quotas) {
    StoreMeters.tenants(registry, quotas);
  }

  /** From now on it is told whether the grid remembers the used one-time tokens of that class. */
  public void ofTokens(String className, TokenMemory memory) {
    StoreMeters.tokens(registry, className, memory);
  }

  /** From now on it is told how many independent stores serve reads of each class. */
  public void ofStores(IntUnaryOperator serving) {
    StoreMeters.serving(registry, names, serving);
  }

  /** From now on it is told how connections to that store are begun. */
  public void ofConnects(String store, StoreMeters.Connects counts) {
    StoreMeters.connects(registry, store, counts);
    connects.add(counts);
  }

  /** From now on the second store is told of. */
  public void ofFallback(Supplier<Optional<NodeSnapshot>> seen, SurgeWitness itsWitness) {
    fallbacks.add(new StoreMeters(registry, names, seen, itsWitness));
  }

  /** Counts one answer that was given without the backend. */
  public void degraded(int rank, Degraded how) {
    degraded.get(rank).count(how);
  }

  /** Counts what the cache did for one request. */
  public void cacheUsed(int rank, CacheUse use) {
    degraded.get(rank).count(use);
  }

  /** Answers per second without the backend, of this node, over the last seconds. */
  public double degradedPerSecond(int rank) {
    return degraded.get(rank).perSecond();
  }

  /**
   * That quantile of a class's latency to the response head over the last minutes, in milliseconds;
   * 0 while there is none.
   *
   * @param quantile 0.5 or 0.99
   */
  public double millis(int rank, double quantile) {
    for (ValueAtPercentile value : latencies.get(rank).takeSnapshot().percentileValues()) {
      if (Math.abs(value.percentile() - quantile) < 1e-9) {
        return value.value(TimeUnit.MILLISECONDS);
      }
    }
    return 0;
  }

  /** All meters as Prometheus text, of this instant. */
  public String scrape() {
    now = admission.snapshot(ticker.nanos());
    return registry.scrape();
  }
}
