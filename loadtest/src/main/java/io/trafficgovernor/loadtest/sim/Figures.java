package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.loadtest.judge.Back;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a scenario showed with one seed.
 *
 * @param efficiency good answers over the oracle's, in percent
 * @param criticalSeconds until both top classes were back; positive infinity if one never was
 * @param criticalServed part of their first attempts that ended well from 15 s after the return on
 * @param excess100 most requests beyond the ceiling in 100 ms; {@code excess1000} in 1 s
 * @param overWindow most requests at the store beyond the bound of the window; at most 0 (I5)
 * @param classes when each class was back
 */
record Figures(
    long seed,
    double efficiency,
    double criticalSeconds,
    double criticalServed,
    double excess100,
    double excess1000,
    double overWindow,
    int restarts,
    Map<String, Back> classes) {
  private static final double SETTLED_SECONDS = 15;

  Figures {
    classes = new LinkedHashMap<>(classes);
  }

  /** Measures a governed run against the oracle's of the same seed. */
  static Figures of(long seed, Simulation.Result governed, Simulation.Result oracle) {
    Measures measures = new Measures(governed);
    double seconds = governed.scenario().measuredSeconds();
    double best = new Measures(oracle).good(seconds);
    return new Figures(
        seed,
        100 * measures.good(seconds) / best,
        measures.criticalSeconds().orElse(Double.POSITIVE_INFINITY),
        measures.criticalServed(SETTLED_SECONDS),
        measures.worstExcess(0.1),
        measures.worstExcess(1),
        governed.log().mostOverWindow(),
        governed.restarts(),
        measures.restoration().classes());
  }

  String line() {
    return ("seed %-4d efficiency %5.1f %%  critical back %5.2f s  served %6.2f %%  "
            + "excess %5.1f in 100 ms, %5.1f in 1 s  over window %3.0f  restarts %d")
        .formatted(
            seed,
            efficiency,
            criticalSeconds,
            100 * criticalServed,
            excess100,
            excess1000,
            overWindow,
            restarts);
  }

  JsonObject json() {
    JsonObject back = new JsonObject();
    classes.forEach((name, of) -> back.put(name, of.text()));
    return new JsonObject()
        .put("seed", seed)
        .put("efficiency_percent", efficiency)
        .put("critical_back_s", Double.isFinite(criticalSeconds) ? criticalSeconds : null)
        .put("critical_served", criticalServed)
        .put("excess_100ms", excess100)
        .put("excess_1s", excess1000)
        .put("over_window", overWindow)
        .put("restarts", restarts)
        .put("back", back);
  }
}
