package io.trafficgovernor.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.store.Noise;
import io.trafficgovernor.loadtest.store.StoreSettings;
import io.trafficgovernor.loadtest.store.Zipf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads a scenario from the tree of its file and collects everything that is wrong with it. */
final class ScenarioReader {
  private static final int MAX_NODES = 1_000;
  private static final int MAX_KEYS = 1_000_000;
  private static final double MAX_RATE = 100_000;

  private final List<String> faults = new ArrayList<>();

  /** A scenario, or what is wrong with its file. */
  record Read(Optional<Scenario> scenario, List<String> faults) {
    Read {
      faults = List.copyOf(faults);
    }
  }

  Read read(JsonNode tree) {
    Fields file = new Fields(tree, "", faults);
    try {
      Scenario scenario = scenario(file);
      file.end();
      return faults.isEmpty()
          ? new Read(Optional.of(scenario), faults)
          : new Read(Optional.empty(), faults);
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
      return new Read(Optional.empty(), faults);
    }
  }

  private Scenario scenario(Fields file) {
    String name = file.text("name", "");
    String title = file.text("title", name);
    int nodes = file.integer("nodes", 8, 1, MAX_NODES);
    Population population = population(file);
    List<String> classes = population.classes().stream().map(TrafficClass::name).toList();
    EventReader events = new EventReader(classes, nodes);
    return new Scenario(
        name,
        title,
        nodes,
        choice(file.section("node-choice")),
        reference(file.section("reference"), population),
        backend(file),
        population,
        habits(file.section("clients")),
        course(file.section("course")),
        events.events(file.sections("events")),
        events.weather(file.section("weather")),
        promises(file.sections("promises")));
  }

  private static NodeChoice choice(Fields of) {
    double exponent = of.number("zipf", 0, 0, 5);
    double share = of.number("hot-share", 0, 0, 1);
    double every = of.seconds("every", 5);
    if (exponent > 0 && share > 0) {
      of.fault("", "got zipf and hot-share, allowed one of them; 0 for none");
    }
    of.end();
    return exponent > 0
        ? new NodeChoice.Skewed(exponent)
        : share > 0 ? new NodeChoice.MovingHot(share, every) : new NodeChoice.Even();
  }

  private static Reference reference(Fields of, Population population) {
    double rate = of.rate("rate", population.ratePerSecond());
    double latency = of.seconds("latency", 0);
    double failures = of.number("failures", 0, 0, 1);
    double peak = of.rate("peak", rate);
    of.end();
    List<Double> shares =
        failures == 0
            ? List.of()
            : java.util.Collections.nCopies(population.classes().size(), failures);
    return new Reference(rate, latency, shares, peak);
  }

  private Scenario.Backend backend(Fields file) {
    Fields of = file.section("store");
    StoreSettings store = store(of);
    boolean warm = of.flag("warm");
    int origins = of.integer("origins", 1, 1, 64);
    double retryAfter = of.seconds("retry-after", 0);
    int connections = of.integer("connections", 0, 0, 10_000);
    of.integer("keys", 30_000, 1, MAX_KEYS);
    of.number("zipf", 1, 0, 5);
    of.end();
    Optional<StoreSettings> neighbour = Optional.empty();
    if (file.has("neighbour")) {
      Fields next = file.section("neighbour");
      neighbour = Optional.of(store(next));
      next.end();
    }
    return new Scenario.Backend(store, warm, origins, retryAfter, connections, neighbour);
  }

  private StoreSettings store(Fields of) {
    Fields restart = of.section("restart");
    StoreSettings.Crash usual =
        new StoreSettings.Crash(
            restart.seconds("wait", 5), restart.seconds("for", 8), restart.seconds("down", 20));
    StoreSettings.Crash crash = restart.flag("never") ? StoreSettings.Crash.NEVER : usual;
    restart.end();
    return new StoreSettings(
        of.integer("servers", 16, 1, 100_000),
        of.seconds("hit", 0.010),
        of.seconds("miss", 0.100),
        noise(of),
        of.integer("cache-keys", 24_000, 1, MAX_KEYS),
        of.integer("queue", 4_000, 0, 10_000_000),
        of.number("backlog-loss", StoreSettings.USUAL_BACKLOG_LOSS, 0, 10),
        of.seconds("connection-cost", 0),
        crash);
  }

  private static Noise noise(Fields of) {
    String word = of.text("noise", "lognormal");
    double variation = of.number("variation", 1, 0.01, 10);
    return switch (word) {
      case "none" -> new Noise.None();
      case "exponential" -> new Noise.Exponential();
      case "lognormal" -> new Noise.Lognormal(variation);
      default -> {
        of.fault("noise", "got " + word + ", allowed none, exponential, lognormal");
        yield new Noise.None();
      }
    };
  }

  private Population population(Fields file) {
    Fields clients = file.section("clients");
    double rate = clients.rate("rate", 750);
    if (rate > MAX_RATE) {
      clients.fault("rate", "got " + rate + "/s, allowed up to " + MAX_RATE + "/s");
    }
    Duration backoff = duration(clients.seconds("backoff", 0.5));
    double honouring = clients.number("honouring", 0.7, 0, 1);
    List<TrafficClass> classes = new ArrayList<>();
    for (Fields each : file.sections("classes")) {
      classes.add(
          new TrafficClass(
              each.text("name", ""),
              each.texts("after"),
              duration(each.seconds("patience", 0.15)),
              duration(each.seconds("timeout", 1))));
      each.end();
    }
    List<SystemTraffic> systems = new ArrayList<>();
    for (Fields each : file.sections("systems")) {
      systems.add(system(each, backoff));
      each.end();
    }
    if (classes.isEmpty() || systems.isEmpty()) {
      throw new IllegalArgumentException("classes, systems: got none, allowed 1 or more of both");
    }
    Fields store = file.section("store");
    Zipf keys = new Zipf(store.integer("keys", 30_000, 1, MAX_KEYS), store.number("zipf", 1, 0, 5));
    return new Population(rate, classes, systems, honouring, keys);
  }

  private static SystemTraffic system(Fields of, Duration backoff) {
    String className = of.text("class", "");
    return new SystemTraffic(
        of.text("name", className),
        className,
        of.number("share", 0.5, 1e-6, 1),
        of.flag("writes"),
        duration(of.seconds("timeout", 1)),
        of.integer("retries", 3, 0, SystemTraffic.RETRIES_LIMIT),
        duration(of.seconds("backoff", backoff.toNanos() / 1e9)));
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  private static Scenario.Habits habits(Fields of) {
    of.rate("rate", 750);
    of.seconds("backoff", 0.5);
    of.number("honouring", 0.7, 0, 1);
    Fields pentUp = of.section("pent-up");
    Scenario.Habits habits =
        new Scenario.Habits(
            of.integer("users", 20_000, 1, 10_000_000),
            of.integer("session-requests", 1, 1, 100),
            of.seconds("think", 1),
            pentUp.number("factor", 1, 1, 100),
            pentUp.seconds("decay", 60));
    pentUp.end();
    of.end();
    return habits;
  }

  private static Scenario.Course course(Fields of) {
    Scenario.Course course =
        new Scenario.Course(
            of.seconds("lead", 0),
            of.number("lead-factor", 1, 0, 100),
            of.seconds("measured", 180));
    of.end();
    return course;
  }

  private static List<Promise> promises(List<Fields> list) {
    List<Promise> promises = new ArrayList<>();
    for (Fields each : list) {
      Optional<Measure> measure = each.oneOf("measure", Measure.class);
      OptionalDouble median = bar(each, "median");
      OptionalDouble worst = bar(each, "worst");
      if (median.isEmpty() && worst.isEmpty()) {
        each.fault("", "got no bar, allowed median, worst or both");
      }
      measure.ifPresent(of -> promises.add(new Promise(of, median, worst)));
      each.end();
    }
    return promises;
  }

  private static OptionalDouble bar(Fields of, String key) {
    return of.has(key) ? OptionalDouble.of(of.number(key, 0, -1e9, 1e9)) : OptionalDouble.empty();
  }
}
