package io.trafficgovernor.admission.herd;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant.ClusterView;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.Arrays;

/**
 * Tells each refused client when to come back, so that the herd returns along the ramp instead of
 * ahead of it.
 *
 * <p>A key above the cutoff is told when the ceiling is expected to reach the demand up to that
 * key: the ramp turned round, without any state, so every node says the same and asking again gives
 * the same instant. A key below the cutoff that found no token takes the next place in its class's
 * queue of returns, which moves on as fast as tokens are left over: one number per class.
 *
 * <p>Not thread-safe: the controller guards it. Source: DESIGN.md, "Herd schedule".
 */
public final class ReturnSchedule {
  /** Nobody is called back sooner: Retry-After knows whole seconds only. */
  public static final long MIN_NANOS = 1_000_000_000L;

  /** Nobody is sent away for longer. */
  public static final long MAX_NANOS = 300_000_000_000L;

  private static final double GOLDEN = 0.6180339887498949;
  private static final double SECOND = 1e9;

  /** Where there is nothing to plan by: 1 to 5 s. */
  private static final double SOON_SECONDS = 1;

  private static final double SOON_SPREAD_SECONDS = 4;

  /** While the backend is away: 15 to 45 s. */
  private static final double AWAY_SECONDS = 15;

  private static final double AWAY_SPREAD_SECONDS = 30;

  /** A plan is late more often than early, so clients are called a tenth later. */
  private static final double LATE_FACTOR = 1.1;

  private static final double JITTER_SECONDS = 0.25;

  /** Demand that is let past, as a multiple of the ceiling: less than the cutoff's. */
  private static final double HEADROOM = 1.1;

  /** Places are given out for this part of the tokens left over. */
  private static final double USED = 0.97;

  /** Places go on at this part of the ceiling, at least, though nothing is left over. */
  private static final double LEAST_LEFT = 0.1;

  private final long[] lastPlaceNanos;
  private double spread;
  private boolean started;
  private long salt;
  private Phase phase = Phase.PROBING;

  /** A schedule for that many classes, in which nobody has a place. */
  public ReturnSchedule(int classes) {
    lastPlaceNanos = new long[classes];
  }

  /**
   * Nanoseconds after which a refused client should come back, in [{@value #MIN_NANOS}, {@value
   * #MAX_NANOS}].
   *
   * @param rank of its class
   * @param key of its session, under the view's salt
   * @param cluster the plan, from the last grant
   * @param nodeRatePerSecond tokens per second of this node
   */
  public long delayNanos(
      int rank,
      long key,
      ShedReason reason,
      ClusterView cluster,
      double nodeRatePerSecond,
      long nowNanos) {
    begin(cluster, nowNanos);
    if (cluster.phase() == Phase.OUTAGE || reason == ShedReason.OUTAGE) {
      return bounded(AWAY_SECONDS + AWAY_SPREAD_SECONDS * nextSpread());
    }
    boolean planned =
        cluster.ceilingPerSecond() > 0 && cluster.demandPerSecond().size() == lastPlaceNanos.length;
    if (!planned) {
      return soonNanos();
    }
    return switch (reason) {
      case CUTOFF -> byKey(rank, key, cluster);
      case GATE, TOKENS, SLOTS, TOO_LATE, ROOM_FULL, RETRY_BUDGET, LEASE_ENDED ->
          nextPlace(rank, cluster, nodeRatePerSecond, nowNanos);
      case OUTAGE, ISOLATED, FROZEN, OVERRIDE, DRAINING -> soonNanos();
    };
  }

  /** When a client should come back that another node may serve: 1 to 5 s, spread. */
  public long soonNanos() {
    return bounded(SOON_SECONDS + SOON_SPREAD_SECONDS * nextSpread());
  }

  /** A new incident, or a step back, makes all places void. */
  private void begin(ClusterView cluster, long nowNanos) {
    boolean stepBack = cluster.phase() == Phase.ROLLBACK && phase != Phase.ROLLBACK;
    phase = cluster.phase();
    if (!started || salt != cluster.incidentSalt() || stepBack) {
      Arrays.fill(lastPlaceNanos, nowNanos);
      salt = cluster.incidentSalt();
      started = true;
    }
  }

  /** When the ceiling reaches the demand up to that key. */
  private long byKey(int rank, long key, ClusterView cluster) {
    double within =
        rank == 0
            ? nextSpread()
            : (key - rank * SessionKey.PER_CLASS) / (double) SessionKey.PER_CLASS;
    double demand = above(rank, cluster) + within * cluster.demandPerSecond().get(rank);
    double wait = ramp(cluster).secondsUntil(demand / HEADROOM);
    return bounded(Math.max(1, LATE_FACTOR * wait) + JITTER_SECONDS * nextSpread());
  }

  /** The next place in the class's queue of returns. */
  private long nextPlace(int rank, ClusterView cluster, double nodeRate, long nowNanos) {
    long earliest = nowNanos + MIN_NANOS;
    long last = Math.max(lastPlaceNanos[rank], earliest);
    double seconds = (last - nowNanos) / SECOND;
    double ceiling = ramp(cluster).ceilingIn(seconds);
    double taken = above(rank, cluster) + cluster.demandPerSecond().get(rank);
    double left = Math.max(LEAST_LEFT * ceiling, ceiling - taken);
    double nodeShare = Math.min(1, nodeRate / cluster.ceilingPerSecond());
    double placesPerSecond = Math.max(0.1, USED * left * nodeShare);
    long place = Math.min(last + (long) (SECOND / placesPerSecond), nowNanos + MAX_NANOS);
    lastPlaceNanos[rank] = place;
    return place - nowNanos;
  }

  private static PlannedRamp ramp(ClusterView cluster) {
    return new PlannedRamp(cluster.ceilingPerSecond(), cluster.growthPerSecond());
  }

  private static double above(int rank, ClusterView cluster) {
    double sum = 0;
    for (int higher = 0; higher < rank; higher++) {
      sum += cluster.demandPerSecond().get(higher);
    }
    return sum;
  }

  /** The next of a sequence that fills [0, 1) evenly. */
  private double nextSpread() {
    spread = (spread + GOLDEN) % 1.0;
    return spread;
  }

  private static long bounded(double seconds) {
    return Math.max(MIN_NANOS, Math.min(MAX_NANOS, (long) (seconds * SECOND)));
  }
}
