package io.trafficgovernor.cluster.quota;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What this node may use of one tenant's quota: tokens taken from the grid and, while the grid is
 * away, its own part of the quota. That part is spent before it is taken, so it is owed to the grid
 * until it can be told. Guarded by itself.
 */
final class TenantAccount {
  private static final double NANOS_PER_SECOND = 1e9;

  /** The grid is away for one that has not been answered for so long. */
  static final long AWAY_NANOS = 1_000_000_000L;

  /** What was taken and not used for so long is not saved up for a burst. */
  private static final long UNUSED_NANOS = 2_000_000_000L;

  /** Tokens are taken for so long ahead, and for twice the time since the last taking. */
  private static final double AHEAD_SECONDS = 0.2;

  private static final double DEMAND_MEMORY_SECONDS = 0.5;

  private final String tenant;
  private final Quota quota;
  private final int nodes;
  private double taken;
  private double own;
  private double owed;
  private double asked;
  private double demandPerSecond;
  private boolean asking;
  private long heardNanos;
  private long refilledNanos;
  private long lookedNanos;
  private long usedNanos;

  /** One order to the grid. */
  record Order(long owed, long wish) {}

  /** An account that has one token of its own, so that a first request need not be refused. */
  TenantAccount(String tenant, Quota quota, int nodes, long nowNanos) {
    this.tenant = requireNonNull(tenant, "tenant");
    this.quota = requireNonNull(quota, "quota");
    this.nodes = nodes;
    this.own = 1;
    this.heardNanos = nowNanos;
    this.refilledNanos = nowNanos;
    this.lookedNanos = nowNanos;
    this.usedNanos = nowNanos;
  }

  String tenant() {
    return tenant;
  }

  Quota quota() {
    return quota;
  }

  /**
   * Uses tokens, if there are enough.
   *
   * @return 0, or in how many nanoseconds there may be enough
   */
  synchronized long use(int cost, long nowNanos) {
    asked += cost;
    usedNanos = nowNanos;
    refill(nowNanos);
    if (taken >= cost) {
      taken -= cost;
      return 0;
    }
    if (own >= cost) {
      own -= cost;
      owed += cost;
      return 0;
    }
    return (long) Math.ceil(cost / quota.perSecond() * NANOS_PER_SECOND);
  }

  private boolean away(long nowNanos) {
    return nowNanos - heardNanos > AWAY_NANOS;
  }

  /** The node's own part grows only while the grid is away. */
  private void refill(long nowNanos) {
    long from = Math.max(refilledNanos, heardNanos + AWAY_NANOS);
    if (nowNanos - from > 0) {
      double more = quota.perSecond() / nodes * (nowNanos - from) / NANOS_PER_SECOND;
      own = Math.min(Math.max(1, quota.burst() / nodes), own + more);
      refilledNanos = nowNanos;
    }
  }

  /** What to ask the grid for now; null if nothing, or if it has been asked. */
  synchronized @Nullable Order order(long nowNanos) {
    double seconds = (nowNanos - lookedNanos) / NANOS_PER_SECOND;
    if (asking || seconds <= 0) {
      return null;
    }
    double weight = 1 - Math.exp(-seconds / DEMAND_MEMORY_SECONDS);
    demandPerSecond += weight * (asked / seconds - demandPerSecond);
    double ahead = Math.max(AHEAD_SECONDS, 2 * seconds);
    double most = quota.perSecond() * ahead;
    double wanted = Math.min(most, Math.max(asked, demandPerSecond * ahead)) - taken;
    boolean wants = asked > 0 && wanted > 0;
    long wish = wants ? (long) Math.ceil(Math.min(wanted, quota.burst())) : 0;
    asked = 0;
    lookedNanos = nowNanos;
    if (nowNanos - usedNanos > UNUSED_NANOS) {
      taken = 0;
    }
    long debt = (long) owed;
    if (wish == 0 && debt == 0) {
      heardNanos = nowNanos;
      return null;
    }
    asking = true;
    return new Order(debt, wish);
  }

  /** The grid has given that many tokens, and knows of what was owed. */
  synchronized void given(Order order, long tokens, long nowNanos) {
    asking = false;
    taken += tokens;
    owed -= order.owed();
    own = 0;
    heardNanos = nowNanos;
    refilledNanos = nowNanos;
  }

  /** The grid has not answered: what was taken may be lost, what is owed is told again. */
  synchronized void failed() {
    asking = false;
  }

  synchronized boolean isAway(long nowNanos) {
    return away(nowNanos);
  }

  /** Whether nothing is lost if it is forgotten: by now a new one would have saved up as much. */
  synchronized boolean idle(long nowNanos) {
    double seconds = Math.max(60, nodes / quota.perSecond());
    return !asking && owed < 1 && nowNanos - usedNanos > seconds * NANOS_PER_SECOND;
  }
}
