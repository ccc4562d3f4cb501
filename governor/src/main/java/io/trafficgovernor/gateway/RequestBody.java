package io.trafficgovernor.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request's body: none, short (kept, so that it can be sent again), or streamed. Confined to its
 * event loop.
 */
final class RequestBody {
  /** A body up to this length is kept. */
  private static final int MAX_KEPT_BYTES = 16 * 1024;

  /** What is read of a body nobody wants, to keep the connection. */
  private static final int MAX_DISCARD_BYTES = 64 * 1024;

  private static final long LINGER_MILLIS = 1000;

  private final HttpServerRequest request;
  private final Kind kind;
  private final long length;
  private @Nullable Buffer kept;
  private @Nullable Upload upload;

  private enum Kind {
    NONE,
    SHORT,
    STREAMED
  }

  /** The body is paused from now on, if there is one. */
  RequestBody(HttpServerRequest request) {
    this.request = request;
    this.length = length(request);
    this.kind = length == 0 ? Kind.NONE : keepable(request) ? Kind.SHORT : Kind.STREAMED;
    if (kind != Kind.NONE) {
      request.pause();
    }
  }

  /** In bytes; -1 if it is not told ahead. */
  private static long length(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return -1;
    }
    String text = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    // The codec has refused what is no number.
    return text == null ? 0 : Long.parseLong(text.trim());
  }

  private boolean keepable(HttpServerRequest of) {
    return length > 0 && length <= MAX_KEPT_BYTES && !of.headers().contains(HttpHeaders.EXPECT);
  }

  /** Runs that once the request can be sent: a short body is there, any other has begun. */
  void whenReady(Runnable then) {
    if (kind != Kind.SHORT || kept != null) {
      then.run();
      return;
    }
    request
        .body()
        .onSuccess(
            all -> {
              kept = all;
              then.run();
            });
    request.resume();
  }

  /** Writes head and body; tells when the last byte was handed over. */
  void writeTo(HttpClientRequest out, Runnable uploaded) {
    if (kind == Kind.STREAMED) {
      out.setChunked(length < 0);
      var unused = out.writeHead();
      upload = new Upload(request, uploaded);
      upload.begin(out);
    } else {
      uploaded.run();
      var unused = kept == null ? out.end() : out.end(kept);
    }
  }

  /** Whether the request can be sent once more. */
  boolean repeatable() {
    return kind != Kind.STREAMED;
  }

  /** Whether the client has not yet sent what it promised, and is free to. */
  boolean clientOwes() {
    return switch (kind) {
      case NONE -> false;
      case SHORT -> kept == null;
      case STREAMED -> upload != null && upload.clientOwes();
    };
  }

  /**
   * What has not been read will not be: it is thrown away if it is known to be short; otherwise the
   * answer, whose head must not have been written yet, says that the connection closes, and it does
   * so a little later, lest the reset overtake the answer.
   */
  void refuse(boolean close) {
    if (upload != null) {
      upload.stop();
    }
    boolean unread = kind != Kind.NONE && !request.isEnded();
    if (!unread && !close) {
      return;
    }
    boolean shortRest = length >= 0 && length <= MAX_DISCARD_BYTES;
    if (unread) {
      request.handler(chunk -> {});
      request.resume();
    }
    if (close || !shortRest || request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      request.response().endHandler(ignored -> closeSoon());
    }
  }

  private void closeSoon() {
    // The timer belongs to the context of the connection and dies with it.
    var unused =
        io.vertx.core.Vertx.currentContext()
            .owner()
            .setTimer(LINGER_MILLIS, timer -> request.connection().close());
  }
}
