package io.trafficgovernor.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.answers.Order;
import io.trafficgovernor.answers.open.OneTimeGuard;
import io.trafficgovernor.gateway.GatewayFixture.Setup;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configured answers, their guard, and orders for a class, on real sockets. */
final class FailOpenIT {
  private static final String POST = "POST /config/a HTTP/1.1|Host: shop|Content-Length: 0||";
  private static final String ANSWER = "open-answer: { body: \"{\\\"success\\\":true}\" }";
  private static final String GUARDED =
      "open-answer: { body: \"{\\\"success\\\":true}\", one-time: { header: X-Token } }";

  private static Setup open(String answer) {
    return Setup.usual().config("on-shed: fail-open, max-stale: 10m, " + answer);
  }

  private static RawClient.Reply ask(GatewayFixture gateway, String request) throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send(request).read();
    }
  }

  private static RawClient.Reply show(GatewayFixture gateway, String token) throws Exception {
    return ask(gateway, POST.replace("||", "|X-Token: " + token + "||"));
  }

  private static void outage(GatewayFixture gateway) {
    gateway.lease(Leases.ample().phase(Phase.OUTAGE));
  }

  private static void order(GatewayFixture gateway, Order.Action action, long untilMillis) {
    gateway
        .answers
        .orders()
        .replace(Map.of("config", new Order(action, untilMillis, "oncall", "test")));
  }

  @Test
  void outage_givesTheConfiguredAnswer() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("asked"));
        GatewayFixture gateway = new GatewayFixture(open(ANSWER), origin.port())) {
      assertThat(ask(gateway, POST).body()).isEqualTo("asked");
      outage(gateway);
      RawClient.Reply reply = ask(gateway, POST);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("{\"success\":true}");
      assertThat(reply.header("Content-Type")).isEqualTo("application/json");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("Governor-Degraded")).isEqualTo("fail-open");
      assertThat(reply.header("Governor-Reason")).isEqualTo("outage");
      assertThat(ask(gateway, POST.replace("config", "auth")).status()).isEqualTo(503);
      assertThat(gateway.meters.scrape())
          .contains("governor_degraded_total{class=\"config\",how=\"fail-open\"} 1.0");
    }
  }

  @Test
  void token_isAcceptedOnce_andNotAgainAfterwards() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("asked"));
        GatewayFixture gateway = new GatewayFixture(open(GUARDED).loops(2), origin.port())) {
      outage(gateway);
      assertThat(show(gateway, "t1").status()).isEqualTo(200);
      RawClient.Reply again = show(gateway, "t1");
      assertThat(again.status()).isEqualTo(403);
      assertThat(again.header("Governor-Reason")).isEqualTo("one-time-seen");
      assertThat(again.header("Governor-Degraded")).isEmpty();
      assertThat(show(gateway, "t2").status()).isEqualTo(200);
      assertThat(ask(gateway, POST).status()).as("no token").isEqualTo(503);
      assertThat(gateway.book.hides("t1")).isTrue();
      // another node has accepted it, and told so through the grid
      requireNonNull(gateway.answers.guards().get("config"))
          .learn(OneTimeGuard.hash("config", "t3"), OneTimeGuard.By.GATEWAY);
      assertThat(show(gateway, "t3").status()).isEqualTo(403);
      gateway.lease(Leases.ample());
      assertThat(show(gateway, "t1").status()).as("the door is closed").isEqualTo(403);
      assertThat(show(gateway, "t4").body()).isEqualTo("asked");
    }
  }

  /** What the backend accepted before it went away is used up; what it refused is not. */
  @Test
  void tokenTheBackendAccepted_isNotAcceptedOnceMore() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          if (request.header("X-Token").equals("bad")) {
            peer.send("HTTP/1.1 409 No|Content-Length: 0||");
          } else {
            peer.ok("asked");
          }
        };
    String live = GUARDED.replace("X-Token", "X-Token, also-live: true");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(open(live).loops(2), origin.port())) {
      assertThat(show(gateway, "t1").body()).isEqualTo("asked");
      assertThat(show(gateway, "t1").body()).as("the backend's to judge").isEqualTo("asked");
      assertThat(show(gateway, "bad").status()).isEqualTo(409);
      outage(gateway);
      assertThat(show(gateway, "t1").status()).isEqualTo(403);
      assertThat(show(gateway, "bad").status()).isEqualTo(200);
    }
    // negative control: as it is by default
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(open(GUARDED), origin.port())) {
      assertThat(show(gateway, "t1").body()).isEqualTo("asked");
      outage(gateway);
      assertThat(show(gateway, "t1").status()).isEqualTo(200);
    }
  }

  /** One copy is at the backend while another comes in by the door, here or at another node. */
  @ParameterizedTest
  @CsvSource({"false, here", "true, here", "true, elsewhere", "true, nowhere"})
  void tokenShownToBothAtOnce_isAcceptedOnce(boolean alsoLive, String door) throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          there.countDown();
          answer.await();
          peer.ok("asked");
        };
    Setup setup = open(GUARDED.replace("X-Token", "X-Token, also-live: " + alsoLive)).loops(2);
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(setup, origin.port());
        RawClient first = gateway.client()) {
      first.send(POST.replace("||", "|X-Token: t1||"));
      there.await();
      outage(gateway);
      assertThat(show(gateway, "t0").status()).as("the door is open").isEqualTo(200);
      if (door.equals("here")) {
        assertThat(show(gateway, "t1").status()).isEqualTo(200);
      } else if (door.equals("elsewhere")) {
        gateway.book.first(OneTimeGuard.hash("config", "t1")).toCompletableFuture().join();
      }
      answer.countDown();
      RawClient.Reply reply = first.read();
      assertThat(reply.status()).isEqualTo(door.equals("nowhere") ? 200 : 403);
      gateway.assertAllPermitsEnded();
    }
  }

  /** What comes of the answer while the cluster is asked is passed on with it. */
  @Test
  void bodyThatComesBeforeTheGuardsWord_isNotLost() throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          there.countDown();
          answer.await();
          peer.ok("asked");
          sent.countDown();
        };
    Setup setup = open(GUARDED.replace("X-Token", "X-Token, also-live: true"));
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(setup, origin.port());
        RawClient first = gateway.client()) {
      first.send(POST.replace("||", "|X-Token: t1||"));
      there.await();
      outage(gateway);
      assertThat(show(gateway, "t0").status()).as("the door is open").isEqualTo(200);
      gateway.book.slow = new CompletableFuture<>();
      answer.countDown();
      sent.await();
      for (int i = 0; i < 20; i++) {
        assertThat(show(gateway, "other-" + i).status()).as("time goes by").isEqualTo(200);
      }
      gateway.book.slow.complete(null);
      assertThat(first.read().body()).isEqualTo("asked");
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void gridAway_nothingIsAccepted() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("asked"));
        GatewayFixture gateway = new GatewayFixture(open(GUARDED), origin.port())) {
      outage(gateway);
      gateway.book.away = true;
      assertThat(show(gateway, "t1").status()).isEqualTo(503);
      gateway.book.away = false;
      assertThat(show(gateway, "t1").status()).isEqualTo(200);
    }
  }

  /** An order is followed while the law would admit, and none lets more through than the law. */
  @ParameterizedTest
  @CsvSource({"SHED, 503, override", "FAIL_OPEN, 200, override", "STALE, 503, override"})
  void order_isFollowedInOpen(Order.Action action, int status, String reason) throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("asked"));
        GatewayFixture gateway = new GatewayFixture(open(ANSWER), origin.port())) {
      order(gateway, action, Long.MAX_VALUE);
      RawClient.Reply reply = ask(gateway, POST);
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.header("Governor-Reason")).isEqualTo(reason);
      assertThat(origin.requests()).isEmpty();
      assertThat(gateway.shed(0, ShedReason.OVERRIDE)).isEqualTo(1);
      assertThat(ask(gateway, POST.replace("config", "auth")).body()).isEqualTo("asked");
    }
  }

  @Test
  void order_stale_givesWhatIsKept() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("kept"));
        GatewayFixture gateway = new GatewayFixture(open(ANSWER), origin.port())) {
      String get = "GET /config/a HTTP/1.1|Host: shop||";
      ask(gateway, get);
      order(gateway, Order.Action.STALE, Long.MAX_VALUE);
      RawClient.Reply reply = ask(gateway, get);
      assertThat(reply.body()).isEqualTo("kept");
      assertThat(reply.header("Governor-Degraded")).isEqualTo("stale");
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void order_admit_givesNothingInstead() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("asked"));
        GatewayFixture gateway = new GatewayFixture(open(ANSWER), origin.port())) {
      order(gateway, Order.Action.ADMIT, Long.MAX_VALUE);
      assertThat(ask(gateway, POST).body()).isEqualTo("asked");
      outage(gateway);
      assertThat(ask(gateway, POST).status()).isEqualTo(503);
    }
  }

  @Test
  void order_ends() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("asked"));
        GatewayFixture gateway = new GatewayFixture(open(ANSWER), origin.port())) {
      order(gateway, Order.Action.SHED, gateway.ticker.wallTime().toEpochMilli() + 60_000);
      assertThat(ask(gateway, POST).status()).isEqualTo(503);
      gateway.wallShiftMillis.set(60_001);
      assertThat(ask(gateway, POST).body()).isEqualTo("asked");
    }
  }
}
