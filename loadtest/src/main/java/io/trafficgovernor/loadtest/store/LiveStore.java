package io.trafficgovernor.loadtest.store;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The physics of {@link StoreModel} behind a real port. While the store is down its port is closed,
 * so that a connection is refused and none is left open. Lives on one event loop.
 */
final class LiveStore {
  private static final Logger LOG = LoggerFactory.getLogger(LiveStore.class);

  /** A probe asks for a key that nobody has asked for before: always a miss. */
  static final String PROBE_PATH = "/health";

  /** How long the sender waits from its sending on, in milliseconds. */
  static final String DEADLINE_HEADER = "X-Deadline-Ms";

  /** When the governor sent the request: nanoseconds of the clock that all processes share. */
  static final String SENT_HEADER = "Governor-Sent";

  private static final long DEFAULT_DEADLINE_NANOS = 1_000_000_000L;
  private static final int LISTEN_TRIES = 40;
  private static final long LISTEN_PAUSE_NANOS = 50_000_000L;
  private static final int ACCEPT_BACKLOG = 4096;

  /** By it a write is known that was done before. */
  static final String KEY_HEADER = "Idempotency-Key";

  /** Good for one time. */
  static final String TOKEN_HEADER = "X-Token";

  /** When an answer was made: nanoseconds of the clock that all processes share. */
  static final String MADE_HEADER = "X-Made-Nanos";

  /** Everybody may keep what is read, and give it while the store fails; never without asking. */
  private static final String KEEP = "public, max-age=0, stale-if-error=3600";

  private static final Buffer ANSWER = Buffer.buffer("{\"value\":\"" + "x".repeat(100) + "\"}");

  private final Vertx vertx;
  private final LoopScheduler loop;
  private final Ticker ticker;
  private final int port;
  private final StoreModel model;
  private final ArrivalLog arrivals = new ArrivalLog();
  private final OnceLog writes = new OnceLog();
  private final OnceLog tokens = new OnceLog();
  private @Nullable HttpServer server;
  private Future<?> listening = Future.succeededFuture();
  private long changedNanos;
  private int probes;

  /** A store that is down; it will listen on that port of the loopback address. */
  LiveStore(
      Vertx vertx,
      LoopScheduler loop,
      Ticker ticker,
      StoreSettings settings,
      RandomGenerator random,
      int port) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.loop = requireNonNull(loop, "loop");
    this.ticker = requireNonNull(ticker, "ticker");
    this.port = port;
    this.model = new StoreModel(settings, loop, random, this::changed);
  }

  StoreModel model() {
    return model;
  }

  ArrivalLog arrivals() {
    return arrivals;
  }

  /** Writes with a key that it has done. */
  OnceLog writes() {
    return writes;
  }

  /** Done when the port is open or closed, as the model's state last asked for. */
  Future<?> settled() {
    return listening;
  }

  /** When it last came up or went down. */
  long changedNanos() {
    return changedNanos;
  }

  private void changed(boolean up, long nowNanos) {
    changedNanos = nowNanos;
    LOG.info("the store is {}", up ? "up" : "down");
    if (up) {
      listening = listen(1);
    } else if (server != null) {
      listening = server.close();
      server = null;
    }
  }

  private Future<?> listen(int attempt) {
    HttpServer opened =
        vertx
            .createHttpServer(new HttpServerOptions().setAcceptBacklog(ACCEPT_BACKLOG))
            .requestHandler(this::handle);
    server = opened;
    return opened.listen(port, "127.0.0.1").recover(failure -> listenAgain(attempt, failure));
  }

  /** The port may be held for a moment by what is left of the connections of before. */
  private Future<HttpServer> listenAgain(int attempt, Throwable failure) {
    if (attempt == LISTEN_TRIES || !model.up()) {
      LOG.error("port {} cannot be opened", port, failure);
      return Future.failedFuture(failure);
    }
    Promise<HttpServer> again = Promise.promise();
    loop.after(
        LISTEN_PAUSE_NANOS,
        now -> listen(attempt + 1).onComplete(done -> settle(again, done.cause())));
    return again.future();
  }

  private void settle(Promise<HttpServer> again, @Nullable Throwable failure) {
    if (failure == null) {
      again.complete(server);
    } else {
      again.fail(failure);
    }
  }

  private void handle(HttpServerRequest request) {
    loop.enter(now -> take(request, now));
  }

  private void take(HttpServerRequest request, long nowNanos) {
    String path = request.path() == null ? "/" : request.path();
    boolean probe = path.equals(PROBE_PATH);
    // Read here, not when the loop's task was due: the envelope is judged by real arrivals.
    long arrivedNanos = ticker.nanos();
    arrivals.add(probe ? ArrivalLog.PROBE : kind(path), arrivedNanos, stamp(request));
    int key = probe ? -1 - probes++ : key(path);
    model.submit(
        new Job(key, nowNanos + deadline(request), (answer, now) -> answer(request, answer)),
        nowNanos);
  }

  private void answer(HttpServerRequest request, Answer answer) {
    // what is done is done, whether its client still waits or not
    boolean used = answer == Answer.OK && !done(request);
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    switch (answer) {
      case OK -> {
        if (request.method().equals(HttpMethod.GET)) {
          response.putHeader(HttpHeaders.CACHE_CONTROL, KEEP);
          response.putHeader(MADE_HEADER, Long.toString(ticker.nanos()));
        }
        var unused = used ? response.setStatusCode(409).end() : response.end(ANSWER);
      }
      case QUOTA, FULL, FAILED -> {
        var unused = response.setStatusCode(answer.status()).end();
      }
      case BROKEN, UNREACHABLE -> {
        var unused = request.connection().close();
      }
    }
  }

  /** Does it, if it is not done already; false if its token was used before. */
  private boolean done(HttpServerRequest request) {
    String token = request.getHeader(TOKEN_HEADER);
    if (token != null && !tokens.first(token)) {
      return false;
    }
    String key = request.getHeader(KEY_HEADER);
    if (key != null) {
      boolean unused = writes.first(key);
    }
    return true;
  }

  private static String kind(String path) {
    int end = path.indexOf('/', 1);
    String first = path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
    return first.isEmpty() || first.indexOf(' ') >= 0 ? ArrivalLog.OTHER : first;
  }

  /** The last segment if it is a number, a hash of the path otherwise; never negative. */
  static int key(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    try {
      return Math.abs(Integer.parseInt(last) % Integer.MAX_VALUE);
    } catch (NumberFormatException notANumber) {
      return path.hashCode() & Integer.MAX_VALUE;
    }
  }

  private static long stamp(HttpServerRequest request) {
    return number(request.getHeader(SENT_HEADER), ArrivalLog.UNSTAMPED);
  }

  private static long deadline(HttpServerRequest request) {
    long millis = number(request.getHeader(DEADLINE_HEADER), -1);
    return millis < 0 ? DEFAULT_DEADLINE_NANOS : millis * 1_000_000L;
  }

  private static long number(@Nullable String text, long otherwise) {
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException notANumber) {
      return otherwise;
    }
  }
}
