package io.trafficgovernor.gateway.origin;

import io.trafficgovernor.admission.Ticker;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one origin: at most {@code maxConnections} of them, and at
 * most as many waiting for one. The latest used is used first, so that those not needed grow old
 * and are closed. Confined to its event loop.
 */
final class OriginPool {
  private final Supplier<Future<HttpClientConnection>> dial;
  private final int maxConnections;
  private final Ticker ticker;

  private final OriginHealth health = new OriginHealth();
  private final Set<OriginConnection> all = new HashSet<>();
  private final Deque<OriginConnection> idle = new ArrayDeque<>();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private int connecting;

  /** Whoever wants a connection; told once, unless it has said that it no longer does. */
  interface Waiter {
    /** Whether it still wants one. */
    boolean wants();

    /** It has the connection now. */
    void connected(OriginConnection connection);

    /** No connection could be made. */
    void unreachable(Throwable cause);
  }

  OriginPool(Supplier<Future<HttpClientConnection>> dial, int maxConnections, Ticker ticker) {
    this.dial = dial;
    this.ticker = ticker;
    this.maxConnections = maxConnections;
  }

  OriginHealth health() {
    return health;
  }

  /** Connections in use and requests that wait for one. */
  int load() {
    return all.size() - idle.size() + waiting.size();
  }

  /**
   * Gives the waiter a connection, at once if one is idle.
   *
   * @return false if too many wait already: it will not be told
   */
  boolean take(Waiter waiter) {
    OriginConnection ready = idle.pollLast();
    if (ready != null) {
      ready.taken();
      waiter.connected(ready);
      return true;
    }
    if (waiting.size() >= maxConnections) {
      waiting.removeIf(each -> !each.wants());
    }
    if (waiting.size() >= maxConnections) {
      return false;
    }
    waiting.addLast(waiter);
    connectForWaiting();
    return true;
  }

  private void connectForWaiting() {
    if (connecting < waiting.size() && all.size() + connecting < maxConnections) {
      connecting++;
      var unused = dial.get().onComplete(this::connected, this::failed);
    }
  }

  private void connected(HttpClientConnection wire) {
    connecting--;
    OriginConnection connection = new OriginConnection(this, wire);
    all.add(connection);
    offer(connection, ticker.nanos());
  }

  private void failed(Throwable cause) {
    connecting--;
    health.unreachable(ticker.nanos());
    Waiter first = nextWaiter();
    if (first != null) {
      first.unreachable(cause);
    }
    connectForWaiting();
  }

  void released(OriginConnection connection, long nowNanos) {
    offer(connection, nowNanos);
  }

  private void offer(OriginConnection connection, long nowNanos) {
    Waiter first = nextWaiter();
    if (first != null) {
      connection.taken();
      first.connected(connection);
    } else {
      connection.idle(nowNanos);
      idle.addLast(connection);
    }
  }

  private @Nullable Waiter nextWaiter() {
    Waiter first = waiting.pollFirst();
    while (first != null && !first.wants()) {
      first = waiting.pollFirst();
    }
    return first;
  }

  void closed(OriginConnection connection) {
    all.remove(connection);
    if (!connection.busy()) {
      idle.remove(connection);
    }
    connectForWaiting();
  }

  /** Closes what was not used since that instant. */
  void closeIdleSince(long beforeNanos) {
    OriginConnection oldest = idle.peekFirst();
    while (oldest != null && oldest.idleSinceNanos() - beforeNanos < 0) {
      idle.removeFirst();
      oldest.close();
      oldest = idle.peekFirst();
    }
  }

  /** Closes everything. */
  void close() {
    waiting.clear();
    for (OriginConnection each : Set.copyOf(all)) {
      each.close();
    }
  }
}
