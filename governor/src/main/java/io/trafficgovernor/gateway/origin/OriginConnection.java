package io.trafficgovernor.gateway.origin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;

/**
 * One connection to an origin; carries one call at a time. Confined to its event loop. Whoever has
 * it gives it back with {@link #release}, or ends it with {@link #close}.
 */
final class OriginConnection {
  private final OriginPool pool;
  private final HttpClientConnection wire;
  private boolean closed;
  private boolean busy = true;
  private long idleSinceNanos;

  OriginConnection(OriginPool pool, HttpClientConnection wire) {
    this.pool = pool;
    this.wire = wire;
    wire.closeHandler(ignored -> ended());
    wire.exceptionHandler(failure -> {});
  }

  /** A request to be filled in; nothing is sent yet. Fails if the connection has been closed. */
  Future<HttpClientRequest> request(RequestOptions options) {
    return wire.request(options);
  }

  boolean closed() {
    return closed;
  }

  OriginHealth health() {
    return pool.health();
  }

  boolean busy() {
    return busy;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void taken() {
    busy = true;
  }

  void idle(long nowNanos) {
    busy = false;
    idleSinceNanos = nowNanos;
  }

  /** The call is over and left nothing behind on the wire. */
  void release(long nowNanos) {
    if (!closed) {
      pool.released(this, nowNanos);
    }
  }

  /** Nothing more is to be heard from it. */
  void close() {
    if (!closed) {
      ended();
      var unused = wire.close();
    }
  }

  private void ended() {
    if (!closed) {
      closed = true;
      pool.closed(this);
    }
  }
}
