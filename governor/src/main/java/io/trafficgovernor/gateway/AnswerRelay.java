package io.trafficgovernor.gateway;

import io.trafficgovernor.gateway.head.EndToEnd;
import io.trafficgovernor.gateway.instead.Instead;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Carries a backend's answer to the client, no faster than the client takes it. A short answer of
 * known length is written with its head in one go. Confined to its event loop.
 */
final class AnswerRelay {
  private static final int MAX_SHORT_BYTES = 64 * 1024;

  private final HttpServerRequest request;
  private final HttpServerResponse to;
  private final HttpClientResponse from;
  private final Listener listener;
  private final Instead instead;
  private final Context loop;
  private @Nullable Buffer gathered;
  private boolean ended;

  /** Told once how it went. */
  interface Listener {
    /**
     * The backend's answer has come to its end; what is left of it is written next. In HTTP/2 that
     * closes the stream, just as a client would that leaves.
     */
    void read();

    /**
     * The whole answer was handed to the client's connection.
     *
     * @param written when its last byte has been written
     */
    void relayed(Future<Void> written);

    /** The backend broke off in the middle. */
    void broken(Throwable cause);
  }

  /**
   * Passes that answer on.
   *
   * @param instead told of the body as it comes: it may keep it
   */
  AnswerRelay(
      HttpServerRequest request,
      HttpClientResponse from,
      Context loop,
      Listener listener,
      Instead instead) {
    this.instead = instead;
    this.loop = loop;
    this.request = request;
    this.to = request.response();
    this.from = from;
    this.listener = listener;
  }

  /**
   * Writes status and headers, and begins with the body.
   *
   * @param notBeforeNanos until when the client is told to stay away, at least; 0 if it is not
   */
  void begin(long notBeforeNanos) {
    to.setStatusCode(from.statusCode());
    EndToEnd.copy(from.headers(), to.headers());
    if (notBeforeNanos > 0) {
      ShedResponse.retryNotBefore(to, notBeforeNanos);
    }
    from.exceptionHandler(listener::broken);
    long length = bodyless() ? 0 : length();
    if (length >= 0 && length <= MAX_SHORT_BYTES) {
      from.handler(this::gather);
      from.endHandler(ignored -> endShort());
    } else if (length < 0 && from.version() == HttpVersion.HTTP_2) {
      from.handler(this::gather);
      from.endHandler(ignored -> endShort());
      loop.runOnContext(ignored -> stream());
    } else {
      from.handler(this::chunk);
      from.endHandler(ignored -> endLong());
      beginLong(length);
    }
    from.resume();
  }

  /**
   * HTTP/2 tells no length of a short answer, nor that there is no body (gRPC depends on the
   * difference). What came in the same read as the head has been gathered by now: it is the whole,
   * or the answer is a long one.
   */
  private void stream() {
    if (!ended && !to.closed() && !to.headWritten()) {
      from.handler(this::chunk);
      from.endHandler(ignored -> endLong());
      beginLong(-1);
      if (gathered != null) {
        pass(gathered);
        gathered = null;
      }
    }
  }

  private void beginLong(long length) {
    if (length < 0) {
      to.setChunked(true);
    }
    if (length < 0 && request.version() != HttpVersion.HTTP_1_0) {
      // Whoever streams may have nothing to say for a while; its head is not held back.
      var unused = to.writeHead();
    }
  }

  private boolean bodyless() {
    int status = from.statusCode();
    return request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
  }

  /** Of the body, in bytes; -1 if it is not told ahead. */
  private long length() {
    String text = from.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (text == null) {
      return -1;
    }
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException malformed) {
      return -1;
    }
  }

  private void gather(Buffer chunk) {
    instead.chunk(chunk);
    gathered =
        gathered == null ? chunk : Buffer.buffer().appendBuffer(gathered).appendBuffer(chunk);
  }

  private void endShort() {
    ended = true;
    Future<Void> written = Future.succeededFuture();
    instead.complete();
    listener.read();
    if (!to.closed()) {
      copyTrailers();
      written = gathered == null ? to.end() : to.end(gathered);
    }
    listener.relayed(written);
  }

  private void chunk(Buffer chunk) {
    if (to.closed() || to.ended()) {
      return;
    }
    instead.chunk(chunk);
    pass(chunk);
  }

  private void pass(Buffer chunk) {
    var unused = to.write(chunk);
    if (to.writeQueueFull()) {
      from.pause();
      instead.held(true);
      to.drainHandler(ignored -> drained());
    }
  }

  private void drained() {
    instead.held(false);
    from.resume();
  }

  private void endLong() {
    ended = true;
    Future<Void> written = Future.succeededFuture();
    instead.complete();
    listener.read();
    if (!to.closed()) {
      copyTrailers();
      boolean untilClosed = request.version() == HttpVersion.HTTP_1_0 && !hasLength();
      written = to.end();
      if (untilClosed) {
        var unused = request.connection().close();
      }
    }
    listener.relayed(written);
  }

  private boolean hasLength() {
    return to.headers().contains(HttpHeaders.CONTENT_LENGTH);
  }

  private void copyTrailers() {
    MultiMap trailers = from.trailers();
    if (!trailers.isEmpty()) {
      if (!to.headWritten() && !hasLength() && request.version() == HttpVersion.HTTP_1_1) {
        to.setChunked(true);
      }
      EndToEnd.copy(trailers, to.trailers());
    }
  }
}
