package io.trafficgovernor.loadtest.live;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Small requests to ports of the loopback address, apart from the clients' traffic. To be used on
 * the event loop.
 */
public final class Fetch {
  private static final int CONNECTIONS_PER_PORT = 4;
  private static final int WAITING_LIMIT = 16;

  private final HttpClient client;

  public Fetch(Vertx vertx) {
    this.client =
        vertx.createHttpClient(
            new PoolOptions()
                .setHttp1MaxSize(CONNECTIONS_PER_PORT)
                .setMaxWaitQueueSize(WAITING_LIMIT));
  }

  /** What came back. */
  public record Answer(int status, String body, MultiMap headers) {
    public Answer {
      requireNonNull(body, "body");
    }

    /** A number in a header; empty if there is none. */
    public OptionalLong number(String header) {
      String text = headers.get(header);
      return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    /** The body as JSON. */
    public JsonObject json() {
      return new JsonObject(body);
    }
  }

  public Future<Answer> get(int port, String path, Duration timeout) {
    return send(HttpMethod.GET, port, path, timeout);
  }

  public Future<Answer> post(int port, String path, Duration timeout) {
    return send(HttpMethod.POST, port, path, timeout);
  }

  private Future<Answer> send(HttpMethod method, int port, String path, Duration timeout) {
    return client
        .request(
            new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .setTimeout(timeout.toMillis()))
        .compose(request -> request.send().compose(Fetch::read));
  }

  private static Future<Answer> read(HttpClientResponse response) {
    return response
        .body()
        .map(body -> new Answer(response.statusCode(), body.toString(), response.headers()));
  }
}
