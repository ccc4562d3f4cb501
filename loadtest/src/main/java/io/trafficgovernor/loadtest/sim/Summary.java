package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.pool.TokenPool;
import io.trafficgovernor.loadtest.judge.Check;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What a scenario showed over all seeds.
 *
 * @param nodes governors in the cluster
 * @param figures one for each seed, at least one
 * @param virtualSecondsPerCpuSecond how fast virtual time ran
 */
record Summary(
    Scenario scenario, int nodes, List<Figures> figures, double virtualSecondsPerCpuSecond) {
  Summary {
    figures = List.copyOf(figures);
  }

  double median(ToDoubleFunction<Figures> of) {
    double[] sorted = figures.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  double least(ToDoubleFunction<Figures> of) {
    return figures.stream().mapToDouble(of).min().orElseThrow();
  }

  double most(ToDoubleFunction<Figures> of) {
    return figures.stream().mapToDouble(of).max().orElseThrow();
  }

  /** B: a burst for each node, one request between check and socket, and the drift of clocks. */
  double bound() {
    double rate = scenario.reference().envelope();
    double bursts = (nodes - 1) * TokenPool.MIN_BURST_TOKENS + TokenPool.burst(rate);
    return bursts + 2.0 * nodes + 2e-3 * rate;
  }

  /** What must hold in every scenario, whatever the seed. */
  List<Check> checks() {
    String name = scenario.name();
    return List.of(
        Check.atMost(
            name + "-excess-100ms",
            OptionalDouble.of(most(Figures::excess100)),
            bound(),
            "requests beyond the ceiling in 100 ms, B"),
        Check.atMost(
            name + "-excess-1s",
            OptionalDouble.of(most(Figures::excess1000)),
            bound(),
            "requests beyond the ceiling in 1 s, B"),
        Check.atMost(
            name + "-window",
            OptionalDouble.of(most(Figures::overWindow)),
            0,
            "requests at the store beyond the window and one slot per node"),
        Check.none(
            name + "-restarts",
            figures.stream().mapToLong(Figures::restarts).sum(),
            "times the store broke down again"));
  }

  String line() {
    return ("%s, %d nodes, %d seeds: efficiency median %.1f %%, worst %.1f %%; "
            + "critical back median %.2f s, worst %.2f s; excess %.0f of %.0f; "
            + "restarts %.0f; %.0f virtual s per CPU s")
        .formatted(
            scenario.name(),
            nodes,
            figures.size(),
            median(Figures::efficiency),
            least(Figures::efficiency),
            median(Figures::criticalSeconds),
            most(Figures::criticalSeconds),
            Math.max(most(Figures::excess100), most(Figures::excess1000)),
            bound(),
            most(Figures::restarts),
            virtualSecondsPerCpuSecond);
  }

  JsonObject json() {
    JsonArray runs = new JsonArray();
    figures.forEach(each -> runs.add(each.json()));
    return new JsonObject()
        .put("scenario", scenario.name())
        .put("nodes", nodes)
        .put("efficiency_median_percent", median(Figures::efficiency))
        .put("efficiency_worst_percent", least(Figures::efficiency))
        .put("bound_tokens", bound())
        .put("runs", runs);
  }
}
