package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.observe.TurnedAway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpSettings;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clients' connections of one event loop: how many there are, and which of them owe a request.
 * One that does not bring its next head in time is closed, however slowly it keeps sending.
 * Confined to its event loop, but for the {@link Places} of the node.
 */
final class Clients {
  private static final long SWEEP_MILLIS = 500;

  /**
   * PING and SETTINGS between two sweeps, each of which costs an answer: far more than anybody
   * measures a line with, and far less than what costs the loop much. Whoever has a request under
   * way may send more: gRPC measures with each piece of a body.
   */
  private static final int MAX_IDLE_CONTROLS = 1_000;

  private static final int MAX_CONTROLS = 20 * MAX_IDLE_CONTROLS;

  /** A window of a stream that may be too small for the body of a short answer. */
  private static final int TIGHT_WINDOW_BYTES = 16 * 1024;

  private static final Buffer PUSH = Buffer.buffer(new byte[8]);

  /** Lest a reset overtake the last answer. */
  private static final long LINGER_MILLIS = 500;

  private final Vertx vertx;
  private final Ticker ticker;
  private final Places places;
  private final long firstHeadNanos;
  private final long nextHeadNanos;
  private final Consumer<TurnedAway> turnedAway;
  private final Map<HttpConnection, Client> all = new HashMap<>();
  private final long sweep;
  private int busy;
  private boolean leaving;
  private @Nullable Promise<Void> drained;

  /** Connections of clients of the whole node. Thread-safe. */
  static final class Places implements Shareable {
    private final AtomicInteger taken = new AtomicInteger();
    private final int limit;

    Places(int limit) {
      this.limit = limit;
    }

    private boolean take() {
      boolean fits = taken.incrementAndGet() <= limit;
      if (!fits) {
        taken.decrementAndGet();
      }
      return fits;
    }

    private void give() {
      taken.decrementAndGet();
    }
  }

  /**
   * How long a connection may take for a head.
   *
   * @param firstHeadNanos a new one
   * @param nextHeadNanos a kept-alive one
   */
  record Times(long firstHeadNanos, long nextHeadNanos) {}

  /** One connection. */
  private static final class Client {
    private int requests;
    private boolean served;
    private boolean closing;
    private boolean tight;
    private int controls;
    private long owesSinceNanos;

    private void settings(HttpSettings settings) {
      controls++;
      tight =
          settings instanceof Http2Settings of2 && of2.getInitialWindowSize() < TIGHT_WINDOW_BYTES;
    }

    /** Whether it sent too many since that was asked last. */
    private boolean floods() {
      boolean floods = controls > (requests == 0 ? MAX_IDLE_CONTROLS : MAX_CONTROLS);
      controls = 0;
      return floods;
    }
  }

  /**
   * No connections yet.
   *
   * @param times how long a connection may take for a head
   * @param turnedAway told of each connection that is closed unheard
   */
  Clients(Vertx vertx, Ticker ticker, Places places, Times times, Consumer<TurnedAway> turnedAway) {
    this.vertx = vertx;
    this.ticker = ticker;
    this.places = places;
    this.firstHeadNanos = times.firstHeadNanos();
    this.nextHeadNanos = times.nextHeadNanos();
    this.turnedAway = turnedAway;
    this.sweep = vertx.setPeriodic(SWEEP_MILLIS, timer -> closeOwing(ticker.nanos()));
  }

  /** A connection was made; it is closed at once if there is no place. */
  void connected(HttpConnection connection) {
    if (!places.take()) {
      turnedAway.accept(TurnedAway.NO_PLACE);
      var unused = connection.close();
      return;
    }
    Client client = new Client();
    client.owesSinceNanos = ticker.nanos();
    all.put(connection, client);
    connection.closeHandler(ignored -> closed(connection));
    if (connection.protocolVersion() == HttpVersion.HTTP_2) {
      client.settings(connection.remoteSettings());
      connection.remoteSettingsHandler(client::settings);
      connection.pingHandler(ignored -> client.controls++);
    }
  }

  /**
   * In HTTP/2: the head of the answer shall leave at once even if there is no window for its body,
   * behind which the codec would hold it. Source: RFC 9113 section 5.2.1: only DATA is held back.
   */
  void pushHead(HttpServerRequest request) {
    Client client = all.get(request.connection());
    if (client != null && client.tight) {
      request
          .response()
          .headersEndHandler(
              head -> vertx.runOnContext(ignored -> request.connection().ping(PUSH)));
    }
  }

  /** A connection is gone, or no longer ours to count. Idempotent. */
  void closed(HttpConnection connection) {
    Client client = all.remove(connection);
    if (client != null) {
      places.give();
      busy -= client.requests;
      tellIfDrained();
    }
  }

  /**
   * A request's head has come in full.
   *
   * @return whether it may be answered; not if the answer before it said that it is the last one.
   *     Source: RFC 9112 section 9.6
   */
  boolean begun(HttpConnection connection) {
    Client client = all.get(connection);
    if (client != null && client.closing) {
      return false;
    }
    if (client != null) {
      client.requests++;
      busy++;
    }
    return true;
  }

  /** A request has been answered. */
  void ended(HttpConnection connection) {
    Client client = all.get(connection);
    if (client != null) {
      client.requests--;
      client.served = true;
      client.owesSinceNanos = ticker.nanos();
      busy--;
      tellIfDrained();
    }
  }

  private void closeOwing(long nowNanos) {
    all.forEach(
        (connection, client) -> {
          if (client.floods()) {
            turnedAway.accept(TurnedAway.FLOOD);
            vertx.runOnContext(ignored -> connection.close());
          }
          long limit = client.served ? nextHeadNanos : firstHeadNanos;
          if (client.requests == 0 && nowNanos - client.owesSinceNanos > limit) {
            if (!client.served) {
              turnedAway.accept(TurnedAway.SLOW_HEAD);
            }
            // counted once, however long the closing takes
            client.owesSinceNanos = nowNanos;
            // Told later: the map must not change under the sweep.
            vertx.runOnContext(ignored -> connection.close());
          }
        });
  }

  /**
   * In HTTP/1.1: closes a connection whose answer should arrive first: what still comes in, further
   * requests too, is thrown away.
   */
  void closeSoon(HttpConnection connection) {
    Client client = all.get(connection);
    if (client != null) {
      client.closing = true;
    }
    vertx.setTimer(LINGER_MILLIS, timer -> connection.close());
  }

  /**
   * Whether the node is shutting down, or will be soon: each answer now says that its connection
   * closes.
   */
  boolean draining() {
    return leaving || drained != null;
  }

  /** The node will shut down soon: clients are to look for another one. */
  void leave() {
    leaving = true;
  }

  /**
   * From now on the node is shutting down; done when no request is under way.
   *
   * @param bound how long those under way may take
   */
  Future<Void> drain(Duration bound) {
    Promise<Void> promise = Promise.promise();
    drained = promise;
    for (HttpConnection each : List.copyOf(all.keySet())) {
      if (each.protocolVersion() == HttpVersion.HTTP_2) {
        // HTTP/1.1 is told by the answers; here new requests go elsewhere, and old ones on
        var unused = each.shutdown(bound);
      }
    }
    tellIfDrained();
    return promise.future();
  }

  private void tellIfDrained() {
    if (drained != null && busy == 0) {
      drained.tryComplete();
    }
  }

  /** Ends the watch; the connections are the server's to close. */
  void close() {
    vertx.cancelTimer(sweep);
  }
}
