package io.trafficgovernor.loadtest.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads what happens to store, clients and cluster. */
final class EventReader {
  private static final double DAY = 86_400;

  private enum Happening {
    STALL,
    DEATH,
    PACE,
    LOSE_CACHE,
    QUOTA,
    FAIL,
    DEMAND,
    HERD,
    NEIGHBOUR_DEATH
  }

  private enum Trouble {
    CRASH,
    STALL,
    SUSPEND,
    PARTITION,
    NETWORK,
    AMNESIA,
    HANDOVER,
    JOIN,
    LEAVE
  }

  private final List<String> classNames;
  private final int nodes;

  EventReader(List<String> classNames, int nodes) {
    this.classNames = classNames;
    this.nodes = nodes;
  }

  List<StoreEvent> events(List<Fields> list) {
    List<StoreEvent> events = new ArrayList<>();
    for (Fields each : list) {
      Optional<Happening> what = each.oneOf("what", Happening.class);
      double at = each.seconds("at", 0);
      what.map(of -> event(of, at, each)).ifPresent(events::add);
      each.end();
    }
    events.sort(Comparator.comparingDouble(StoreEvent::atSeconds));
    return events;
  }

  private StoreEvent event(Happening what, double at, Fields of) {
    return switch (what) {
      case STALL -> new StoreEvent.Stall(at, of.seconds("for", 1));
      case DEATH -> new StoreEvent.Death(at, of.seconds("for", 10));
      case PACE ->
          new StoreEvent.Pace(at, of.number("part", 0.5, 0.001, 10), of.seconds("for", DAY));
      case LOSE_CACHE -> new StoreEvent.LoseCache(at);
      case QUOTA -> {
        double from = of.rate("rate", Double.POSITIVE_INFINITY);
        yield new StoreEvent.Quota(at, from, of.rate("to", from), of.seconds("over", 0));
      }
      case FAIL ->
          new StoreEvent.Fail(
              at,
              rank(of),
              of.integer("origin", StoreEvent.ALL, 0, 64),
              of.number("share", 1, 0.0001, 1),
              of.seconds("for", DAY));
      case DEMAND ->
          new StoreEvent.Demand(
              at, rank(of), of.number("factor", 1, 0, 100), of.seconds("for", DAY));
      case HERD ->
          new StoreEvent.Herd(
              at, of.integer("users", 60_000, 1, 1_000_000), of.seconds("within", 0.05));
      case NEIGHBOUR_DEATH -> new StoreEvent.NeighbourDeath(at, of.seconds("for", 10));
    };
  }

  private int rank(Fields of) {
    if (!of.has("class")) {
      return StoreEvent.ALL;
    }
    String name = of.text("class", "");
    int rank = classNames.indexOf(name);
    if (rank < 0) {
      of.fault("class", "got " + name + ", allowed " + String.join(", ", classNames));
    }
    return rank;
  }

  Scenario.Weather weather(Fields weather) {
    List<Fault> faults = new ArrayList<>();
    for (Fields each : weather.sections("faults")) {
      Optional<Trouble> what = each.oneOf("what", Trouble.class);
      double at = each.seconds("at", 0);
      what.map(of -> fault(of, at, each)).ifPresent(faults::add);
      each.end();
    }
    faults.sort(Comparator.comparingDouble(Fault::atSeconds));
    boolean random = weather.has("random");
    Fields drawn = weather.section("random");
    double until = drawn.seconds("until", 60);
    double perMinute = drawn.number("per-minute", 20, 0.1, 1000);
    drawn.end();
    double drift = weather.number("drift", 0, 0, 0.001);
    weather.end();
    return new Scenario.Weather(faults, random, until, perMinute, drift);
  }

  private Fault fault(Trouble what, double at, Fields of) {
    return switch (what) {
      case CRASH -> new Fault.Crash(at, node(of), of.seconds("for", 5));
      case STALL -> new Fault.Stall(at, node(of), of.seconds("for", 1));
      case SUSPEND -> new Fault.Suspend(at, node(of), of.seconds("for", 3));
      case PARTITION ->
          new Fault.Partition(at, of.integers("nodes", 0, nodes - 1), of.seconds("for", 5));
      case NETWORK ->
          new Fault.Network(
              at,
              of.seconds("delay", 0.002),
              of.number("loss", 0, 0, 1),
              of.number("doubled", 0, 0, 1),
              of.seconds("for", 5));
      case AMNESIA -> new Fault.Amnesia(at);
      case HANDOVER -> new Fault.Handover(at);
      case JOIN -> new Fault.Join(at, of.integer("node", nodes - 1, 0, nodes - 1));
      case LEAVE -> new Fault.Leave(at, node(of));
    };
  }

  private int node(Fields of) {
    return of.integer("node", 0, 0, nodes - 1);
  }
}
