package io.trafficgovernor.gateway.origin;

import io.trafficgovernor.admission.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one origin. At most {@code maxCalls} calls are under way on
 * them, and at most as many wait, by class; in HTTP/1.1 each call has a connection for itself. The
 * latest used is used first, so that those not needed grow old and are closed. Confined to its
 * event loop.
 */
final class OriginPool {
  private final Supplier<Future<HttpClientConnection>> dial;
  private final int maxCalls;
  private final int callsEach;
  private final Ticker ticker;
  private final Pace pace;

  private final OriginHealth health = new OriginHealth();
  private final Set<OriginConnection> all = new HashSet<>();

  /** Those with room, but for some that have lost it since: they are dropped when they come up. */
  private final Deque<OriginConnection> free = new ArrayDeque<>();

  private final WaitingLine waiting;
  private boolean held;
  private int connecting;
  private int calls;

  /** Whoever wants a connection; told once, unless it has said that it no longer does. */
  interface Waiter {
    /** Whether it still wants one. */
    boolean wants();

    /** Of its class: 0 is served first. */
    int rank();

    /** It has the connection now. */
    void connected(OriginConnection connection);

    /** No connection could be made. */
    void unreachable(Throwable cause);

    /** Until when it can wait for a new connection to be begun. */
    long patienceEndsNanos();

    /**
     * It gets none.
     *
     * @param slowly none could be begun in that time; else a higher class has taken its place
     */
    void noConnection(boolean slowly);
  }

  /**
   * How fast connections are begun.
   *
   * @param ramp of the backend, for the whole node
   * @param vertx on whose event loop the pool is
   */
  record Pace(ConnectRamp ramp, Vertx vertx) {}

  /**
   * No connections yet.
   *
   * @param callsEach how many calls a connection is expected to carry
   */
  OriginPool(
      Supplier<Future<HttpClientConnection>> dial,
      int maxCalls,
      int callsEach,
      Ticker ticker,
      Pace pace) {
    this.pace = pace;
    this.dial = dial;
    this.maxCalls = maxCalls;
    this.waiting = new WaitingLine(maxCalls);
    this.callsEach = callsEach;
    this.ticker = ticker;
  }

  OriginHealth health() {
    return health;
  }

  /** Calls under way and requests that wait for a connection. */
  int load() {
    return calls + waiting.size();
  }

  /**
   * Gives the waiter a connection, at once if one has room.
   *
   * @return false if too many of its class and above wait already: it will not be told
   */
  boolean take(Waiter waiter) {
    OriginConnection ready = calls < maxCalls ? withRoom() : null;
    if (ready != null) {
      use(ready, waiter);
      return true;
    }
    Waiter displaced = waiting.add(waiter);
    if (waiter.equals(displaced)) {
      return false;
    }
    connectForWaiting();
    if (displaced != null && displaced.wants()) {
      displaced.noConnection(false);
    }
    return true;
  }

  /** The latest used that has room; taken off the list. */
  private @Nullable OriginConnection withRoom() {
    OriginConnection latest = free.pollLast();
    while (latest != null) {
      latest.offered(false);
      if (latest.hasRoom()) {
        return latest;
      }
      latest = free.pollLast();
    }
    return null;
  }

  private void use(OriginConnection connection, Waiter waiter) {
    connection.taken();
    calls++;
    keep(connection);
    waiter.connected(connection);
  }

  private void keep(OriginConnection connection) {
    if (connection.hasRoom() && !connection.offered()) {
      connection.offered(true);
      free.addLast(connection);
    }
  }

  private void connectForWaiting() {
    boolean wanted = (long) connecting * callsEach < waiting.size();
    boolean allowed = calls + connecting < maxCalls && all.size() + connecting < maxCalls;
    if (!wanted || !allowed || held) {
      return;
    }
    long waitNanos = pace.ramp().take(ticker.nanos());
    if (waitNanos > 0) {
      held = true;
      pace.vertx().setTimer((waitNanos + 999_999) / 1_000_000, ignored -> lookAgain());
      return;
    }
    connecting++;
    var unused = dial.get().onComplete(this::connected, this::failed);
    connectForWaiting();
  }

  /** A token may be there now; those who could not wait for it are told. */
  private void lookAgain() {
    held = false;
    waiting.purge();
    connectForWaiting();
    long now = ticker.nanos();
    int served = connecting * callsEach;
    List<Waiter> gone = new ArrayList<>();
    for (Waiter each : waiting) {
      if (served > 0) {
        served--;
      } else if (each.patienceEndsNanos() - now <= 0) {
        gone.add(each);
      }
    }
    if (!gone.isEmpty()) {
      waiting.removeIf(Set.copyOf(gone)::contains);
      gone.stream().filter(Waiter::wants).forEach(this::refuse);
    }
  }

  private void refuse(Waiter waiter) {
    pace.ramp().refused();
    waiter.noConnection(true);
  }

  private void connected(HttpClientConnection wire) {
    connecting--;
    OriginConnection connection = new OriginConnection(this, wire, ticker.nanos());
    all.add(connection);
    offer(connection);
  }

  private void failed(Throwable cause) {
    connecting--;
    health.unreachable(ticker.nanos());
    // as many as would have shared it, chosen before any is told: it may come back to this line
    List<Waiter> least = new ArrayList<>();
    Waiter next = waiting.pollLowest();
    while (next != null) {
      least.add(next);
      next = least.size() < callsEach ? waiting.pollLowest() : null;
    }
    for (Waiter each : least) {
      if (each.wants()) {
        each.unreachable(cause);
      }
    }
    connectForWaiting();
  }

  /** One call less on that connection. */
  void released(OriginConnection connection) {
    calls--;
    offer(connection);
  }

  private void offer(OriginConnection connection) {
    while (connection.hasRoom() && calls < maxCalls) {
      Waiter next = waiting.poll();
      if (next == null) {
        break;
      }
      use(connection, next);
    }
    keep(connection);
    connectForWaiting();
  }

  void closed(OriginConnection connection) {
    all.remove(connection);
    if (connection.offered()) {
      connection.offered(false);
      free.remove(connection);
    }
    connectForWaiting();
  }

  /** Closes what is idle. */
  void closeIdle() {
    for (OriginConnection each : List.copyOf(free)) {
      if (each.calls() == 0) {
        each.close();
      }
    }
  }

  /** Closes what was not used since that instant, and forgets those who have left the line. */
  void sweep(long beforeNanos) {
    waiting.purge();
    for (OriginConnection each : List.copyOf(free)) {
      if (each.calls() == 0 && each.idleSinceNanos() - beforeNanos < 0) {
        each.close();
      }
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
