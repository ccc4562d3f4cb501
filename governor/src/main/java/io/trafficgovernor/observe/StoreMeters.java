package io.trafficgovernor.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.answers.open.TokenMemory;
import io.trafficgovernor.cluster.quota.TenantQuotas;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What is told of each store: whether it serves, how connections to it are begun, and of the second
 * one what it is asked and what its own law says; and of what the grid holds besides, quotas and
 * used tokens. Thread-safe.
 */
public final class StoreMeters {
  private final MeterRegistry registry;
  private final Supplier<Optional<NodeSnapshot>> seen;

  /**
   * Registers everything.
   *
   * @param seen the second store's side of this node, as it was last looked at
   */
  StoreMeters(
      MeterRegistry registry,
      List<String> classes,
      Supplier<Optional<NodeSnapshot>> seen,
      SurgeWitness witness) {
    this.registry = registry;
    this.seen = seen;
    for (int rank = 0; rank < classes.size(); rank++) {
      ofClass(rank, classes.get(rank));
    }
    for (Phase phase : Phase.values()) {
      String tag = phase.name().toLowerCase(Locale.ROOT);
      gauge(
          "governor.fallback.phase",
          "1 for the present phase of the second store, 0 for the others",
          Tags.of("phase", tag),
          node -> phase(node) == phase ? 1 : 0);
    }
    gauge(
        "governor.fallback.ceiling",
        "tokens per second of the whole cluster for the second store",
        Tags.empty(),
        node -> cluster(node, Grant.ClusterView::ceilingPerSecond));
    gauge(
        "governor.fallback.in.flight",
        "requests of this node at the second store",
        Tags.empty(),
        NodeSnapshot::inFlight);
    Gauge.builder("governor.fallback.surge.excess", witness, SurgeWitness::worstTokens)
        .description("worst excess over what was granted for the second store, in tokens")
        .register(registry);
    Gauge.builder("governor.fallback.surge.bound", witness, SurgeWitness::boundTokens)
        .description("what that may be at most, in tokens")
        .register(registry);
  }

  private void ofClass(int rank, String name) {
    for (Outcome outcome : Outcome.values()) {
      FunctionCounter.builder(
              "governor.fallback.requests",
              this,
              meters -> meters.of(node -> node.classes().get(rank).outcome(outcome)))
          .description("reads that went to the second store, by how they ended")
          .tags("class", name, "outcome", outcome.tag())
          .register(registry);
    }
  }

  private void gauge(
      String name, String description, Tags tags, ToDoubleFunction<NodeSnapshot> figure) {
    Gauge.builder(name, this, meters -> meters.of(figure))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private double of(ToDoubleFunction<NodeSnapshot> figure) {
    return seen.get().map(figure::applyAsDouble).orElse(0.0);
  }

  private static Phase phase(NodeSnapshot node) {
    return node.isolated()
        ? Phase.ISOLATED
        : node.lease().map(lease -> lease.grant().cluster().phase()).orElse(Phase.ISOLATED);
  }

  private static double cluster(NodeSnapshot node, ToDoubleFunction<Grant.ClusterView> figure) {
    return node.lease().map(lease -> figure.applyAsDouble(lease.grant().cluster())).orElse(0.0);
  }

  /**
   * Counts of connections; each is read at every scrape.
   *
   * @param begun since the start
   * @param held how often one that was wanted had to wait for a token
   * @param refused requests that could not wait as long
   */
  public record Connects(LongSupplier begun, LongSupplier held, LongSupplier refused) {}

  static void serving(MeterRegistry registry, List<String> names, IntUnaryOperator serving) {
    for (int rank = 0; rank < names.size(); rank++) {
      int of = rank;
      Gauge.builder("governor.stores", serving, each -> each.applyAsInt(of))
          .description("independent stores that serve reads of the class now, as far as is known")
          .tags("class", names.get(rank))
          .strongReference(true)
          .register(registry);
    }
  }

  /** Tenants are not told apart: there is no bound of them. */
  static void tenants(MeterRegistry registry, TenantQuotas quotas) {
    Gauge.builder("governor.quota.tenants", quotas, TenantQuotas::followed)
        .description("tenants that this node follows")
        .register(registry);
    Gauge.builder("governor.quota.away", quotas, TenantQuotas::away)
        .description("those of them that are on this node's own part: the grid does not answer")
        .register(registry);
    FunctionCounter.builder("governor.quota.refused", quotas, TenantQuotas::refused)
        .description("requests refused because their tenant had used up its quota")
        .register(registry);
  }

  /** The grid's memory of used one-time tokens; somebody must hold it. */
  static void tokens(MeterRegistry registry, String className, TokenMemory memory) {
    Gauge.builder("governor.one.time.whole", memory, each -> each.whole() ? 1 : 0)
        .description("1 if the grid remembers all used one-time tokens that it should, else 0")
        .tags("class", className)
        .register(registry);
    FunctionCounter.builder("governor.one.time.losses", memory, TokenMemory::losses)
        .description("times that this node found that the grid had lost some of them")
        .tags("class", className)
        .register(registry);
  }

  /** Somebody must hold the counts: a registry holds them weakly. */
  static void connects(MeterRegistry registry, String store, Connects counts) {
    counter("governor.connects", "connections begun", counts, c -> c.begun().getAsLong())
        .tags("store", store)
        .register(registry);
    counter(
            "governor.connects.held",
            "times that a wanted connection had to wait for a token",
            counts,
            c -> c.held().getAsLong())
        .tags("store", store)
        .register(registry);
    counter(
            "governor.connects.refused",
            "requests refused because no connection could be begun in their time",
            counts,
            c -> c.refused().getAsLong())
        .tags("store", store)
        .register(registry);
  }

  private static FunctionCounter.Builder<Connects> counter(
      String name, String description, Connects counts, ToDoubleFunction<Connects> of) {
    return FunctionCounter.builder(name, counts, of).description(description);
  }
}
