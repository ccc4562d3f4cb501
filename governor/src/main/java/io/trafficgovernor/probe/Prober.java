package io.trafficgovernor.probe;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.cluster.ProbeSender;
import io.trafficgovernor.config.GovernorConfig.Backend;
import io.trafficgovernor.config.Origin;
import io.trafficgovernor.gateway.origin.Dialer;
import io.trafficgovernor.tls.Certificates;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sends probes over HTTP: {@code GET} of the configured path, each on a connection of its own, so
 * that a pool that is full or broken says nothing about the backend. The origins take turns.
 *
 * <p>Good is every answer but a 5xx other than the expected status: a 429 or a 404 means that
 * somebody is there. No connection, no whole response head in time, or a broken one is bad. The
 * time-out counts from the call and includes the connecting.
 *
 * <p>Thread-safe; answers on its own event loop.
 */
public final class Prober implements ProbeSender {
  /** Probes under way; the ledger orders one at a time, and each lasts half a second at most. */
  private static final int MOST_UNDER_WAY = 4;

  private final Vertx vertx;
  private final Context context;
  private final Dialer dialer;
  private final Backend backend;
  private final Duration timeout;
  private int turn;
  private int underWay;

  /**
   * A prober of that backend.
   *
   * @param certificates for origins with TLS
   * @param longestRequest the longest class time-out: a backend that needs longer is of no use
   */
  public Prober(
      Vertx vertx, Backend backend, Optional<Certificates> certificates, Duration longestRequest) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.backend = requireNonNull(backend, "backend");
    this.context = vertx.getOrCreateContext();
    Duration configured = backend.probe().timeout();
    this.timeout = configured.compareTo(longestRequest) < 0 ? configured : longestRequest;
    this.dialer = new Dialer(vertx, backend, certificates, timeout);
  }

  /** The verdict says it; a backend that is away must not fill the log several times a second. */
  private static void known(Throwable failure) {}

  private static int millis(Duration duration) {
    return Math.toIntExact(Math.max(1, duration.toMillis()));
  }

  @Override
  public void probe(Listener listener) {
    context.runOnContext(
        ignored -> {
          Promise<Boolean> verdict = Promise.promise();
          verdict.future().onComplete(good -> listener.answered(good.succeeded() && good.result()));
          if (underWay < MOST_UNDER_WAY) {
            underWay++;
            verdict.future().onComplete(told -> underWay--);
            send(verdict);
          } else {
            verdict.complete(false);
          }
        });
  }

  private void send(Promise<Boolean> verdict) {
    long timer = vertx.setTimer(millis(timeout), late -> verdict.tryComplete(false));
    verdict.future().onComplete(told -> vertx.cancelTimer(timer));
    dialer
        .dial(next())
        .onSuccess(connection -> exchange(connection, verdict))
        .onFailure(unreachable -> verdict.tryComplete(false));
  }

  private Origin next() {
    List<Origin> origins = backend.origins();
    turn = (turn + 1) % origins.size();
    return origins.get(turn);
  }

  /** The head decides; the connection is given up with the verdict, whatever may still come. */
  private void exchange(HttpClientConnection connection, Promise<Boolean> verdict) {
    connection.exceptionHandler(Prober::known);
    verdict.future().onComplete(told -> connection.close());
    connection
        .request(options())
        .compose(
            request -> {
              request.exceptionHandler(Prober::known);
              return request.send();
            })
        .onSuccess(
            response -> {
              response.exceptionHandler(Prober::known);
              verdict.tryComplete(good(response));
            })
        .onFailure(broken -> verdict.tryComplete(false));
  }

  private RequestOptions options() {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setURI(backend.probe().path())
            .putHeader("User-Agent", "traffic-governor-probe");
    if (!backend.wire().http2()) {
      options.putHeader("Connection", "close");
    }
    return options;
  }

  private boolean good(HttpClientResponse response) {
    int status = response.statusCode();
    return status == backend.probe().expect() || status < 500;
  }
}
