package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSockets through the gateway, with the client of the JDK. RFC 6455. */
final class WebSocketIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int REST = 2;

  private final Vertx vertx = Vertx.vertx();
  private final ConcurrentLinkedQueue<ServerWebSocket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private HttpServer server = vertx.createHttpServer();

  @BeforeEach
  void serve() throws Exception {
    server =
        vertx
            .createHttpServer(new HttpServerConfig().setVersions(HttpVersion.HTTP_1_1))
            .webSocketHandler(this::opened)
            .requestHandler(request -> request.response().end("plain"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  private void opened(ServerWebSocket socket) {
    sockets.add(socket);
    socket.textMessageHandler(socket::writeTextMessage);
    socket.frameHandler(
        frame -> {
          if (frame.isBinary() || frame.isContinuation()) {
            bytes.addAndGet(frame.binaryData().length());
          }
        });
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** What a client hears, as text; the end is the code of the close. */
  private static final class Ear implements WebSocket.Listener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      heard.add(text.toString());
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      heard.add("close " + code);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      heard.add("error");
    }

    String next() throws InterruptedException {
      return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
    }
  }

  private static WebSocket open(GatewayFixture gateway, Ear ear) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/chat"), ear)
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private GatewayFixture gateway(String backend) throws Exception {
    return new GatewayFixture(GatewayFixture.Setup.usual().backend(backend), server.actualPort());
  }

  /** The permit ends with the consent; the socket goes on without one. */
  @Test
  void messages_bothWays() throws Exception {
    try (GatewayFixture gateway = gateway("")) {
      Ear ear = new Ear();
      WebSocket client = open(gateway, ear);
      gateway.assertAllPermitsEnded();
      assertThat(gateway.counts(REST).outcome(Outcome.SUCCESS)).isEqualTo(1);
      for (int i = 0; i < 100; i++) {
        client.sendText("word " + i, true).join();
        assertThat(ear.next()).isEqualTo("word " + i);
      }
      client.sendClose(1000, "enough").join();
      assertThat(ear.next()).isEqualTo("close 1000");
    }
  }

  @Test
  void backend_closesWithItsCode() throws Exception {
    try (GatewayFixture gateway = gateway("")) {
      Ear ear = new Ear();
      WebSocket unused = open(gateway, ear);
      await().atMost(SOON).until(() -> sockets.size() == 1);
      sockets.forEach(socket -> socket.close((short) 1012, "restart"));
      assertThat(ear.next()).isEqualTo("close 1012");
    }
  }

  /** Many bytes, through a backend that does not read for a while. */
  @Test
  void flow_isHeldBack() throws Exception {
    try (GatewayFixture gateway = gateway("")) {
      WebSocket client = open(gateway, new Ear());
      await().atMost(SOON).until(() -> sockets.size() == 1);
      ServerWebSocket at = sockets.element();
      at.pause();
      CompletableFuture<WebSocket> sent = CompletableFuture.completedFuture(client);
      int messages = 1500;
      for (int i = 0; i < messages; i++) {
        boolean last = i == messages - 1;
        sent = sent.thenCompose(socket -> socket.sendBinary(ByteBuffer.allocate(64 * 1024), last));
      }
      long begin = gateway.ticker.nanos();
      await().until(() -> gateway.ticker.nanos() - begin > 500_000_000L);
      assertThat(sent).as("the sender is held back").isNotDone();
      at.resume();
      sent.orTimeout(20, TimeUnit.SECONDS).join();
      await().atMost(SOON).until(() -> bytes.get() == messages * 64L * 1024);
    }
  }

  /** Sockets have places of their own: all taken, the next is refused and requests go on. */
  @Test
  void sockets_areBounded() throws Exception {
    try (GatewayFixture gateway = gateway("max-connections: 4\n    max-sockets: 1")) {
      WebSocket first = open(gateway, new Ear());
      assertThatThrownBy(() -> open(gateway, new Ear())).isInstanceOf(CompletionException.class);
      try (RawClient client = gateway.client()) {
        client.send(
            "GET /chat HTTP/1.1|Host: a|Connection: Upgrade|Upgrade: websocket|"
                + "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==||");
        assertThat(client.read().header("Governor-Reason")).isEqualTo("sockets");
        assertThat(client.send("GET /x HTTP/1.1|Host: a||").read().body()).isEqualTo("plain");
      }
      first.abort();
      await()
          .atMost(SOON)
          .ignoreExceptionsMatching(e -> e instanceof CompletionException)
          .until(() -> !open(gateway, new Ear()).isOutputClosed());
      gateway.assertAllPermitsEnded();
    }
  }

  /** Opening one is a request like any other. */
  @Test
  void refusal_isAnHttpAnswer() throws Exception {
    try (GatewayFixture gateway = gateway("")) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      assertThatThrownBy(() -> open(gateway, new Ear())).isInstanceOf(CompletionException.class);
      assertThat(sockets).isEmpty();
    }
  }

  /** A backend that does not consent answers as usual; other upgrades are not heard. */
  @Test
  void consent_isTheBackends() throws Exception {
    RawOrigin.Script script =
        (request, peer) ->
            peer.send(
                "HTTP/1.1 426 Upgrade Required|Content-Length: "
                    + request.header("Upgrade").length()
                    + "||"
                    + request.header("Upgrade"));
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      String ask = "GET /x HTTP/1.1|Host: a|Connection: Upgrade|Upgrade: ";
      RawClient.Reply socket = client.send(ask + "websocket||").read();
      assertThat(socket.status()).isEqualTo(426);
      assertThat(socket.body()).isEqualTo("websocket");
      RawClient.Reply other = client.send(ask + "something||").read();
      assertThat(other.body()).isEmpty();
      gateway.assertAllPermitsEnded();
    }
  }
}
