package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every bound holds, and what lies beyond it is refused in good order. */
final class LimitsIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String GET = "GET /x HTTP/1.1|Host: a||";
  private static final int REST = 2;

  private static GatewayFixture.Setup listen(String yaml) {
    return GatewayFixture.Setup.usual().listen(yaml);
  }

  @Test
  void connections_beyondTheLimitAreClosed() throws Exception {
    GatewayFixture.Setup two = listen("max-connections: 2").loops(2);
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(two, origin.port());
        RawClient first = gateway.client()) {
      assertThat(first.send(GET).read().body()).isEqualTo("in");
      try (RawClient second = gateway.client()) {
        assertThat(second.send(GET).read().body()).isEqualTo("in");
        try (RawClient third = gateway.client()) {
          assertThatThrownBy(() -> third.send(GET).read()).isInstanceOf(IOException.class);
          assertThat(turnedAway(gateway, "no-place")).isGreaterThanOrEqualTo(1);
        }
      }
      // the second has left its place
      await()
          .atMost(SOON)
          .ignoreExceptionsMatching(e -> e instanceof IOException)
          .until(
              () -> {
                try (RawClient next = gateway.client()) {
                  return next.send(GET).read().status() == 200;
                }
              });
    }
  }

  private static double turnedAway(GatewayFixture gateway, String why) {
    String line = "governor_turned_away_total{why=\"" + why + "\"} ";
    return gateway
        .meters
        .scrape()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToDouble(each -> Double.parseDouble(each.substring(line.length())))
        .sum();
  }

  /** What never becomes a request of a class is in no class's counts, and must be in some. */
  @ParameterizedTest
  @CsvSource({
    "'GET /x HTTP/1.1|Host: a|Host: b||', 400, malformed",
    "'CONNECT a:1 HTTP/1.1|Host: a||', 501, unsupported",
    "long-line, 414, long-line",
    "long-fields, 431, long-fields"
  })
  void refusedAtTheDoor_isCounted(String request, int status, String why) throws Exception {
    String text =
        switch (request) {
          case "long-line" -> "GET /" + "x".repeat(5_000) + " HTTP/1.1|Host: a||";
          case "long-fields" -> "GET /x HTTP/1.1|Host: a|X: " + "x".repeat(9_000) + "||";
          default -> request;
        };
    try (RawOrigin origin = new RawOrigin((head, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client();
        RawClient good = gateway.client()) {
      assertThat(good.send(GET).read().status()).isEqualTo(200);
      assertThat(turnedAway(gateway, why)).isZero();
      assertThat(client.send(text).read().status()).isEqualTo(status);
      assertThat(turnedAway(gateway, why)).isEqualTo(1);
    }
  }

  /** A byte now and then does not keep a connection that owes its head. */
  @Test
  void head_thatTrickles() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(listen("head-timeout: 1s"), origin.port());
        RawClient client = gateway.client()) {
      long begin = gateway.ticker.nanos();
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> client.write("G").closedByNow());
      assertThat(gateway.ticker.nanos() - begin)
          .isBetween(Duration.ofSeconds(1).toNanos(), Duration.ofSeconds(3).toNanos());
      assertThat(origin.requests()).isEmpty();
      assertThat(turnedAway(gateway, "slow-head")).isEqualTo(1);
    }
  }

  @Test
  void head_ofAKeptAliveConnectionHasTheIdleTime() throws Exception {
    GatewayFixture.Setup setup = listen("head-timeout: 100ms, idle-timeout: 5s");
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(setup, origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().status()).isEqualTo(200);
      long begin = gateway.ticker.nanos();
      await().until(() -> gateway.ticker.nanos() - begin > 1_200_000_000L);
      assertThat(client.send(GET).read().status()).isEqualTo(200);
    }
  }

  /** A download that never ends is cut, and looks cut. */
  @Test
  void transfer_longerThanAllowed() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||");
          peer.untilClosed();
          cut.countDown();
        };
    GatewayFixture.Setup setup = listen("transfer-timeout: 3s, idle-timeout: 10s");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(setup, origin.port());
        RawClient client = gateway.client()) {
      long begin = gateway.ticker.nanos();
      client.send(GET);
      assertThat(client.line()).contains("200");
      assertThat(client.line()).isEqualTo("transfer-encoding: chunked");
      assertThat(client.line()).isEmpty();
      assertThat(client.closedByPeer()).isTrue();
      assertThat(cut.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.ticker.nanos() - begin)
          .isBetween(Duration.ofSeconds(3).toNanos(), Duration.ofSeconds(6).toNanos());
    }
  }

  /** One connection to the backend: one waits for it, the next is refused; all permits end. */
  @Test
  void pool_isBounded() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          answer.await();
          peer.ok("one");
        };
    GatewayFixture.Setup one = GatewayFixture.Setup.usual().backend("max-connections: 1");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(one, origin.port());
        RawClient first = gateway.client();
        RawClient second = gateway.client();
        RawClient third = gateway.client()) {
      first.send(GET);
      await().atMost(SOON).until(() -> gateway.sent() == 1);
      second.send(GET);
      await().atMost(SOON).until(() -> gateway.snapshot().inFlight() == 2);
      RawClient.Reply refused = third.send(GET).read();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Governor-Reason")).isEqualTo("connections");
      answer.countDown();
      assertThat(first.read().body()).isEqualTo("one");
      assertThat(second.read().body()).isEqualTo("one");
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(gateway.counts(REST).outcome(Outcome.IGNORED)).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  /** Two of the lowest class wait; a higher one displaces the later, and is served before both. */
  @Test
  void pool_higherClassIsServedFirst_andDisplacesTheNewestOfTheLowest() throws Exception {
    Semaphore answers = new Semaphore(0);
    RawOrigin.Script script =
        (request, peer) -> {
          answers.acquire();
          peer.ok(request.line());
        };
    GatewayFixture.Setup two = GatewayFixture.Setup.usual().backend("max-connections: 2");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(two, origin.port());
        RawClient one = gateway.client();
        RawClient other = gateway.client();
        RawClient older = gateway.client();
        RawClient newer = gateway.client();
        RawClient high = gateway.client()) {
      int held = 0;
      for (RawClient low : List.of(one, other, older, newer)) {
        low.send(GET);
        int now = ++held;
        await().atMost(SOON).until(() -> gateway.snapshot().inFlight() == now);
      }
      high.send("GET /config/a HTTP/1.1|Host: a||");
      RawClient.Reply displaced = newer.read();
      assertThat(displaced.status()).isEqualTo(503);
      assertThat(displaced.header("Governor-Reason")).isEqualTo("connections");
      answers.release();
      await().atMost(SOON).until(() -> origin.requests().size() == 3);
      assertThat(origin.last().line()).startsWith("GET /config/a ");
      answers.release(3);
      assertThat(high.read().status()).isEqualTo(200);
      for (RawClient low : List.of(one, other, older)) {
        assertThat(low.read().status()).isEqualTo(200);
      }
      gateway.assertAllPermitsEnded();
    }
  }

  /** Waiting for a connection is bounded by the request's own deadline. */
  @Test
  void pool_waitEndsAtTheDeadline() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          answer.await();
          peer.ok("one");
        };
    GatewayFixture.Setup one = GatewayFixture.Setup.usual().backend("max-connections: 1");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(one, origin.port());
        RawClient first = gateway.client();
        RawClient second = gateway.client()) {
      first.send(GET);
      await().atMost(SOON).until(() -> gateway.sent() == 1);
      assertThat(second.send(GET).read().status()).isEqualTo(504);
      answer.countDown();
      gateway.assertAllPermitsEnded();
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.counts(REST).outcome(Outcome.TIMEOUT)).isEqualTo(1);
    }
  }

  /** A short body is read with its refusal and does not cost the connection; a long one is not. */
  @Test
  void refused_bodyIsNotForwarded() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      client.send("POST /x HTTP/1.1|Host: a|Content-Length: 3||").write("abc");
      assertThat(client.read().status()).isEqualTo(503);
      client.send("POST /x HTTP/1.1|Host: a|Content-Length: 900000||");
      RawClient.Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Connection")).isEqualTo("close");
      assertThat(client.closedByPeer()).isTrue();
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void refused_headHasNoBody() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      for (int i = 0; i < 2; i++) {
        RawClient.Reply reply = client.send("HEAD /x HTTP/1.1|Host: a||").readHead();
        assertThat(reply.status()).isEqualTo(503);
      }
    }
  }

  /** One that waits for a slot gets it when it comes free, and gives up with its patience. */
  @Test
  void waiting_forASlot() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          answer.await();
          peer.ok("slot");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient first = gateway.client();
        RawClient second = gateway.client()) {
      gateway.lease(Leases.ample().slots(1));
      first.send(GET);
      await().atMost(SOON).until(() -> gateway.sent() == 1);
      RawClient.Reply refused = second.send(GET).read();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Governor-Reason")).isEqualTo("slots");
      second.send(GET);
      await().atMost(SOON).until(() -> gateway.counts(REST).firstAttempts() == 3);
      answer.countDown();
      assertThat(first.read().body()).isEqualTo("slot");
      assertThat(second.read().body()).isEqualTo("slot");
      gateway.assertAllPermitsEnded();
    }
  }

  /** Whoever leaves while he waits costs no token and no slot. */
  @Test
  void waiting_clientLeaves() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          answer.await();
          peer.ok("slot");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient first = gateway.client()) {
      gateway.lease(Leases.ample().slots(1));
      first.send(GET);
      await().atMost(SOON).until(() -> gateway.sent() == 1);
      RawClient second = gateway.client();
      second.send(GET);
      await().atMost(SOON).until(() -> gateway.counts(REST).firstAttempts() == 2);
      second.reset();
      answer.countDown();
      assertThat(first.read().body()).isEqualTo("slot");
      gateway.assertAllPermitsEnded();
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void unreachable_topClassIsReplayedUntilItsPatienceEnds() throws Exception {
    RawOrigin first = new RawOrigin((request, peer) -> peer.ok(""));
    int port = first.port();
    first.close();
    try (GatewayFixture gateway = new GatewayFixture(port);
        RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send("GET /config/x HTTP/1.1|Host: a||").read();
      assertThat(reply.header("Governor-Reason")).isEqualTo("unreachable");
      assertThat(gateway.counts(0).replays()).isEqualTo(3);
      assertThat(gateway.counts(0).outcome(Outcome.UNREACHABLE)).isEqualTo(4);
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void shadow_refusesNothingAndMetersAll() throws Exception {
    GatewayFixture.Setup shadow = GatewayFixture.Setup.usual().shadow();
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(shadow, origin.port());
        RawClient client = gateway.client()) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      assertThat(client.send(GET).read().status()).isEqualTo(200);
      assertThat(gateway.shed(REST, ShedReason.OUTAGE)).isEqualTo(1);
      assertThat(gateway.counts(REST).outcome(Outcome.SUCCESS)).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  /** In flight: finished. New: refused, with the news that the connection closes. Then the end. */
  @Test
  void drain_finishesWhatIsUnderWay() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          if (request.line().contains("/busy")) {
            answer.await();
          }
          peer.ok("done");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient busy = gateway.client();
        RawClient idle = gateway.client()) {
      assertThat(idle.send(GET).read().status()).isEqualTo(200);
      busy.send("GET /busy HTTP/1.1|Host: a||");
      await().atMost(SOON).until(() -> gateway.sent() == 2);
      Future<Void> ended = gateway.undeploy();
      RawClient.Reply refused = idle.send(GET).read();
      while (refused.status() == 200) {
        // it said that its connection closes
        try (RawClient next = gateway.client()) {
          refused = next.send(GET).read();
        }
      }
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Governor-Reason")).isEqualTo("draining");
      assertThat(refused.header("Connection")).isEqualTo("close");
      assertThat(ended.isComplete()).isFalse();
      answer.countDown();
      RawClient.Reply last = busy.read();
      assertThat(last.body()).isEqualTo("done");
      assertThat(last.header("Connection")).isEqualTo("close");
      await().atMost(SOON).until(ended::isComplete);
      assertThat(busy.closedByPeer()).isTrue();
      assertThatThrownBy(gateway::client).isInstanceOf(IOException.class);
      gateway.assertAllPermitsEnded();
    }
  }

  /** What does not finish is cut, and its permit ends all the same. */
  @Test
  void drain_isBounded() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||");
          peer.untilClosed();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(listen("drain-timeout: 1s"), origin.port());
        RawClient client = gateway.client()) {
      client.send(GET);
      assertThat(client.line()).contains("200");
      long begin = gateway.ticker.nanos();
      await().atMost(SOON).until(gateway.undeploy()::isComplete);
      assertThat(gateway.ticker.nanos() - begin).isGreaterThan(900_000_000L);
      gateway.assertAllPermitsEnded();
    }
  }

  /** Before it drains, a node still serves, and sends its clients away one by one. */
  @Test
  void leaving_servesAndClosesEachConnection() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("fine"));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("GET /x HTTP/1.1|Host: a||");
      assertThat(client.read().header("Connection")).isEmpty();
      gateway.leave();
      await()
          .until(
              () -> {
                RawClient.Reply reply = client.send("GET /x HTTP/1.1|Host: a||").read();
                assertThat(reply.status()).isEqualTo(200);
                return reply.header("Connection").equals("close");
              });
      assertThat(client.closedByPeer()).isTrue();
    }
  }
}
