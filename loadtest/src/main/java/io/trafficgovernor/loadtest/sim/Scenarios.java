package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.sim.Scenario.StoreEvent;
import io.trafficgovernor.loadtest.store.StoreSettings;
import io.trafficgovernor.loadtest.store.Zipf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The scenarios by name. */
final class Scenarios {
  private static final double RATE = 750;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int RETRIES = 3;
  private static final Duration BACKOFF = Duration.ofMillis(500);
  private static final double HONOURING = 0.7;

  private Scenarios() {}

  static List<String> names() {
    return List.of("S1", "S2", "S3", "S4", "S4b", "S5", "S6");
  }

  static Optional<Scenario> named(String name) {
    return switch (name) {
      case "S1" -> Optional.of(coldReturn("S1"));
      case "S2" -> Optional.of(cacheLoss());
      case "S3" ->
          Optional.of(with(coldReturn("S3"), 180, new StoreEvent(30, StoreEvent.Kind.STALL, 6)));
      case "S4" ->
          Optional.of(with(coldReturn("S4"), 120, new StoreEvent(0, StoreEvent.Kind.QUOTA, 300)));
      case "S4b" -> Optional.of(with(coldReturn("S4b"), 180, risingQuota()));
      case "S5" -> Optional.of(slowWarmUp());
      case "S6" -> Optional.of(halfTheServers());
      default -> Optional.empty();
    };
  }

  private static final List<String> CLASS_NAMES =
      List.of("config", "auth", "session", "read", "write", "batch");
  private static final List<Double> SHARES = List.of(0.05, 0.10, 0.15, 0.40, 0.15, 0.15);

  private static Population population(double ratePerSecond, Zipf keys) {
    List<TrafficClass> classes = new ArrayList<>();
    List<SystemTraffic> systems = new ArrayList<>();
    for (int rank = 0; rank < CLASS_NAMES.size(); rank++) {
      String name = CLASS_NAMES.get(rank);
      List<String> after = rank == 0 ? List.of() : List.of(CLASS_NAMES.get(rank - 1));
      classes.add(new TrafficClass(name, after, Duration.ofMillis(rank < 2 ? 300 : 150), TIMEOUT));
      systems.add(
          new SystemTraffic(name, name, SHARES.get(rank), false, TIMEOUT, RETRIES, BACKOFF));
    }
    return new Population(ratePerSecond, classes, systems, HONOURING, keys);
  }

  private static StoreSettings store() {
    return new StoreSettings(16, 0.010, 0.100, 1, 24_000, 4_000, new StoreSettings.Crash(5, 8, 20));
  }

  private static Scenario coldReturn(String name) {
    return new Scenario(
        name,
        new Reference(RATE, 0.015, List.of(), RATE),
        store(),
        false,
        population(RATE, new Zipf(30_000, 1.0)),
        0,
        180,
        List.of());
  }

  private static Scenario with(Scenario base, double seconds, StoreEvent... events) {
    return new Scenario(
        base.name(),
        base.reference(),
        base.store(),
        base.warmStart(),
        base.population(),
        base.leadSeconds(),
        seconds,
        List.of(events));
  }

  /** 50 to 900 requests per second in 100 s. */
  private static StoreEvent[] risingQuota() {
    List<StoreEvent> events = new ArrayList<>();
    for (int tenth = 0; tenth <= 1000; tenth++) {
      events.add(new StoreEvent(tenth / 10.0, StoreEvent.Kind.QUOTA, 50 + 850 * tenth / 1000.0));
    }
    return events.toArray(StoreEvent[]::new);
  }

  private static Scenario cacheLoss() {
    Scenario base = coldReturn("S2");
    return new Scenario(
        "S2",
        base.reference(),
        base.store(),
        true,
        base.population(),
        0,
        180,
        List.of(new StoreEvent(30, StoreEvent.Kind.LOSE_CACHE, 0)));
  }

  private static Scenario slowWarmUp() {
    Scenario base = coldReturn("S5");
    return new Scenario(
        "S5",
        base.reference(),
        base.store().withCacheKeys(100_000),
        false,
        population(RATE, new Zipf(120_000, 0.95)),
        0,
        400,
        List.of());
  }

  private static Scenario halfTheServers() {
    Scenario base = coldReturn("S6");
    return new Scenario(
        "S6",
        base.reference(),
        base.store().withServers(base.store().servers() / 2),
        false,
        base.population(),
        0,
        180,
        List.of());
  }
}
