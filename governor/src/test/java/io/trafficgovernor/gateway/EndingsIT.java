package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a request ends, its permit ends once, and as what it was. The time-out is 1 s. */
final class EndingsIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String GET = "GET /x HTTP/1.1|Host: a||";
  private static final int REST = 2;

  private static void awaitOutcome(GatewayFixture gateway, Outcome outcome) {
    await().atMost(SOON).until(() -> gateway.counts(REST).outcome(outcome) == 1);
  }

  @Test
  void clientLeaves_backendIsTold() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          arrived.countDown();
          peer.untilClosed();
          closed.countDown();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      long begin = gateway.ticker.nanos();
      try (RawClient client = gateway.client()) {
        client.send(GET);
        assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      awaitOutcome(gateway, Outcome.IGNORED);
      // the backend may still work on it: the slot stays taken until the time-out
      assertThat(gateway.snapshot().inFlight()).isEqualTo(1);
      gateway.assertAllPermitsEnded();
      assertThat(gateway.ticker.nanos() - begin).isGreaterThan(Duration.ofSeconds(1).toNanos());
    }
  }

  /** Its time-out is the class's: leaving at its end tells as much as the time-out itself. */
  @Test
  void clientLeaves_atItsTimeout() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          answer.await();
          peer.ok("late");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      try (RawClient client = gateway.client()) {
        client.send(GET);
        long begin = gateway.ticker.nanos();
        await().until(() -> gateway.ticker.nanos() - begin > 940_000_000L);
      }
      awaitOutcome(gateway, Outcome.TIMEOUT);
      assertThat(gateway.snapshot().inFlight()).isEqualTo(1);
      answer.countDown();
      gateway.assertAllPermitsEnded();
    }
  }

  /** A zombie: its slot is taken until the backend answers, and the connection lives on. */
  @Test
  void timeout_keepsTheSlotUntilTheAnswer() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          if (request.number() == 0) {
            answer.await();
          }
          peer.ok("late");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send(GET).read();
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.header("Governor-Reason")).isEqualTo("timeout");
      assertThat(gateway.counts(REST).outcome(Outcome.TIMEOUT)).isEqualTo(1);
      assertThat(gateway.snapshot().inFlight()).isEqualTo(1);
      answer.countDown();
      gateway.assertAllPermitsEnded();
      assertThat(client.send(GET).read().body()).isEqualTo("late");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void zombie_endsWithItsConnection() throws Exception {
    CountDownLatch close = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          close.await();
          peer.close();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().status()).isEqualTo(504);
      assertThat(gateway.snapshot().inFlight()).isEqualTo(1);
      close.countDown();
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void backend_resetsBeforeItsAnswer() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.reset());
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send(GET).read();
      assertThat(reply.status()).isEqualTo(502);
      assertThat(reply.header("Governor-Reason")).isEqualTo("broken");
      assertThat(gateway.counts(REST).outcome(Outcome.FAILURE)).isEqualTo(1);
      // it was sent once: the backend may have done its work
      assertThat(origin.requests()).hasSize(1);
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void backend_answersNonsense() throws Exception {
    String[] answers = {
      "NONSENSE||",
      "HTTP/1.1 200 OK|Content-Length: 3|Content-Length: 4||abc",
      "HTTP/1.1 200 OK|Content-Length: 3|Transfer-Encoding: chunked||0||",
      "HTTP/1.1 101 Switching Protocols|Upgrade: foo|Connection: Upgrade||",
      "HTTP/1.1 102 Processing||HTTP/1.1 200 OK|Content-Length: 0||",
    };
    RawOrigin.Script script = (request, peer) -> peer.send(answers[request.number()]);
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      for (String each : answers) {
        assertThat(client.send(GET).read().status()).as(each).isEqualTo(502);
      }
      assertThat(gateway.counts(REST).outcome(Outcome.FAILURE)).isEqualTo(answers.length);
      gateway.assertAllPermitsEnded();
    }
  }

  /** A cut answer must look cut, not short. */
  @Test
  void backend_breaksOffInTheMiddle() throws Exception {
    String[] answers = {
      "HTTP/1.1 200 OK|Content-Length: 200000||abc",
      "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|",
    };
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send(answers[request.number()]);
          peer.close();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      for (String each : answers) {
        try (RawClient client = gateway.client()) {
          client.send(GET);
          org.assertj.core.api.Assertions.assertThatThrownBy(client::read)
              .as(each)
              .isInstanceOf(java.io.IOException.class);
        }
      }
      gateway.assertAllPermitsEnded();
    }
  }

  /** Nothing of a short answer has been passed on yet: the client is told the truth. */
  @Test
  void backend_breaksOffAShortAnswer() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 200 OK|Content-Length: 5||abc");
          peer.close();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().status()).isEqualTo(502);
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void backend_isNotThere() throws Exception {
    RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
    int port = origin.port();
    origin.close();
    try (GatewayFixture gateway = new GatewayFixture(port);
        RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send(GET).read();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Governor-Reason")).isEqualTo("unreachable");
      assertThat(reply.header("Retry-After")).isNotEmpty();
      assertThat(gateway.counts(REST).outcome(Outcome.UNREACHABLE)).isEqualTo(1);
      assertThat(gateway.counts(REST).sent()).isZero();
      gateway.assertAllPermitsEnded();
    }
  }

  /** Whoever leaves in the middle of a long answer takes the backend's connection with him. */
  @Test
  void clientLeaves_inTheMiddleOfTheAnswer() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||");
          try {
            while (cut.getCount() > 0) {
              peer.send("3e8|" + "x".repeat(1000) + "|");
            }
          } catch (java.io.IOException gone) {
            cut.countDown();
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      try (RawClient client = gateway.client()) {
        client.send(GET);
        assertThat(client.line()).contains("200");
      }
      assertThat(cut.await(5, TimeUnit.SECONDS)).isTrue();
      gateway.assertAllPermitsEnded();
    }
  }

  /** A connection that the backend closed while it was idle costs nobody a request. */
  @Test
  void idleConnection_closedByTheBackend() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    RawOrigin.Script script =
        (request, peer) -> {
          peer.ok("once");
          if (request.number() == 0) {
            peer.close();
            closed.set(true);
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().body()).isEqualTo("once");
      await().atMost(SOON).untilTrue(closed);
      long begin = gateway.ticker.nanos();
      await().until(() -> gateway.ticker.nanos() - begin > 50_000_000L);
      assertThat(client.send(GET).read().body()).isEqualTo("once");
      assertThat(origin.connections()).isEqualTo(2);
      gateway.assertAllPermitsEnded();
    }
  }

  /** The second request finds its connection closed: RFC 9112 section 9.3.1. */
  private static RawOrigin closingOnTheSecond() throws Exception {
    return onTheSecond(RawOrigin.Peer::close);
  }

  /** What a connection does. */
  private interface End {
    void of(RawOrigin.Peer peer) throws Exception;
  }

  private static RawOrigin onTheSecond(End end) throws Exception {
    return new RawOrigin(
        (request, peer) -> {
          if (request.number() == 1) {
            end.of(peer);
          } else {
            peer.ok("fine");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void staleConnection_isNoticedAsTheRequestIsSent(boolean reset) throws Exception {
    try (RawOrigin origin = onTheSecond(reset ? RawOrigin.Peer::reset : RawOrigin.Peer::close);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().body()).isEqualTo("fine");
      assertThat(client.send(GET).read().body()).isEqualTo("fine");
      assertThat(origin.requests()).as("each sending counts").hasSize(3);
      assertThat(gateway.meters.scrape()).contains("governor_resends_total 1.0");
      assertThat(origin.connections()).isEqualTo(2);
      gateway.assertAllPermitsEnded();
    }
  }

  /** What is no answer is not asked for twice. */
  @Test
  void usedConnection_thatAnswersNonsense() throws Exception {
    End nonsense =
        peer -> {
          peer.send("nonsense||");
          peer.close();
        };
    try (RawOrigin origin = onTheSecond(nonsense);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().body()).isEqualTo("fine");
      assertThat(client.send(GET).read().status()).isEqualTo(502);
      assertThat(origin.requests()).hasSize(2);
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void staleConnection_ofWhatMustNotBeDoneTwice() throws Exception {
    try (RawOrigin origin = closingOnTheSecond();
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().status()).isEqualTo(200);
      String post = GET.replaceFirst("GET", "POST").replaceFirst("\\|$", "Content-Length: 0||");
      assertThat(client.send(post).read().status()).isEqualTo(502);
      assertThat(origin.requests()).hasSize(2);
      gateway.assertAllPermitsEnded();
    }
  }

  /** A fresh connection that breaks off is the backend's failure, and nobody asks again. */
  @Test
  void freshConnection_thatBreaksIsNotTriedAgain() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.close());
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().status()).isEqualTo(502);
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.meters.scrape()).contains("governor_resends_total 0.0");
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void refusal_ofATopClassIsReplayed() throws Exception {
    AtomicInteger refusals = new AtomicInteger();
    RawOrigin.Script script =
        (request, peer) -> {
          peer.body(request.header("Content-Length").isEmpty() ? 0 : 3);
          if (refusals.incrementAndGet() <= 2) {
            peer.send("HTTP/1.1 429 Too Many|Content-Length: 3||no!");
          } else {
            peer.ok("yes");
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /config/x HTTP/1.1|Host: a|Content-Length: 3||abc");
      assertThat(client.read().body()).isEqualTo("yes");
      assertThat(gateway.counts(0).outcome(Outcome.REFUSED)).isEqualTo(2);
      assertThat(gateway.counts(0).outcome(Outcome.SUCCESS)).isEqualTo(1);
      assertThat(gateway.counts(0).replays()).isEqualTo(2);
      assertThat(gateway.counts(0).sent()).isEqualTo(3);
      assertThat(origin.requests()).hasSize(3);
      gateway.assertAllPermitsEnded();
    }
  }

  /** A 503 may have been said in the middle of the work: a POST is not sent again. */
  @Test
  void refusal_ofAPostWith503Stands() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.body(3);
          peer.send("HTTP/1.1 503 No|Retry-After: 77|Content-Length: 4||busy");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /config/x HTTP/1.1|Host: a|Content-Length: 3||abc");
      RawClient.Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body()).isEqualTo("busy");
      assertThat(reply.header("Retry-After")).isEqualTo("77");
      assertThat(gateway.counts(0).replays()).isZero();
      client.send("POST /config/x HTTP/1.1|Host: a|Idempotency-Key: 1|Content-Length: 3||abc");
      assertThat(client.read().status()).isEqualTo(503);
      assertThat(gateway.counts(0).replays()).isEqualTo(3);
      gateway.assertAllPermitsEnded();
    }
  }

  /** Refused by the backend, and not to be replayed: told when to come back, by us if need be. */
  @Test
  void refusal_ofALowClassPassesWithATime() throws Exception {
    String[] answers = {
      "HTTP/1.1 429 Too Many|Content-Length: 0||",
      "HTTP/1.1 503 No|Retry-After: 0|Content-Length: 0||",
      "HTTP/1.1 503 No|Retry-After: 999|Content-Length: 0||",
      "HTTP/1.1 503 No|Retry-After: Fri, 31 Dec 2100 23:59:59 GMT|Content-Length: 0||",
    };
    RawOrigin.Script script = (request, peer) -> peer.send(answers[request.number()]);
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(Integer.parseInt(client.send(GET).read().header("Retry-After"))).isPositive();
      assertThat(Integer.parseInt(client.send(GET).read().header("Retry-After"))).isPositive();
      assertThat(client.send(GET).read().header("Retry-After")).isEqualTo("999");
      assertThat(client.send(GET).read().header("Retry-After")).contains("2100");
      assertThat(gateway.counts(REST).outcome(Outcome.REFUSED)).isEqualTo(4);
      assertThat(gateway.counts(REST).replays()).isZero();
    }
  }

  @Test
  void otherErrors_areFailures() throws Exception {
    String[] answers = {
      "HTTP/1.1 500 No|Content-Length: 0||",
      "HTTP/1.1 404 No|Content-Length: 0||",
      "HTTP/1.1 302 There|Location: /y|Content-Length: 0||",
    };
    RawOrigin.Script script = (request, peer) -> peer.send(answers[request.number()]);
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().status()).isEqualTo(500);
      assertThat(client.send(GET).read().status()).isEqualTo(404);
      assertThat(client.send(GET).read().status()).isEqualTo(302);
      assertThat(gateway.counts(REST).outcome(Outcome.FAILURE)).isEqualTo(1);
      assertThat(gateway.counts(REST).outcome(Outcome.SUCCESS)).isEqualTo(2);
    }
  }
}
