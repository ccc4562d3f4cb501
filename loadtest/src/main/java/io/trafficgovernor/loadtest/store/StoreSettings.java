package io.trafficgovernor.loadtest.store;

import java.time.Duration;

/**
 * What a store is like.
 *
 * @param servers requests served at a time
 * @param hitSeconds mean service time of a key in the cache
 * @param missSeconds mean service time of any other key
 * @param variation coefficient of variation of the service times (lognormal); 0 for none
 * @param cacheKeys keys the cache holds
 * @param queueLimit requests that may wait; one more is refused with 503
 * @param crash what makes it restart by itself
 */
public record StoreSettings(
    int servers,
    double hitSeconds,
    double missSeconds,
    double variation,
    int cacheKeys,
    int queueLimit,
    Crash crash) {

  /**
   * The restart rule.
   *
   * @param waitSeconds queueing time that counts as sick
   * @param forSeconds how long it must be sick before it restarts
   * @param downSeconds how long a restart takes; the cache is empty afterwards
   */
  public record Crash(double waitSeconds, double forSeconds, double downSeconds) {}

  public StoreSettings {
    if (servers < 1 || cacheKeys < 1 || queueLimit < 0) {
      throw new IllegalArgumentException(
          "store: got %d servers, %d cache keys, a queue of %d; allowed 1, 1 and 0 or more"
              .formatted(servers, cacheKeys, queueLimit));
    }
  }

  /**
   * A store whose service times vary as much as their mean, whose queue holds 4 000, and which
   * restarts for 20 s after 8 s with a wait over 5 s. Source: DESIGN.md, "The store".
   */
  public static StoreSettings usual(int servers, Duration hit, Duration miss, int cacheKeys) {
    return new StoreSettings(
        servers,
        hit.toNanos() / 1e9,
        miss.toNanos() / 1e9,
        1,
        cacheKeys,
        4_000,
        new Crash(5, 8, 20));
  }

  /** Requests per second it can serve at that share of cache hits. */
  public double capacity(double hitShare) {
    return servers / (hitShare * hitSeconds + (1 - hitShare) * missSeconds);
  }

  public StoreSettings withServers(int servers) {
    return new StoreSettings(
        servers, hitSeconds, missSeconds, variation, cacheKeys, queueLimit, crash);
  }

  public StoreSettings withCacheKeys(int cacheKeys) {
    return new StoreSettings(
        servers, hitSeconds, missSeconds, variation, cacheKeys, queueLimit, crash);
  }
}
