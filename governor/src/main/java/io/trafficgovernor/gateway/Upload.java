package io.trafficgovernor.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Streams a request's body to the backend, no faster than it takes it. Confined to its event loop.
 */
final class Upload {
  private final HttpServerRequest from;
  private final Runnable ended;
  private @Nullable HttpClientRequest to;
  private boolean over;
  private boolean clientOwes = true;

  /** The body is paused until {@link #begin}. */
  Upload(HttpServerRequest from, Runnable ended) {
    this.from = from;
    this.ended = ended;
    from.pause();
  }

  /** Begins to write to a request whose head has been written. */
  void begin(HttpClientRequest request) {
    to = request;
    from.handler(this::chunk);
    from.endHandler(ignored -> end());
    from.resume();
  }

  private void chunk(Buffer chunk) {
    HttpClientRequest request = to;
    if (over || request == null) {
      return;
    }
    var unused = request.write(chunk);
    if (request.writeQueueFull()) {
      clientOwes = false;
      from.pause();
      request.drainHandler(
          ignored -> {
            clientOwes = true;
            from.resume();
          });
    }
  }

  private void end() {
    if (!over && to != null) {
      over = true;
      var unused = to.end();
      ended.run();
    }
  }

  /** Whether the next byte is owed by the client, and not by the backend that takes none. */
  boolean clientOwes() {
    return !over && clientOwes;
  }

  /** What still comes is not sent. */
  void stop() {
    over = true;
  }
}
