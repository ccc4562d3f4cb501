package io.trafficgovernor.config;

import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a dry run of a ramp is asked for. Whatever is left out is taken as it stands.
 *
 * @param plan the plan to try
 * @param fromPerSecond the ceiling it begins at, more than 0
 * @param growthPerSecond by which part of itself the ceiling grows in the first second, 0 or more
 * @param demandPerSecond first attempts per second, by the name of the class
 * @param nodes in the cluster, 1 or more
 */
public record RampWish(
    Optional<RampPlan> plan,
    Optional<Double> fromPerSecond,
    Optional<Double> growthPerSecond,
    Map<String, Double> demandPerSecond,
    Optional<Integer> nodes) {
  private static final double MOST_PER_SECOND = 1_000_000;
  private static final Form<Double> DEMAND = Form.number(0, MOST_PER_SECOND);
  private static final Form<Double> CEILING = Form.number(1e-3, MOST_PER_SECOND);
  private static final Form<Double> GROWTH = Form.number(0, 10);
  private static final Form<Integer> NODES = Form.whole(1, 1000);

  /** Nothing in particular: the plan and the demand of now. */
  public static final RampWish NONE =
      new RampWish(
          Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());

  public RampWish {
    demandPerSecond = Map.copyOf(demandPerSecond);
  }

  /** What came of reading one. */
  public sealed interface Result {}

  /** All is well. */
  public record Understood(RampWish wish) implements Result {}

  /** At least one fault. */
  public record Faulty(List<Fault> faults) implements Result {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }

  /**
   * Reads a JSON text, all faults at once. Pure. The plan stands there as in {@code ramp} of the
   * configuration, rates are numbers per second.
   *
   * @param classes the names there are
   */
  public static Result read(String json, List<String> classes) {
    if (json.isBlank()) {
      return new Understood(NONE);
    }
    Reading reading = new Reading(Map.of());
    YamlNode tree = YamlTree.parseJson(json, reading);
    RampWish wish = tree == null ? NONE : of(Section.root(reading, tree), classes);
    List<Fault> faults = reading.faults();
    return faults.isEmpty() ? new Understood(wish) : new Faulty(faults);
  }

  private static RampWish of(Section root, List<String> classes) {
    Optional<RampPlan> plan = RampReader.plan(root);
    if (plan.isEmpty() && (root.has("linear") || root.has("exponential") || root.has("steps"))) {
      root.fault("plan", "is missing; allowed: the name of the plan whose parameters are given");
    }
    Section demand = root.section("demand_rps");
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String name : classes) {
      demand.present(name, DEMAND, 0.0).ifPresent(rate -> rates.put(name, rate));
    }
    demand.end();
    RampWish wish =
        new RampWish(
            plan,
            root.present("from_rps", CEILING, 1.0),
            root.present("growth_per_s", GROWTH, 0.0),
            rates,
            root.present("nodes", NODES, 1));
    root.end();
    return wish;
  }
}
