package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 in the clear on either side; what belongs to one stream touches no other. RFC 9113. */
final class Http2IT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int REST = 2;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClientAgent agent =
      vertx
          .httpClientBuilder()
          .with(
              new HttpClientConfig()
                  .setVersions(HttpVersion.HTTP_2)
                  .setHttp2Config(new Http2ClientConfig().setClearTextUpgrade(false)))
          .build();

  @AfterEach
  void stop() {
    result(vertx.close());
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static GatewayFixture.Setup twice() {
    return GatewayFixture.Setup.usual().listen("http2: true").backend("http2: true");
  }

  private static GatewayFixture.Setup towardsClients() {
    return GatewayFixture.Setup.usual().listen("http2: true");
  }

  /** A backend that speaks HTTP/2. */
  private HttpServer backend(io.vertx.core.Handler<HttpServerRequest> handler) {
    return result(
        vertx
            .createHttpServer(new HttpServerConfig().setVersions(HttpVersion.HTTP_2))
            .requestHandler(handler)
            .listen(0, "127.0.0.1"));
  }

  private HttpClientConnection connect(GatewayFixture gateway) {
    return result(
        agent.connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(gateway.port())));
  }

  private static HttpClientRequest request(
      HttpClientConnection connection, HttpMethod method, String uri) {
    return result(connection.request(new RequestOptions().setMethod(method).setURI(uri)));
  }

  /** A whole answer. */
  private record Reply(int status, io.vertx.core.MultiMap headers, String body, String trailer) {}

  /** The whole answer: to be asked for before the request is sent, or its body may be missed. */
  private static Future<Reply> whole(HttpClientRequest request) {
    return request
        .response()
        .compose(
            head ->
                head.body()
                    .map(
                        body ->
                            new Reply(
                                head.statusCode(),
                                head.headers(),
                                body.toString(),
                                String.valueOf(head.getTrailer("x-sum")))));
  }

  private static Future<Reply> sent(HttpClientRequest request) {
    Future<Reply> whole = whole(request);
    var unused = request.send();
    return whole;
  }

  @Test
  void client_toAnOldBackend() throws Exception {
    RawOrigin.Script script =
        (request, peer) ->
            peer.send(
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked|Connection: X-Hop|X-Hop: 1||"
                    + "5|hello|0|X-Sum: 6||");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(towardsClients(), origin.port())) {
      HttpClientConnection connection = connect(gateway);
      HttpClientRequest request = request(connection, HttpMethod.GET, "/a?b=c");
      request.headers().add("cookie", "a=1").add("cookie", "b=2");
      Reply reply = result(sent(request));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("hello");
      assertThat(reply.trailer()).isEqualTo("6");
      assertThat(reply.headers().contains("x-hop")).isFalse();
      assertThat(reply.headers().contains("transfer-encoding")).isFalse();
      assertThat(origin.last().line()).isEqualTo("GET /a?b=c HTTP/1.1");
      assertThat(origin.last().header("Host")).isEqualTo("127.0.0.1:" + gateway.port());
      assertThat(origin.last().header("Via")).isEqualTo("2.0 gw-1");
      assertThat(origin.last().header("Cookie")).isEqualTo("a=1; b=2");
      assertThat(origin.last().header("Transfer-Encoding")).as("no body").isEmpty();
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void oldClient_toANewBackend() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    HttpServer backend =
        backend(
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> {
                          connections.set(request.connection().hashCode());
                          request
                              .response()
                              .putHeader("x-seen", request.authority() + " " + request.version())
                              .putTrailer("x-sum", "6")
                              .end(body);
                        }));
    GatewayFixture.Setup setup = GatewayFixture.Setup.usual().backend("http2: true");
    try (GatewayFixture gateway = new GatewayFixture(setup, backend.actualPort());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 3; i++) {
        client.send("POST /x HTTP/1.1|Host: shop:81|Content-Length: 3||abc");
        RawClient.Reply reply = client.read();
        assertThat(reply.body()).isEqualTo("abc");
        assertThat(reply.header("x-seen")).isEqualTo("shop:81 HTTP_2");
        assertThat(reply.trailers()).containsEntry("x-sum", "6");
      }
      gateway.assertAllPermitsEnded();
    }
  }

  /** Many calls share one connection on either side, and one that hangs holds up no other. */
  @Test
  void streams_shareAConnection() throws Exception {
    ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    List<Object> connections = new ArrayList<>();
    HttpServer backend =
        backend(
            request -> {
              if (!connections.contains(request.connection())) {
                connections.add(request.connection());
              }
              if (request.path().equals("/held")) {
                held.add(request);
              } else {
                request.response().end(request.path());
              }
            });
    try (GatewayFixture gateway = new GatewayFixture(twice(), backend.actualPort())) {
      HttpClientConnection connection = connect(gateway);
      Future<Reply> last = sent(request(connection, HttpMethod.GET, "/held"));
      await().atMost(SOON).until(() -> held.size() == 1);
      for (int i = 0; i < 20; i++) {
        assertThat(result(sent(request(connection, HttpMethod.GET, "/" + i))).body())
            .isEqualTo("/" + i);
      }
      held.forEach(request -> request.response().end("late"));
      assertThat(result(last).body()).isEqualTo("late");
      assertThat(connections).hasSize(1);
      gateway.assertAllPermitsEnded();
    }
  }

  /** A client that resets its stream cancels the call, and that alone. */
  @Test
  void reset_byTheClientReachesTheBackend() throws Exception {
    CompletableFuture<Throwable> cancelled = new CompletableFuture<>();
    HttpServer backend =
        backend(
            request -> {
              if (request.path().equals("/held")) {
                request.response().exceptionHandler(cancelled::complete);
              } else {
                request.response().end("well");
              }
            });
    try (GatewayFixture gateway = new GatewayFixture(twice(), backend.actualPort())) {
      HttpClientConnection connection = connect(gateway);
      HttpClientRequest held = request(connection, HttpMethod.GET, "/held");
      held.send();
      await().atMost(SOON).until(() -> gateway.sent() == 1);
      result(held.reset(8));
      assertThat(cancelled.get(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              StreamResetException.class, reset -> assertThat(reset.getCode()).isEqualTo(8));
      assertThat(result(sent(request(connection, HttpMethod.GET, "/x"))).body()).isEqualTo("well");
      await().atMost(SOON).until(() -> gateway.snapshot().inFlight() == 0);
      assertThat(gateway.counts(REST).outcome(Outcome.IGNORED)).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  /** Before the head it is a 502, behind it the stream is reset; the connection goes on. */
  @Test
  void reset_byTheBackendReachesTheClient() throws Exception {
    HttpServer backend =
        backend(
            request -> {
              switch (request.path()) {
                case "/before" -> request.response().reset(2);
                case "/behind" -> {
                  request.response().write("half");
                  vertx.setTimer(200, ignored -> request.response().reset(2));
                }
                default -> request.response().end("well");
              }
            });
    try (GatewayFixture gateway = new GatewayFixture(twice(), backend.actualPort())) {
      HttpClientConnection connection = connect(gateway);
      Reply before = result(sent(request(connection, HttpMethod.GET, "/before")));
      assertThat(before.status()).isEqualTo(502);
      assertThat(before.headers().get("governor-reason")).isEqualTo("broken");
      Future<Reply> behind = sent(request(connection, HttpMethod.GET, "/behind"));
      assertThatThrownBy(() -> result(behind)).isInstanceOf(StreamResetException.class);
      assertThat(result(sent(request(connection, HttpMethod.GET, "/x"))).body()).isEqualTo("well");
      gateway.assertAllPermitsEnded();
    }
  }

  /** A stream that the backend refused was not looked at: a top class is sent once more. */
  @Test
  void refusedStream_isReplayed() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    HttpServer backend =
        backend(
            request -> {
              if (tries.incrementAndGet() == 1) {
                request.response().reset(7);
              } else {
                request.response().end("second");
              }
            });
    try (GatewayFixture gateway = new GatewayFixture(twice(), backend.actualPort())) {
      HttpClientConnection connection = connect(gateway);
      assertThat(result(sent(request(connection, HttpMethod.GET, "/config/x"))).body())
          .isEqualTo("second");
      assertThat(gateway.counts(0).outcome(Outcome.UNREACHABLE)).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  /** An upload goes no faster than the backend reads, and an answer no faster than the client. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void flow_isHeldBack(boolean upload) throws Exception {
    int size = 8 * 1024 * 1024;
    CompletableFuture<HttpServerRequest> arrived = new CompletableFuture<>();
    HttpServer backend =
        backend(
            request -> {
              if (upload) {
                request.pause();
                arrived.complete(request);
              } else {
                request.response().end(Buffer.buffer(new byte[size]));
              }
            });
    try (GatewayFixture gateway = new GatewayFixture(twice(), backend.actualPort())) {
      HttpClientConnection connection = connect(gateway);
      HttpClientRequest request =
          request(connection, upload ? HttpMethod.POST : HttpMethod.GET, "/config/x");
      AtomicInteger moved = new AtomicInteger();
      if (upload) {
        Future<Reply> answer = whole(request);
        var unused = request.send(Buffer.buffer(new byte[size]));
        HttpServerRequest at = arrived.get(10, TimeUnit.SECONDS);
        at.handler(chunk -> moved.addAndGet(chunk.length()));
        at.endHandler(ignored -> at.response().end("all"));
        at.resume();
        assertThat(result(answer).body()).isEqualTo("all");
      } else {
        Future<HttpClientResponse> answer = request.response().onSuccess(HttpClientResponse::pause);
        var unused = request.send();
        HttpClientResponse head = result(answer);
        long begin = gateway.ticker.nanos();
        await().until(() -> gateway.ticker.nanos() - begin > 500_000_000L);
        head.handler(chunk -> moved.addAndGet(chunk.length()));
        Future<Void> end = head.end();
        head.resume();
        result(end);
      }
      assertThat(moved.get()).isEqualTo(size);
      gateway.assertAllPermitsEnded();
    }
  }

  /** The rest of a refused upload is cut off alone. */
  @Test
  void refusal_endsTheUploadAndNotTheConnection() throws Exception {
    HttpServer backend = backend(request -> request.response().end("well"));
    try (GatewayFixture gateway = new GatewayFixture(twice(), backend.actualPort())) {
      HttpClientConnection connection = connect(gateway);
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      HttpClientRequest upload = request(connection, HttpMethod.POST, "/x");
      CompletableFuture<Throwable> cut = new CompletableFuture<>();
      upload.exceptionHandler(cut::complete);
      Future<Reply> answer = whole(upload);
      upload.setChunked(true).write(Buffer.buffer("the beginning"));
      Reply refused = result(answer);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers().contains("connection")).isFalse();
      assertThat(cut.get(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              StreamResetException.class, reset -> assertThat(reset.getCode()).isZero());
      gateway.lease(Leases.ample());
      assertThat(result(sent(request(connection, HttpMethod.GET, "/x"))).body()).isEqualTo("well");
      gateway.assertAllPermitsEnded();
    }
  }

  /** Those under way finish, new ones are told to go elsewhere. */
  @Test
  void drain_isToldToTheConnection() throws Exception {
    ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    HttpServer backend = backend(held::add);
    try (GatewayFixture gateway = new GatewayFixture(twice(), backend.actualPort())) {
      HttpClientConnection connection = connect(gateway);
      CompletableFuture<Void> told = new CompletableFuture<>();
      connection.goAwayHandler(ignored -> told.complete(null));
      Future<Reply> last = sent(request(connection, HttpMethod.GET, "/held"));
      await().atMost(SOON).until(() -> held.size() == 1);
      Future<Void> ended = gateway.undeploy();
      told.get(10, TimeUnit.SECONDS);
      assertThat(ended.isComplete()).isFalse();
      held.forEach(request -> request.response().end("late"));
      assertThat(result(last).body()).isEqualTo("late");
      result(ended);
      gateway.assertAllPermitsEnded();
    }
  }

  /** A stream that its answer has closed is no client that left: the backend's connection stays. */
  @Test
  void answers_leaveTheBackendsConnection() throws Exception {
    RawOrigin.Script script = (request, peer) -> peer.send("HTTP/1.1 200 OK|Content-Length: 2||ok");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(towardsClients(), origin.port())) {
      HttpClientConnection connection = connect(gateway);
      for (int i = 0; i < 5; i++) {
        assertThat(result(sent(request(connection, HttpMethod.GET, "/x"))).body()).isEqualTo("ok");
      }
      assertThat(origin.connections()).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }
}
