package io.trafficgovernor.gateway.origin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to an origin; carries one call at a time in HTTP/1.1, and up to {@value
 * #MAX_STREAMS} in HTTP/2. Confined to its event loop. Whoever has a place on it gives it back,
 * once: with {@link #release}, or with {@link #abort} if the call left something on the wire.
 */
final class OriginConnection {
  /** Calls that share a connection, if the origin allows as many. */
  static final int MAX_STREAMS = 100;

  /** RFC 9113 section 7: the stream is not needed any more. */
  private static final long CANCEL = 0x8;

  private static final Logger LOG = LoggerFactory.getLogger(OriginConnection.class);

  private final OriginPool pool;
  private final HttpClientConnection wire;
  private final boolean shared;

  /** Of a connection that is not shared: in HTTP/2 each answer says whose it is. */
  private final @Nullable UnaskedBytes unasked;

  private boolean closed;
  private boolean leaving;
  private boolean offered;
  private int calls;
  private boolean used;
  private long idleSinceNanos;

  OriginConnection(OriginPool pool, HttpClientConnection wire, long nowNanos) {
    this.pool = pool;
    this.idleSinceNanos = nowNanos;
    this.wire = wire;
    this.shared = wire.protocolVersion() == HttpVersion.HTTP_2;
    wire.closeHandler(ignored -> ended());
    wire.exceptionHandler(failure -> {});
    if (shared) {
      wire.goAwayHandler(ignored -> leave());
    }
    this.unasked = shared ? null : new UnaskedBytes(wire, this::sentUnasked);
  }

  /** A call under way has its answer, and ends as any other; then nothing more is sent here. */
  private void sentUnasked() {
    if (pool.health().sentUnasked()) {
      LOG.warn(
          "Origin {} sends bytes that belong to no request: such a connection is closed, and from"
              + " now on each that has carried a 204, a 304 or the answer to a HEAD",
          wire.remoteAddress());
    }
    if (calls == 0) {
      close();
    }
  }

  /** A request to be filled in; nothing is sent yet. Fails if the connection has been closed. */
  Future<HttpClientRequest> request() {
    return wire.request(new RequestOptions());
  }

  boolean closed() {
    return closed;
  }

  /** Whether the call on it is not the first, and has it for itself. */
  boolean usedBefore() {
    return used && !shared;
  }

  /** The one used last had been closed, so all those that are idle have been as well. */
  void dropIdle() {
    pool.closeIdle();
  }

  /** Whether one more call fits. */
  boolean hasRoom() {
    long most = shared ? Math.min(MAX_STREAMS, wire.maxActiveStreams()) : 1;
    return !closed && !leaving && calls < most;
  }

  OriginHealth health() {
    return pool.health();
  }

  int calls() {
    return calls;
  }

  /** Whether it is among those that the pool hands out. */
  boolean offered() {
    return offered;
  }

  void offered(boolean yes) {
    offered = yes;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void taken() {
    calls++;
    if (unasked != null) {
      unasked.asked();
    }
  }

  /**
   * The call is over and left nothing behind on the wire, as far as it knows: where the connection
   * is not shared, the place is free when that has been looked at.
   */
  void release(long nowNanos) {
    if (unasked != null && !closed) {
      unasked.answered(() -> released(nowNanos));
    } else {
      released(nowNanos);
    }
  }

  private void released(long nowNanos) {
    used = true;
    calls--;
    idleSinceNanos = nowNanos;
    if (unasked != null && unasked.found()) {
      close();
    }
    closeIfLeft();
    pool.released(this);
  }

  /**
   * Nothing more is to be heard of that call: its stream is reset, or, where it has the connection
   * for itself, the connection is closed.
   */
  void abort(@Nullable HttpClientRequest request, long nowNanos) {
    if (shared && !closed) {
      if (request != null) {
        var unused = request.reset(CANCEL);
      }
      release(nowNanos);
    } else {
      calls--;
      close();
      pool.released(this);
    }
  }

  /** The origin takes no new calls here; those under way go on. */
  private void leave() {
    leaving = true;
    closeIfLeft();
  }

  private void closeIfLeft() {
    if (leaving && calls == 0) {
      close();
    }
  }

  /** Cuts every call on it. */
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
