package io.trafficgovernor.loadtest.incident;

import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.store.StoreSettings;
import io.trafficgovernor.loadtest.store.Zipf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An incident as its file tells it. The file's own words are kept for the report.
 *
 * @param published what the world was told of the recovery, by what it is about
 * @param timeline in the order of time
 * @param classes in the order of importance
 * @param systems every row of the report
 */
public record Incident(
    String name,
    String title,
    Map<String, String> published,
    List<Moment> timeline,
    Replay replay,
    List<TrafficClass> classes,
    List<Row> systems) {
  /** Something that happened. */
  public record Moment(String at, int minute, String what) {}

  /**
   * How it is replayed.
   *
   * @param outage how long the store is dead
   * @param quotaPerSecond what the provider lets through after the return
   * @param quotaFor for how long
   * @param honouring part of the users who wait as long as they are told
   * @param backoff pause before a first retry
   */
  public record Replay(
      double ratePerSecond,
      Duration outage,
      double quotaPerSecond,
      Duration quotaFor,
      double honouring,
      Duration backoff,
      Store store) {
    /** The same with that many first attempts. */
    public Replay withRate(double perSecond) {
      return new Replay(perSecond, outage, quotaPerSecond, quotaFor, honouring, backoff, store);
    }
  }

  /**
   * The store that is replayed.
   *
   * @param keys how many different ones are asked for
   * @param zipf exponent of their popularity
   * @param cacheKeys how many of them its cache holds
   */
  public record Store(
      int servers, Duration hit, Duration miss, int keys, double zipf, int cacheKeys) {
    /** Its physics. */
    public StoreSettings settings() {
      return StoreSettings.usual(servers, hit, miss, cacheKeys);
    }
  }

  /** A row of the incident's table. */
  public record Row(
      String name, String impact, String asks, String degraded, List<Client> clients) {
    public Row {
      clients = List.copyOf(clients);
    }
  }

  /**
   * A system's clients.
   *
   * @param part which of the system's requests, where it has two kinds
   */
  public record Client(
      @Nullable String part,
      String className,
      double share,
      boolean writes,
      Duration timeout,
      int retries) {}

  public Incident {
    published = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(published));
    timeline = List.copyOf(timeline);
    classes = List.copyOf(classes);
    systems = List.copyOf(systems);
  }

  /** The same, replayed in another way. */
  public Incident replayedBy(Replay other) {
    return new Incident(name, title, published, timeline, other, classes, systems);
  }

  /** The clients of all systems, in the order of the rows. */
  public Population population() {
    List<SystemTraffic> traffic = new ArrayList<>();
    for (Row row : systems) {
      for (Client client : row.clients()) {
        traffic.add(
            new SystemTraffic(
                name(row, client),
                client.className(),
                client.share(),
                client.writes(),
                client.timeout(),
                client.retries(),
                replay.backoff()));
      }
    }
    return new Population(
        replay.ratePerSecond(),
        classes,
        traffic,
        replay.honouring(),
        new Zipf(replay.store().keys(), replay.store().zipf()));
  }

  private static String name(Row row, Client client) {
    return client.part() == null ? row.name() : row.name() + ", " + client.part();
  }
}
