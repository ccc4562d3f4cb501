package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.answers.journal.Receipt.State;
import io.trafficgovernor.gateway.GatewayFixture.Setup;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Journaled writes that come in by HTTP/2, and deliveries that go out by it. RFC 9113. */
final class Http2JournalIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int INTERNAL_ERROR = 2;
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<Sent> sent = new CopyOnWriteArrayList<>();

  /** A delivery as the backend has seen it. */
  private record Sent(String line, String authority, String mine, String key, String body) {}

  @AfterEach
  void stop() {
    result(vertx.close());
  }

  private static <T> T result(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private HttpClientAgent client(boolean http2) {
    HttpClientConfig config = new HttpClientConfig();
    if (http2) {
      config
          .setVersions(HttpVersion.HTTP_2)
          .setHttp2Config(new Http2ClientConfig().setClearTextUpgrade(false));
    }
    return vertx.httpClientBuilder().with(config).build();
  }

  private HttpServer backend(boolean http2, Handler<HttpServerRequest> handler) {
    HttpServerConfig config = new HttpServerConfig();
    config.setVersions(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
    return result(vertx.createHttpServer(config).requestHandler(handler).listen(0, "127.0.0.1"));
  }

  private void take(HttpServerRequest request) {
    var unused =
        request
            .body()
            .onSuccess(
                body -> {
                  sent.add(
                      new Sent(
                          request.method() + " " + request.uri() + " " + request.version(),
                          String.valueOf(request.authority()),
                          request.getHeader("x-mine"),
                          request.getHeader("idempotency-key"),
                          body.toString()));
                  var unusedEnd = request.response().end();
                });
  }

  private Setup setup(boolean front, boolean back) {
    return Setup.usual()
        .config("on-shed: journal")
        .folder(folder)
        .listen("http2: " + front)
        .backend("http2: " + back);
  }

  private static Future<HttpClientRequest> put(HttpClientAgent by, GatewayFixture gateway) {
    RequestOptions put =
        new RequestOptions()
            .setMethod(HttpMethod.PUT)
            .setHost("127.0.0.1")
            .setPort(gateway.port())
            .setURI("/config/a?x=1")
            .putHeader("x-mine", "1");
    return by.request(put);
  }

  private static void awaitDelivered(GatewayFixture gateway, long count) {
    await().atMost(SOON).until(() -> gateway.journal.orElseThrow().count(State.DELIVERED) == count);
  }

  /** Whatever is spoken on either side: taken in whole, delivered once, as it was. */
  @ParameterizedTest
  @CsvSource({"true, true, true", "true, true, false", "true, false, true", "false, true, true"})
  void write_isAcknowledged_andDelivered(boolean front, boolean back, boolean length)
      throws Exception {
    HttpServer backend = backend(back, this::take);
    try (GatewayFixture gateway = new GatewayFixture(setup(front, back), backend.actualPort())) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      HttpClientAgent client = client(front);
      HttpClientRequest put = result(put(client, gateway));
      put.authority(HostAndPort.create("shop", 80));
      Future<HttpClientResponse> answer = put.response();
      if (length) {
        put.putHeader("content-length", "6");
      } else {
        put.setChunked(true);
      }
      put.write("one");
      put.end("two");
      HttpClientResponse reply = result(answer);
      assertThat(reply.statusCode()).isEqualTo(202);
      String url = reply.getHeader("location");
      assertThat(sent).isEmpty();

      gateway.lease(Leases.ample());
      gateway.replay();
      awaitDelivered(gateway, 1);
      HttpVersion version = back ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
      assertThat(sent)
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.line()).isEqualTo("PUT /config/a?x=1 " + version);
                assertThat(each.authority()).startsWith("shop");
                assertThat(each.mine()).isEqualTo("1");
                assertThat(each.body()).isEqualTo("onetwo");
              });
      Buffer told =
          result(
              client
                  .request(HttpMethod.GET, gateway.port(), "127.0.0.1", url)
                  .compose(HttpClientRequest::send)
                  .compose(HttpClientResponse::body));
      JsonObject receipt = new JsonObject(told);
      assertThat(receipt.getString("state")).isEqualTo("delivered");
      assertThat(receipt.getString("idempotency_key")).isEqualTo(sent.get(0).key());
      gateway.assertAllPermitsEnded();
    }
  }

  /**
   * Section 8.7: a refused stream was not looked at; with a reset in the middle one cannot know.
   */
  @ParameterizedTest
  @ValueSource(ints = {REFUSED_STREAM, INTERNAL_ERROR})
  void delivery_thatIsReset_isTriedAgain_withItsKey(int code) throws Exception {
    AtomicInteger tries = new AtomicInteger();
    List<String> keys = new CopyOnWriteArrayList<>();
    HttpServer backend =
        backend(
            true,
            request -> {
              keys.add(request.getHeader("idempotency-key"));
              if (tries.incrementAndGet() < 3) {
                request.response().reset(code);
              } else {
                take(request);
              }
            });
    try (GatewayFixture gateway = new GatewayFixture(setup(true, true), backend.actualPort())) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      HttpClientRequest put = result(put(client(true), gateway));
      assertThat(result(put.send("v1")).statusCode()).isEqualTo(202);
      gateway.lease(Leases.ample());
      gateway.replay();
      awaitDelivered(gateway, 1);
      assertThat(sent).hasSize(1);
      assertThat(keys).hasSizeGreaterThanOrEqualTo(3).containsOnly(sent.get(0).key());
    }
  }

  /** A body that is broken off is no write, and its neighbour on the connection is one. */
  @Test
  void bodyThatIsReset_isNotTaken() throws Exception {
    HttpServer backend = backend(true, this::take);
    try (GatewayFixture gateway = new GatewayFixture(setup(true, true), backend.actualPort())) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      HttpClientAgent client = client(true);
      HttpClientRequest broken = result(put(client, gateway));
      broken.setChunked(true).write("half");
      HttpClientRequest other = result(put(client, gateway));
      assertThat(result(other.send("whole")).statusCode()).isEqualTo(202);
      broken.reset(CANCEL);
      HttpClientRequest after = result(put(client, gateway));
      assertThat(result(after.send("whole")).statusCode()).isEqualTo(202);
      assertThat(gateway.journal.orElseThrow().waiting().writes()).isEqualTo(2);
      gateway.lease(Leases.ample());
      gateway.replay();
      awaitDelivered(gateway, 2);
      assertThat(sent).extracting(Sent::body).containsExactly("whole", "whole");
      gateway.assertAllPermitsEnded();
    }
  }
}
