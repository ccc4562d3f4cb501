package io.trafficgovernor.gateway;

import io.trafficgovernor.gateway.head.EndToEnd;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Locale;

/**
 * A connection that has become a WebSocket: its bytes go both ways unread, no faster than the other
 * end takes them, until one end closes. Confined to its event loop. Source: RFC 6455 section 4, RFC
 * 9110 section 7.8.
 */
final class Tunnel {
  /** The status of a consent. */
  static final int SWITCHING = 101;

  private static final String WEBSOCKET = "websocket";

  private final NetSocket client;
  private final NetSocket backend;
  private final Runnable closed;
  private boolean over;

  /** The sockets of one event loop, and how many there may be. Confined to it. */
  static final class Places {
    private final int limit;
    private int taken;

    Places(int limit) {
      this.limit = limit;
    }

    /** The place of a request: none if it asks for no WebSocket, or if there may be no such. */
    Place of(HttpServerRequest request) {
      boolean wanted = limit > 0 && Tunnel.wanted(request);
      boolean granted = wanted && taken < limit;
      taken += granted ? 1 : 0;
      return new Place(this, wanted, granted);
    }
  }

  /** What a request that wants to become a WebSocket holds. */
  static final class Place {
    private final Places places;
    private final boolean wanted;
    private boolean granted;

    private Place(Places places, boolean wanted, boolean granted) {
      this.places = places;
      this.wanted = wanted;
      this.granted = granted;
    }

    boolean wanted() {
      return wanted;
    }

    /** Whether it wants one, and all are taken. */
    boolean missing() {
      return wanted && !granted;
    }

    /** It is no WebSocket, or no more. Idempotent. */
    void give() {
      if (granted) {
        granted = false;
        places.taken--;
      }
    }
  }

  private Tunnel(NetSocket client, NetSocket backend, Runnable closed) {
    this.client = client;
    this.backend = backend;
    this.closed = closed;
  }

  /** Whether a client asks for a WebSocket; any other upgrade is not heard. */
  static boolean wanted(HttpServerRequest request) {
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    return upgrade != null
        && upgrade.equalsIgnoreCase(WEBSOCKET)
        && request.method().equals(HttpMethod.GET)
        && request.version() == HttpVersion.HTTP_1_1
        && says(request.headers().getAll(HttpHeaders.CONNECTION), "upgrade");
  }

  private static boolean says(List<String> lines, String option) {
    return lines.stream()
        .flatMap(line -> List.of(line.split(",", -1)).stream())
        .anyMatch(each -> each.trim().toLowerCase(Locale.ROOT).equals(option));
  }

  /** Adds what makes a head one that asks for a WebSocket. */
  static void ask(MultiMap headers) {
    headers.set(HttpHeaders.CONNECTION, "Upgrade");
    headers.set(HttpHeaders.UPGRADE, WEBSOCKET);
  }

  /**
   * Passes the backend's consent on, and then everything.
   *
   * @param closed told once, when either end has closed
   */
  static void open(
      Loop loop, HttpServerRequest request, HttpClientResponse consent, Runnable closed) {
    loop.meters().sockets(1);
    Runnable over =
        () -> {
          loop.meters().sockets(-1);
          closed.run();
          loop.clients().closed(request.connection());
        };
    NetSocket backend = consent.netSocket();
    backend.pause();
    MultiMap headers = request.response().headers();
    EndToEnd.copy(consent.headers(), headers);
    ask(headers);
    request
        .toNetSocket()
        .onSuccess(client -> new Tunnel(client, backend, over).run())
        .onFailure(gone -> over.run());
  }

  private void run() {
    join(client, backend);
    join(backend, client);
    backend.resume();
  }

  private void join(NetSocket from, NetSocket to) {
    from.handler(chunk -> pass(from, to, chunk));
    from.endHandler(ignored -> close());
    from.closeHandler(ignored -> close());
    from.exceptionHandler(failure -> close());
  }

  private void pass(NetSocket from, NetSocket to, Buffer chunk) {
    if (over) {
      return;
    }
    var unused = to.write(chunk);
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(ignored -> from.resume());
    }
  }

  private void close() {
    if (!over) {
      over = true;
      var unused = client.close();
      unused = backend.close();
      closed.run();
    }
  }
}
