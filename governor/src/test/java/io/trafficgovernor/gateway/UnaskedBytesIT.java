package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.gateway.GatewayFixture.Setup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a backend sends that answers no request, on a connection that is kept, is nobody's answer:
 * neither that of the request that waits for the connection nor that of the next one.
 */
final class UnaskedBytesIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String GET = "GET /x HTTP/1.1|Host: a||";
  private static final String HEAD = "HEAD /x HTTP/1.1|Host: a||";
  private static final String EVIL = "HTTP/1.1 200 OK|Content-Length: 4||evil";

  /** So that the second request waits for the connection of the first. */
  private static GatewayFixture oneConnection(RawOrigin origin) throws Exception {
    return new GatewayFixture(Setup.usual().backend("max-connections: 1"), origin.port());
  }

  private static RawOrigin first(String bytes, CountDownLatch from) throws Exception {
    return new RawOrigin(
        (request, peer) -> {
          if (request.number() == 0) {
            from.await(10, TimeUnit.SECONDS);
            peer.send(bytes);
          } else {
            peer.ok("fine");
          }
        });
  }

  /** A whole answer came in one piece with the one before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 304 Not Modified||" + EVIL,
        "HTTP/1.1 200 OK|Content-Length: 3||abc" + EVIL,
      })
  void answerBehindAnAnswer_isNotThatOfTheOneWhoWaits(String bytes) throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    try (RawOrigin origin = first(bytes, waits);
        GatewayFixture gateway = oneConnection(origin);
        RawClient client = gateway.client();
        RawClient other = gateway.client()) {
      client.send(GET);
      await().atMost(SOON).until(() -> origin.requests().size() == 1);
      other.send(GET);
      await().atMost(SOON).until(() -> gateway.snapshot().inFlight() == 2);
      waits.countDown();
      assertThat(client.read().status()).isIn(200, 304);
      assertThat(other.read().body()).isEqualTo("fine");
      assertThat(origin.connections()).isEqualTo(2);
      gateway.assertAllPermitsEnded();
    }
  }

  /** What has begun like a head would take the next answer's for the rest of itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil",
        "HTTP/1.1 200 OK|Set-Cookie: evil|X: ",
        "HTTP/1.1 200 OK|Content-Length: 200||evil",
        EVIL,
      })
  void bytesBehindTheAnswerToAHead_areNotPartOfTheNext(String bytes) throws Exception {
    try (RawOrigin origin =
            first("HTTP/1.1 200 OK|Content-Length: 4||" + bytes, new CountDownLatch(0));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(HEAD).readHead().status()).isEqualTo(200);
      RawClient.Reply next = client.send(GET).read();
      assertThat(next.status()).isEqualTo(200);
      assertThat(next.body()).isEqualTo("fine");
      assertThat(next.header("Set-Cookie")).isEmpty();
      assertThat(origin.connections()).isEqualTo(2);
      gateway.assertAllPermitsEnded();
    }
  }

  /** Nobody has asked on it: it is closed as they come. */
  @ParameterizedTest
  @ValueSource(strings = {"evil", "HTTP/1.1 200 OK|X: ", EVIL, "|"})
  void bytesOnAnIdleConnection_closeIt(String bytes) throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          peer.ok("fine");
          if (request.number() == 0) {
            read.await(10, TimeUnit.SECONDS);
            peer.send(bytes);
            assertThat(peer.untilClosed()).isZero();
            closed.countDown();
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().body()).isEqualTo("fine");
      read.countDown();
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(client.send(GET).read().body()).isEqualTo("fine");
    }
  }

  /** What it sends behind such answers may come later the next time: those keep no connection. */
  @Test
  void originThatWasSeen_keepsNoConnectionBehindAHead() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          boolean head = request.line().startsWith("HEAD");
          String more = request.number() == 0 ? "evil" : "";
          peer.send("HTTP/1.1 200 OK|Content-Length: 4||" + (head ? more : "fine"));
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      int[] connections = new int[5];
      for (int i = 0; i < connections.length; i++) {
        boolean head = i < 3;
        RawClient.Reply reply = head ? client.send(HEAD).readHead() : client.send(GET).read();
        assertThat(reply.body()).isEqualTo(head ? "" : "fine");
        connections[i] = origin.connections();
      }
      assertThat(connections).containsExactly(1, 2, 3, 4, 4);
      gateway.assertAllPermitsEnded();
    }
  }

  /** Negative control: who sends no more than he is asked for keeps his connection. */
  @Test
  void answersWithoutMore_keepTheConnection() throws Exception {
    String[] answers = {
      "HTTP/1.1 304 Not Modified||",
      "HTTP/1.1 204 No Content||",
      "HTTP/1.1 200 OK|Content-Length: 3||abc",
      "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|0||",
    };
    RawOrigin.Script script =
        (request, peer) ->
            peer.send(
                request.line().startsWith("HEAD")
                    ? "HTTP/1.1 200 OK|Content-Length: 4||"
                    : answers[request.number() % answers.length]);
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 2 * answers.length; i++) {
        assertThat(client.send(GET).read().status()).isLessThan(400);
        assertThat(client.send(HEAD).readHead().status()).isEqualTo(200);
      }
      assertThat(origin.connections()).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }
}
