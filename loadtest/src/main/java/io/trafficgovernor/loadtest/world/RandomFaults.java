package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.loadtest.scenario.Fault;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Faults drawn from a seed: they come as a Poisson stream, each of a kind, a node and a length that
 * are drawn too, and all of them are over when the time for them is.
 */
public final class RandomFaults {
  private static final int KINDS = 9;
  private static final int STORE_KINDS = 6;

  private RandomFaults() {}

  /** The faults of one run, in the order of time. */
  public static List<Fault> draw(Scenario.Weather weather, int nodes, SplittableRandom random) {
    List<Fault> faults = new ArrayList<>();
    double at = 0;
    while (true) {
      at += -Math.log1p(-random.nextDouble()) * 60 / weather.randomPerMinute();
      if (at >= weather.randomSeconds()) {
        break;
      }
      faults.add(one(at, weather.randomSeconds() - at, nodes, random));
    }
    faults.sort(Comparator.comparingDouble(Fault::atSeconds));
    return faults;
  }

  private static Fault one(double at, double left, int nodes, SplittableRandom random) {
    int node = random.nextInt(nodes);
    double seconds = Math.min(left, 0.05 * Math.pow(200, random.nextDouble()));
    return switch (random.nextInt(KINDS)) {
      case 0, 1 -> new Fault.Crash(at, node, seconds);
      case 2, 3 -> new Fault.Stall(at, node, seconds);
      case 4 -> new Fault.Partition(at, some(nodes, random), seconds);
      case 5, 6 ->
          new Fault.Network(
              at,
              0.2 * random.nextDouble(),
              0.5 * random.nextDouble(),
              0.5 * random.nextDouble(),
              seconds);
      case 7 -> new Fault.Handover(at);
      default -> new Fault.Amnesia(at);
    };
  }

  /** What happens to the store meanwhile: as often as a third of the rest. */
  public static List<StoreEvent> drawStore(Scenario.Weather weather, SplittableRandom random) {
    List<StoreEvent> events = new ArrayList<>();
    double at = 0;
    while (true) {
      at += -Math.log1p(-random.nextDouble()) * 180 / weather.randomPerMinute();
      if (at >= weather.randomSeconds()) {
        break;
      }
      oneOfStore(at, weather.randomSeconds() - at, random, events);
    }
    events.sort(Comparator.comparingDouble(StoreEvent::atSeconds));
    return events;
  }

  private static void oneOfStore(
      double at, double left, SplittableRandom random, List<StoreEvent> events) {
    double seconds = Math.min(left, 0.5 * Math.pow(20, random.nextDouble()));
    switch (random.nextInt(STORE_KINDS)) {
      case 0 -> events.add(new StoreEvent.Stall(at, seconds));
      case 1 -> events.add(new StoreEvent.Death(at, seconds));
      case 2 -> events.add(new StoreEvent.Pace(at, 0.2 + 0.8 * random.nextDouble(), seconds));
      case 3 -> events.add(new StoreEvent.LoseCache(at));
      case 4 ->
          events.add(
              new StoreEvent.Fail(
                  at, StoreEvent.ALL, StoreEvent.ALL, 0.05 + 0.9 * random.nextDouble(), seconds));
      default -> {
        double rate = 20 + 200 * random.nextDouble();
        events.add(new StoreEvent.Quota(at, rate, rate, 0));
        double none = Double.POSITIVE_INFINITY;
        events.add(new StoreEvent.Quota(at + seconds, none, none, 0));
      }
    }
  }

  private static List<Integer> some(int nodes, SplittableRandom random) {
    List<Integer> some = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      if (random.nextBoolean()) {
        some.add(node);
      }
    }
    return some;
  }
}
