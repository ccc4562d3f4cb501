package io.trafficgovernor.loadtest.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a store is like.
 *
 * @param servers requests served at a time
 * @param hitSeconds mean service time of a key in the cache
 * @param missSeconds mean service time of any other key
 * @param noise how service times scatter
 * @param cacheKeys keys the cache holds
 * @param queueLimit requests that may wait; one more is refused with 503
 * @param backlogLoss kappa: how much speed a backlog beyond eight times the servers costs; 0 for
 *     none
 * @param connectionSeconds what the first request of a new connection costs on top
 * @param crash what makes it restart by itself
 */
public record StoreSettings(
    int servers,
    double hitSeconds,
    double missSeconds,
    Noise noise,
    int cacheKeys,
    int queueLimit,
    double backlogLoss,
    double connectionSeconds,
    Crash crash) {
  /** Memory, collector and locks: measured shapes lie between 0.2 and 0.5. */
  public static final double USUAL_BACKLOG_LOSS = 0.35;

  /**
   * The restart rule.
   *
   * @param waitSeconds queueing time that counts as sick; positive infinity for never
   * @param forSeconds how long it must be sick before it restarts
   * @param downSeconds how long a restart takes; the cache is empty afterwards
   */
  public record Crash(double waitSeconds, double forSeconds, double downSeconds) {
    /** It bears any queue. */
    public static final Crash NEVER = new Crash(Double.POSITIVE_INFINITY, 0, 0);
  }

  public StoreSettings {
    requireNonNull(noise, "noise");
    requireNonNull(crash, "crash");
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

  /** A store with lognormal noise (0 for none), the usual loss and free connections. */
  public StoreSettings(
      int servers,
      double hitSeconds,
      double missSeconds,
      double variation,
      int cacheKeys,
      int queueLimit,
      Crash crash) {
    this(
        servers,
        hitSeconds,
        missSeconds,
        variation == 0 ? new Noise.None() : new Noise.Lognormal(variation),
        cacheKeys,
        queueLimit,
        USUAL_BACKLOG_LOSS,
        0,
        crash);
  }

  /** The same store with that many times the servers. */
  public StoreSettings scaled(int times) {
    return with(times * servers, hitSeconds, missSeconds);
  }

  /** The same store without slow keys, and of that speed: requests per second. */
  public StoreSettings withCapacity(double perSecond) {
    double seconds = servers / perSecond;
    return with(servers, seconds, seconds);
  }

  private StoreSettings with(int servers, double hitSeconds, double missSeconds) {
    return new StoreSettings(
        servers,
        hitSeconds,
        missSeconds,
        noise,
        cacheKeys,
        queueLimit,
        backlogLoss,
        connectionSeconds,
        crash);
  }

  /** Requests per second it can serve at that share of cache hits. */
  public double capacity(double hitShare) {
    return servers / (hitShare * hitSeconds + (1 - hitShare) * missSeconds);
  }
}
