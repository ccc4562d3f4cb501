package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.gateway.upload.Gathering;
import io.trafficgovernor.gateway.upload.Upload;
import io.trafficgovernor.gateway.upload.Uploads;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request's body: none, short (kept, so that it can be sent again), streamed, or open: in HTTP/2
 * a head without a length does not say whether a body follows, but what came along with it does.
 * Confined to its event loop.
 */
final class RequestBody {
  /** RFC 9110 section 10.1.1: many a backend expects the body without a word. */
  private static final long BACKENDS_WORD_MILLIS = 100;

  /** A body up to this length is kept. */
  private static final int MAX_KEPT_BYTES = 16 * 1024;

  /** What is read of a body nobody wants, to keep the connection. */
  private static final int MAX_DISCARD_BYTES = 64 * 1024;

  private final HttpServerRequest request;
  private final Ticker ticker;
  private final long length;
  private Kind kind;
  private @Nullable Buffer kept;
  private long keptNanos;
  private @Nullable Upload upload;
  private @Nullable Gathering gathering;
  private boolean ended;
  private boolean proceeding;
  private Uploads.@Nullable Place place;

  private enum Kind {
    NONE,
    SHORT,
    STREAMED,
    /** May still be any of the others. */
    OPEN
  }

  /** The body is paused from now on, if there is one; an open one after its first part. */
  RequestBody(HttpServerRequest request, Ticker ticker) {
    this.request = request;
    this.ticker = ticker;
    this.length = length(request);
    this.kind = kind();
    if (kind == Kind.OPEN) {
      request.handler(this::early);
      request.endHandler(ignored -> ended = true);
    } else if (kind != Kind.NONE) {
      request.pause();
    }
  }

  private Kind kind() {
    if (length < 0 && request.version() == HttpVersion.HTTP_2) {
      return Kind.OPEN;
    }
    return length == 0 ? Kind.NONE : keepable() ? Kind.SHORT : Kind.STREAMED;
  }

  /** In bytes; -1 if it is not told ahead. */
  private static long length(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return -1;
    }
    String text = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (text == null) {
      return request.version() == HttpVersion.HTTP_2 ? -1 : 0;
    }
    // The codec has refused what is no number.
    return Long.parseLong(text.trim());
  }

  private boolean keepable() {
    return length > 0
        && length <= MAX_KEPT_BYTES
        && !request.headers().contains(HttpHeaders.EXPECT);
  }

  private void early(Buffer chunk) {
    kept = kept == null ? chunk : Buffer.buffer().appendBuffer(kept).appendBuffer(chunk);
    if (kept.length() > MAX_KEPT_BYTES) {
      request.pause();
    }
  }

  /** Runs that once the request can be sent: a short body is there, any other has begun. */
  void whenReady(Context loop, Runnable then) {
    if (kind == Kind.OPEN) {
      settle(loop, then);
    } else if (kind != Kind.SHORT || kept != null) {
      then.run();
    } else {
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
  }

  /**
   * What came in the same read as the head is here a turn of the loop later. Nobody is waited for
   * any longer: in a call of gRPC the client may want to hear from the server before it says more.
   */
  private void settle(Context loop, Runnable then) {
    if (ended) {
      kind = kept == null ? Kind.NONE : Kind.SHORT;
      then.run();
      return;
    }
    loop.runOnContext(
        ignored -> {
          kind = !ended ? Kind.STREAMED : kept == null ? Kind.NONE : Kind.SHORT;
          if (!ended) {
            request.pause();
          }
          then.run();
        });
  }

  /** If the client sends it only when told to, and the backend says nothing, we do. */
  void awaitWord(Loop loop, Runnable tell) {
    String expected = request.headers().get(HttpHeaders.EXPECT);
    if (kind == Kind.STREAMED && "100-continue".equalsIgnoreCase(expected)) {
      loop.vertx().setTimer(BACKENDS_WORD_MILLIS, ignored -> tell.run());
    }
  }

  /** The client is to send it; told once. */
  void proceed() {
    if (!proceeding) {
      proceeding = true;
      var unused = request.response().writeContinue();
    }
  }

  /** Whether it may be sent now: a streamed one needs a place among those who take their time. */
  boolean takesPlace(Loop loop, int rank) {
    if (kind != Kind.STREAMED) {
      return true;
    }
    place = loop.uploads().take(loop.admission().snapshot(ticker.nanos()), rank);
    return place != null;
  }

  /** It is at the backend, or will not come. Idempotent. */
  void givePlace() {
    if (place != null) {
      place.give();
    }
  }

  /** The client has left; the backend may work on what it has as long as a slot is held for it. */
  void left(Loop loop, long timeoutNanos) {
    if (place != null) {
      loop.vertx().setTimer(Math.max(1, timeoutNanos / 1_000_000), ignored -> givePlace());
    }
  }

  /** Writes head and body; tells when the last byte was handed over. */
  void writeTo(HttpClientRequest out, Runnable uploaded) {
    if (kind == Kind.STREAMED) {
      out.setChunked(length < 0);
      var unused = kept == null ? out.writeHead() : out.write(kept);
      upload = new Upload(request, out, ticker, () -> sent(uploaded));
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
  void whole(Context loop, int most, Consumer<@Nullable Buffer> then) {
    if (length > most || upload != null) {
      then.accept(null);
    } else if (kind == Kind.STREAMED) {
      gather(most, then);
    } else {
      whenReady(
          loop,
          () -> {
            if (kind == Kind.STREAMED) {
              gather(most, then);
            } else {
              then.accept(kept == null ? Buffer.buffer() : kept);
            }
          });
    }
  }

  private void gather(int most, Consumer<@Nullable Buffer> then) {
    givePlace();
    gathering = new Gathering(request, kept, most, then);
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      proceed();
    }
    gathering.begin();
  }

  private void sent(Runnable uploaded) {
    givePlace();
    uploaded.run();
  }

  /** Whether the request can be sent once more. */
  boolean repeatable() {
    return kind == Kind.NONE || kind == Kind.SHORT;
  }

  /** Whether the client has not sent what it promised, and could. */
  boolean clientOwes() {
    return switch (kind) {
      case NONE -> false;
      case SHORT -> kept == null;
      case OPEN -> !ended;
      case STREAMED ->
          gathering != null ? gathering.clientOwes() : upload != null && upload.clientOwes();
    };
  }

  /** Nanoseconds that the body adds to the request's deadline, counted from its arrival. */
  long graceNanos(long arrivedNanos) {
    if (upload != null) {
      return upload.graceNanos(arrivedNanos);
    }
    if (gathering != null) {
      return Upload.allowedNanos(gathering.bytes());
    }
    return kept == null ? 0 : Math.max(0, keptNanos - arrivedNanos);
  }

  /**
   * What has not been read will not be: it is thrown away.
   *
   * @return whether the rest may be long, so that it must be cut off after the answer
   */
  boolean refuse() {
    if (upload != null) {
      upload.stop();
    }
    if (kind == Kind.NONE || request.isEnded()) {
      return false;
    }
    if (kind != Kind.SHORT || kept == null) {
      request.handler(chunk -> {});
      request.resume();
    }
    // throwing away what was there may have brought its end
    return !request.isEnded()
        && (length < 0
            || length > MAX_DISCARD_BYTES
            || request.headers().contains(HttpHeaders.EXPECT));
  }
}
