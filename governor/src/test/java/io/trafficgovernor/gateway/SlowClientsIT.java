package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.testing.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A client that takes its time over a body costs nobody else a slot, and the backend no blame. The
 * time-out is 1 s.
 */
final class SlowClientsIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String GET = "GET /x HTTP/1.1|Host: a||";
  private static final int REST = 2;

  private static void awaitOutcome(GatewayFixture gateway, Outcome outcome) {
    awaitOutcomes(gateway, outcome, 1);
  }

  private static void awaitOutcomes(GatewayFixture gateway, Outcome outcome, int count) {
    await().atMost(SOON).until(() -> gateway.counts(REST).outcome(outcome) == count);
  }

  private static String post(int length) {
    return "POST /x HTTP/1.1|Host: a|Content-Length: " + length + "||";
  }

  /** Whoever owes the body himself says nothing about the backend, however late he leaves. */
  @Test
  void clientLeaves_lateInItsOwnUpload() throws Exception {
    RawOrigin.Script script = (request, peer) -> peer.untilClosed();
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      try (RawClient client = gateway.client()) {
        client.send("POST /x HTTP/1.1|Host: a|Content-Length: 50000||").write("ab");
        long begin = gateway.ticker.nanos();
        await().until(() -> gateway.ticker.nanos() - begin > 920_000_000L);
      }
      awaitOutcome(gateway, Outcome.IGNORED);
      assertThat(gateway.counts(REST).outcome(Outcome.TIMEOUT)).isZero();
      gateway.assertAllPermitsEnded();
    }
  }

  /** The backend's time begins with the last byte of a body, for those who leave as well. */
  @Test
  void clientLeaves_soonAfterALongUpload() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          peer.body(200_000);
          read.countDown();
          peer.untilClosed();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      try (RawClient client = gateway.client()) {
        client.send("POST /x HTTP/1.1|Host: a|Content-Length: 200000||");
        client.write("u".repeat(150_000));
        long begin = gateway.ticker.nanos();
        await().until(() -> gateway.ticker.nanos() - begin > 1_300_000_000L);
        client.write("u".repeat(50_000));
        assertThat(read.await(5, TimeUnit.SECONDS)).isTrue();
      }
      awaitOutcome(gateway, Outcome.IGNORED);
      assertThat(gateway.counts(REST).outcome(Outcome.TIMEOUT)).isZero();
      gateway.assertAllPermitsEnded();
    }
  }

  /** The client's half of the bargain: a body that does not come is no fault of the backend. */
  @Test
  void client_isTooSlow() throws Exception {
    RawOrigin.Script script = (request, peer) -> peer.untilClosed();
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      for (String length : new String[] {"5", "50000"}) {
        try (RawClient client = gateway.client()) {
          client.send("POST /x HTTP/1.1|Host: a|Content-Length: " + length + "||").write("ab");
          RawClient.Reply reply = client.read();
          assertThat(reply.status()).isEqualTo(408);
          assertThat(reply.header("Governor-Reason")).isEqualTo("slow-client");
        }
      }
      // the short one was read before anything was decided, the long one was sent
      assertThat(gateway.counts(REST).admitted()).isEqualTo(1);
      assertThat(gateway.counts(REST).outcome(Outcome.IGNORED)).isEqualTo(1);
      assertThat(gateway.counts(REST).outcome(Outcome.TIMEOUT)).isZero();
      gateway.assertAllPermitsEnded();
    }
  }

  /** An upload that gets on may take longer than the time-out, which counts from its end. */
  @Test
  void upload_longerThanTheTimeout() throws Exception {
    RawOrigin.Script script = (request, peer) -> peer.ok(peer.body(200_000).substring(0, 3));
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: a|Content-Length: 200000||");
      client.write("u".repeat(150_000));
      long begin = gateway.ticker.nanos();
      await().until(() -> gateway.ticker.nanos() - begin > 1_300_000_000L);
      client.write("u".repeat(50_000));
      assertThat(client.read().body()).isEqualTo("uuu");
      gateway.assertAllPermitsEnded();
    }
  }

  /** A promise of a short body takes neither token nor slot, however many make one. */
  @Test
  void shortBody_isReadBeforeASlotIsTaken() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> peer.ok(peer.body(request.line().startsWith("POST") ? 100 : 0));
    List<RawClient> owing = new ArrayList<>();
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient other = gateway.client()) {
      gateway.lease(Leases.ample().slots(2));
      for (int i = 0; i < 6; i++) {
        owing.add(gateway.client().send(post(100)));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(other.send(GET).read().status()).isEqualTo(200);
      }
      assertThat(gateway.snapshot().inFlight()).isZero();
      assertThat(gateway.counts(REST).admitted()).isEqualTo(20);
      RawClient last = owing.remove(5);
      assertThat(last.write("x".repeat(100)).read().body()).isEqualTo("x".repeat(100));
      last.close();
      for (RawClient each : owing) {
        assertThat(each.read().status()).isEqualTo(408);
        each.close();
      }
      gateway.assertAllPermitsEnded();
    }
  }

  /** A body that came late leaves the backend all of its own time. */
  @Test
  void shortBody_thatCameLateDoesNotShortenTheBackendsTime() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.body(3);
          long begin = System.nanoTime();
          await().until(() -> System.nanoTime() - begin > 400_000_000L);
          peer.ok("done");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send(post(3)).write("a");
      long begin = gateway.ticker.nanos();
      await().until(() -> gateway.ticker.nanos() - begin > 800_000_000L);
      assertThat(client.write("bc").read().body()).isEqualTo("done");
      assertThat(gateway.counts(REST).outcome(Outcome.TIMEOUT)).isZero();
    }
  }

  /** Uploads have half of the slots at most: those who read and write little go on. */
  @Test
  void uploads_haveHalfOfTheSlots() throws Exception {
    int length = 50_000;
    RawOrigin.Script script =
        (request, peer) -> {
          peer.body(request.line().startsWith("POST") ? length : 0);
          peer.ok("done");
        };
    List<RawClient> slow = new ArrayList<>();
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient other = gateway.client()) {
      gateway.lease(Leases.ample().slots(4));
      for (int i = 0; i < 6; i++) {
        slow.add(gateway.client().send(post(length)).write("u".repeat(length - 10)));
      }
      awaitOutcomes(gateway, Outcome.IGNORED, 4);
      for (int i = 0; i < 10; i++) {
        assertThat(other.send(GET).read().status()).isEqualTo(200);
      }
      assertThat(gateway.snapshot().inFlight()).isEqualTo(2);
      int done = 0;
      for (RawClient each : slow) {
        RawClient.Reply reply = each.write("u".repeat(10)).read();
        done += reply.status() == 200 ? 1 : 0;
        assertThat(reply.header("Governor-Reason")).isEqualTo(reply.status() == 200 ? "" : "slots");
        each.close();
      }
      assertThat(done).isEqualTo(2);
      gateway.assertAllPermitsEnded();
      // their half is free again
      other.send(post(length)).write("u".repeat(length));
      assertThat(other.read().body()).isEqualTo("done");
    }
  }

  /** RFC 9110 section 10.1.1: many a backend expects the body without a word. */
  @Test
  void expectContinue_whenTheBackendSaysNothing() throws Exception {
    RawOrigin.Script script = (request, peer) -> peer.ok(peer.body(5));
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 5||");
      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.write("abcde").read().body()).isEqualTo("abcde");
      gateway.assertAllPermitsEnded();
    }
  }

  /** A late word of the backend is not said twice. */
  @Test
  void expectContinue_isSaidOnce() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          String body = peer.body(5);
          peer.send("HTTP/1.1 100 Continue||");
          peer.ok(body);
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 5||");
      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.write("abcde").read().status()).isEqualTo(200);
      gateway.assertAllPermitsEnded();
    }
  }

  /** In HTTP/2, whoever has been answered and only pings is idle all the same. */
  @Test
  void answeredClient_thatOnlyPings() throws Exception {
    GatewayFixture.Setup setup =
        GatewayFixture.Setup.usual().listen("http2: true, idle-timeout: 3500ms");
    RawOrigin.Script script = (request, peer) -> peer.ok("well");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(setup, origin.port());
        RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      client.request(
          RawHttp2Client.headers(
              ":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/x"),
          "");
      assertThat(client.outcome()).isEqualTo("200");
      await()
          .atMost(SOON.multipliedBy(2))
          .until(() -> client.verdict().matches("goaway \\d+|closed"));
      gateway.assertAllPermitsEnded();
    }
  }
}
