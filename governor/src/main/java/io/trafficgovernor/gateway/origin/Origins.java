package io.trafficgovernor.gateway.origin;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.Origin;
import io.trafficgovernor.tls.Certificates;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One event loop's way to the backend: a pool of connections for each of its origins. Requests go
 * to the origin with the least load for its weight, and take turns where that is equal; origins
 * that fail are left out for a while. Confined to its event loop.
 */
public final class Origins {
  private static final long SWEEP_MILLIS = 1000;

  private final Vertx vertx;
  private final Ticker ticker;
  private final Dialer dialer;
  private final List<OriginPool> pools = new ArrayList<>();
  private final long idleNanos;
  private final long sweep;
  private int next;

  /**
   * Pools for that backend on the event loop of the caller; no connection is made yet.
   *
   * @param certificates for origins with TLS
   * @param ramp how fast connections are begun; the node's own for that backend
   */
  public Origins(
      Vertx vertx,
      Ticker ticker,
      GovernorConfig.Backend backend,
      Optional<Certificates> certificates,
      ConnectRamp ramp) {
    OriginPool.Pace pace = new OriginPool.Pace(ramp, vertx);
    this.vertx = requireNonNull(vertx, "vertx");
    this.ticker = requireNonNull(ticker, "ticker");
    this.dialer = new Dialer(vertx, backend, certificates, backend.connectTimeout());
    this.idleNanos = backend.idleTimeout().toNanos();
    int each = Math.max(1, backend.maxConnections() / backend.origins().size());
    int callsEach = backend.wire().http2() ? OriginConnection.MAX_STREAMS : 1;
    for (Origin origin : backend.origins()) {
      pools.add(new OriginPool(() -> dialer.dial(origin), each, callsEach, ticker, pace));
    }
    this.sweep =
        vertx.setPeriodic(
            SWEEP_MILLIS, ignored -> pools.forEach(pool -> pool.sweep(ticker.nanos() - idleNanos)));
  }

  /** Takes a connection; false if too many wait for one already. */
  boolean take(OriginPool.Waiter waiter) {
    return leastLoaded().take(waiter);
  }

  /** Among those not left out; among all if all are, for then it is the law that must refuse. */
  private OriginPool leastLoaded() {
    if (pools.size() == 1) {
      return pools.get(0);
    }
    long now = ticker.nanos();
    boolean anyUsable = pools.stream().anyMatch(pool -> pool.health().usable(now));
    OriginPool best = pools.get(next);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < pools.size(); i++) {
      OriginPool candidate = pools.get((next + i) % pools.size());
      double load = (candidate.load() + 1) / candidate.health().weight(now);
      if (load < least && (!anyUsable || candidate.health().usable(now))) {
        best = candidate;
        least = load;
      }
    }
    next = (next + 1) % pools.size();
    return best;
  }

  int count() {
    return pools.size();
  }

  Vertx vertx() {
    return vertx;
  }

  Ticker ticker() {
    return ticker;
  }

  /** Closes every connection, whatever it carries. */
  public void close() {
    vertx.cancelTimer(sweep);
    pools.forEach(OriginPool::close);
    dialer.close();
  }
}
