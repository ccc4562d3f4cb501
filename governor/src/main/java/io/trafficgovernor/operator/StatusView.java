package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.ledger.ClassRates;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.NodeRecord;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.recovery.Failed;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.answers.Orders;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.observe.Figures;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.operator.forecast.Moment;
import io.trafficgovernor.operator.forecast.Prospect;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts one moment of node and cluster into the words of {@code GET /v1/status}. Pure. */
final class StatusView {
  /** When the grid does not answer nothing is known of the cluster, and nothing is praised. */
  private static final ClassRates NO_RATES = new ClassRates(0, 0, 0, 1, 0, 0);

  /** Six renewals at their slowest: who has been silent for so long is not there. */
  private static final long SILENT_NANOS = 3_000_000_000L;

  private final GovernorConfig config;
  private final ClassTable classes;
  private final Meters meters;
  private final Prospect prospect;
  private final Orders orders;

  StatusView(GovernorConfig config, Meters meters, Orders orders) {
    this.orders = requireNonNull(orders, "orders");
    this.config = requireNonNull(config, "config");
    this.classes = config.classTable();
    this.meters = requireNonNull(meters, "meters");
    this.prospect = new Prospect(config);
  }

  /**
   * The status.
   *
   * @param ledger the entry as read just now; empty if the grid did not answer
   */
  JsonObject render(NodeSnapshot node, Optional<LedgerState> ledger, long nowNanos) {
    // while the classes are being changed the ledger may be in the shape of the other nodes
    Moment moment = Moment.of(node, ledger.filter(state -> state.rates().size() == classes.size()));
    Optional<Grant.ClusterView> cluster = moment.cluster();
    Phase phase = moment.phase();
    Prospect.Ahead forecast = prospect.goingOn(moment);
    return new JsonObject()
        .put("node", config.node().name())
        .put("phase", phase.name())
        .put("why", cluster.map(Grant.ClusterView::why).orElse("no lease yet"))
        .put("mode", word(config.ramp().mode().name()))
        .put("plan", config.ramp().plan().word())
        .put("shadow", config.ramp().shadow())
        .put("effective", node.isolated() ? "isolated" : "cluster")
        .put("epoch", cluster.map(Grant.ClusterView::epoch).orElse(0L))
        .put("ceiling_rps", rounded(cluster.map(Grant.ClusterView::ceilingPerSecond)))
        .put("window", rounded(cluster.map(Grant.ClusterView::window)))
        .put("reference_rps", rounded(cluster.map(Grant.ClusterView::referencePerSecond)))
        .put("cutoff", cluster.map(Grant.ClusterView::cutoffKey).orElse(0L))
        .put("in_flight", node.inFlight())
        .put("amplification", Figures.rounded(node.amplification()))
        .put("classes", classes(moment, forecast))
        .put("nodes", nodes(ledger))
        .put("forecast", forecast.json())
        .put("grid_members", meters.members())
        .put("refused_nodes", refused(ledger))
        .put("failed", failed(ledger))
        .put("surge", surge());
  }

  private static String word(String constant) {
    return constant.toLowerCase(Locale.ROOT);
  }

  private static double rounded(Optional<Double> value) {
    return Figures.rounded(value.orElse(0.0));
  }

  /** For each class what its gate waits for, in words. */
  private List<String> waits(Moment moment) {
    return moment
        .ledger()
        .map(state -> state.gates().blockedBy(classes))
        .or(() -> moment.cluster().map(Grant.ClusterView::blockedBy))
        .orElse(List.of());
  }

  private static String blockedBy(String closed, double openShare) {
    return !closed.isEmpty() ? closed : openShare < 1 ? "cutoff" : "";
  }

  private JsonArray classes(Moment moment, Prospect.Ahead forecast) {
    List<String> waits = waits(moment);
    JsonArray all = new JsonArray();
    Phase phase = moment.phase();
    long key = moment.cluster().map(Grant.ClusterView::cutoffKey).orElse(0L);
    Cutoff cutoff = new Cutoff(key, 0, 0);
    for (int rank = 0; rank < classes.size(); rank++) {
      String name = classes.at(rank).name();
      boolean away = phase == Phase.OUTAGE || phase == Phase.ISOLATED;
      int of = rank;
      String gate = rank < waits.size() ? waits.get(rank) : "";
      double share = away || !gate.isEmpty() ? 0 : cutoff.openShare(rank);
      JsonObject each =
          new JsonObject()
              .put("name", name)
              .put("open", share > 0)
              .put("open_share", Figures.rounded(share))
              .put("blocked_by", blockedBy(away ? word(phase.name()) : gate, share));
      each.put("opens_in_s", forecast.opensIn(rank));
      rates(each, moment.ledger().map(state -> state.rates().get(of)).orElse(NO_RATES));
      each.put("override", orders.of(name).map(OverrideService::shown).orElse(null));
      each.put("degraded_rps", Figures.rounded(meters.degradedPerSecond(rank)));
      each.put("p50_ms", Figures.rounded(meters.millis(rank, 0.5)))
          .put("p99_ms", Figures.rounded(meters.millis(rank, 0.99)));
      all.add(each);
    }
    return all;
  }

  private static void rates(JsonObject each, ClassRates rates) {
    each.put("offered_rps", Figures.rounded(rates.offered()))
        .put("admitted_rps", Figures.rounded(rates.admitted()))
        .put("shed_rps", Figures.rounded(rates.shed()))
        .put("amplification", Figures.rounded(rates.amplification()))
        .put(
            "success_ratio",
            rates.judged() ? (Object) Figures.rounded(rates.successRatio()) : null);
  }

  /** Nodes that have reported lately; a dead one's booking goes on in the ledger, not here. */
  private static JsonArray nodes(Optional<LedgerState> ledger) {
    JsonArray all = new JsonArray();
    ledger.ifPresent(
        state -> {
          long now = state.nowNanos();
          for (NodeRecord node : state.nodes().values()) {
            if (now - node.reportedNanos() > SILENT_NANOS) {
              continue;
            }
            all.add(
                new JsonObject()
                    .put("name", node.name())
                    .put("lease_rps", Figures.rounded(node.rate(now)))
                    .put("lease_age_ms", Figures.millis(now - node.reportedNanos()))
                    .put("slots", node.slots())
                    .put("in_flight", node.report().inFlight()));
          }
        });
    return all;
  }

  /** Nodes that the ledger refuses as they are: a name taken, other settings. */
  private static JsonArray refused(Optional<LedgerState> ledger) {
    JsonArray all = new JsonArray();
    for (LedgerState.Excluded each : ledger.map(LedgerState::excluded).orElse(List.of())) {
      all.add(new JsonObject().put("name", each.node()).put("why", each.why()));
    }
    return all;
  }

  /** What the last rollback of this recovery was for; null if there was none. */
  private static @Nullable JsonObject failed(Optional<LedgerState> ledger) {
    Failed failed = ledger.flatMap(state -> state.recovery().memory().failed()).orElse(null);
    return failed == null
        ? null
        : new JsonObject()
            .put("signal", failed.signal().name())
            .put("value", Figures.rounded(failed.value()))
            .put("bar", Figures.rounded(failed.bar()))
            .put("class", failed.className())
            .put("node", failed.node())
            .put("ceiling_rps", Figures.rounded(failed.ceilingPerSecond()))
            .put("times", failed.times())
            .put("limit_rps", Figures.rounded(failed.limitPerSecond()));
  }

  /** Of this node: the ledger sees to it that the nodes' parts make no more than the whole. */
  private JsonObject surge() {
    return new JsonObject()
        .put("worst_excess_tokens", Figures.rounded(meters.witness().worstTokens()))
        .put("bound_tokens", Figures.rounded(meters.witness().boundTokens()));
  }
}
