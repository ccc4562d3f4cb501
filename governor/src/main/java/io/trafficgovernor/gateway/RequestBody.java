package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.Ticker;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
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

  private final HttpServerRequest request;
  private final Ticker ticker;
  private final Kind kind;
  private final long length;
  private @Nullable Buffer kept;
  private long keptNanos;
  private @Nullable Upload upload;

  private enum Kind {
    NONE,
    SHORT,
    STREAMED
  }

  /** The body is paused from now on, if there is one. */
  RequestBody(HttpServerRequest request, Ticker ticker) {
    this.request = request;
    this.ticker = ticker;
    this.length = length(request);
    this.kind = length == 0 ? Kind.NONE : keepable() ? Kind.SHORT : Kind.STREAMED;
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

  private boolean keepable() {
    return length > 0
        && length <= MAX_KEPT_BYTES
        && !request.headers().contains(HttpHeaders.EXPECT);
  }

  /** Whether the client sends it while it is sent on. */
  boolean streamed() {
    return kind == Kind.STREAMED;
  }

  /** Whether the client sends it only when told to. */
  boolean awaitsWord() {
    return streamed() && "100-continue".equalsIgnoreCase(request.headers().get(HttpHeaders.EXPECT));
  }

  /** Runs that once the request can be sent: a short body is there, any other has begun. */
  void whenReady(Runnable then) {
    if (kind != Kind.SHORT || kept != null) {
      then.run();
      return;
    }
    var unused =
        request
            .body()
            .onSuccess(
                all -> {
                  kept = all;
                  keptNanos = ticker.nanos();
                  then.run();
                });
    request.resume();
  }

  /** Writes head and body; tells when the last byte was handed over. */
  void writeTo(HttpClientRequest out, Runnable uploaded) {
    if (kind == Kind.STREAMED) {
      out.setChunked(length < 0);
      var unused = out.writeHead();
      upload = new Upload(request, out, ticker, uploaded);
      upload.begin();
    } else {
      uploaded.run();
      var unused = kept == null ? out.end() : out.end(kept);
    }
  }

  /**
   * Reads the body to its end, if nothing of it has been sent, and tells it once.
   *
   * @param most bytes
   * @param then told the body; null if it is longer, or not there to be read any more
   */
  void whole(int most, Consumer<@Nullable Buffer> then) {
    if (length > most || upload != null) {
      then.accept(null);
    } else if (kind == Kind.NONE || kept != null) {
      then.accept(kept == null ? Buffer.buffer() : kept);
    } else if (kind == Kind.SHORT) {
      whenReady(() -> then.accept(kept));
    } else {
      gather(most, then);
    }
  }

  private void gather(int most, Consumer<@Nullable Buffer> then) {
    Buffer all = Buffer.buffer();
    boolean[] told = {false};
    request.handler(
        chunk -> {
          if (!told[0] && all.length() + chunk.length() > most) {
            told[0] = true;
            then.accept(null);
          } else if (!told[0]) {
            all.appendBuffer(chunk);
          }
        });
    request.endHandler(
        ignored -> {
          if (!told[0]) {
            told[0] = true;
            kept = all;
            then.accept(all);
          }
        });
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      var unused = request.response().writeContinue();
    }
    request.resume();
  }

  /** Whether the request can be sent once more. */
  boolean repeatable() {
    return kind != Kind.STREAMED;
  }

  /** Whether the client has not sent what it promised, and could. */
  boolean clientOwes() {
    return switch (kind) {
      case NONE -> false;
      case SHORT -> kept == null;
      case STREAMED -> upload != null && upload.clientOwes();
    };
  }

  /** Nanoseconds that the body adds to the request's deadline, counted from its arrival. */
  long graceNanos(long arrivedNanos) {
    if (upload != null) {
      return upload.graceNanos(arrivedNanos);
    }
    return kept == null ? 0 : Math.max(0, keptNanos - arrivedNanos);
  }

  /**
   * What has not been read will not be: it is thrown away.
   *
   * @return whether the rest may be long, so that the connection must be closed after the answer
   */
  boolean refuse() {
    if (upload != null) {
      upload.stop();
    }
    if (kind == Kind.NONE || request.isEnded()) {
      return false;
    }
    if (kind == Kind.STREAMED || kept == null) {
      request.handler(chunk -> {});
      request.resume();
    }
    return length < 0
        || length > MAX_DISCARD_BYTES
        || request.headers().contains(HttpHeaders.EXPECT);
  }
}
