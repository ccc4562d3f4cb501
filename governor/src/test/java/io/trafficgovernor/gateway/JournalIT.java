package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.answers.journal.Receipt;
import io.trafficgovernor.gateway.GatewayFixture.Setup;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journaled writes on real sockets. Class 0 is {@code on-shed: journal}. */
final class JournalIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String PUT =
      "PUT /config/a HTTP/1.1|Host: shop|Content-Length: 2|X-Mine: 1||";

  @TempDir private Path folder;
  private Setup journaling = Setup.usual();

  @BeforeEach
  void setup() {
    journaling = Setup.usual().config("on-shed: journal").folder(folder);
  }

  /** Tells the bodies apart, so that order and number can be seen. */
  private static RawOrigin origin(List<String> bodies, AtomicBoolean sick) throws Exception {
    return new RawOrigin(
        (request, peer) -> {
          String length = request.header("Content-Length");
          String body = length.isEmpty() ? "" : peer.body(Integer.parseInt(length));
          if (sick.get()) {
            peer.send("HTTP/1.1 500 No|Content-Length: 0||");
            return;
          }
          synchronized (bodies) {
            bodies.add(body);
          }
          peer.ok("");
        });
  }

  private static void outage(GatewayFixture gateway) {
    gateway.lease(Leases.ample().phase(Phase.OUTAGE));
  }

  private static RawClient.Reply put(GatewayFixture gateway, String head, String body)
      throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send(head).write(body).read();
    }
  }

  private static String state(GatewayFixture gateway, String url) throws Exception {
    try (RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send("GET " + url + " HTTP/1.1|Host: shop||").read();
      return reply.status() == 200
          ? new JsonObject(reply.body()).getString("state")
          : String.valueOf(reply.status());
    }
  }

  private static void awaitState(GatewayFixture gateway, String url, String state) {
    await().atMost(SOON).until(() -> state(gateway, url).equals(state));
  }

  @Test
  void outage_givesAReceipt_andDeliversAfterwards() throws Exception {
    List<String> bodies = new ArrayList<>();
    try (RawOrigin origin = origin(bodies, new AtomicBoolean());
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      gateway.replay();
      RawClient.Reply reply = put(gateway, PUT, "v1");
      assertThat(reply.status()).isEqualTo(202);
      assertThat(reply.header("Governor-Degraded")).isEqualTo("journaled");
      assertThat(reply.header("Governor-Reason")).isEqualTo("outage");
      assertThat(reply.header("Governor-Class")).isEqualTo("config");
      String url = reply.header("Location");
      assertThat(new JsonObject(reply.body()).getString("url")).isEqualTo(url);
      assertThat(state(gateway, url)).isEqualTo("queued");
      assertThat(origin.requests()).isEmpty();

      gateway.lease(Leases.ample());
      awaitState(gateway, url, "delivered");
      assertThat(bodies).containsExactly("v1");
      RawOrigin.Request sent = origin.last();
      assertThat(sent.line()).isEqualTo("PUT /config/a HTTP/1.1");
      assertThat(sent.header("Host")).isEqualTo("shop");
      assertThat(sent.header("X-Mine")).isEqualTo("1");
      assertThat(sent.header("Idempotency-Key"))
          .isEqualTo(new JsonObject(reply.body()).getString("idempotency_key"));
      // as a request of the lowest class, with a token of its own
      assertThat(gateway.counts(2).admitted()).isEqualTo(1);
      assertThat(gateway.counts(0).admitted()).isZero();
      gateway.assertAllPermitsEnded();
    }
  }

  /** Nothing is delivered while live writes are refused. */
  @Test
  void red_holdsDeliveriesBack() throws Exception {
    List<String> bodies = new ArrayList<>();
    try (RawOrigin origin = origin(bodies, new AtomicBoolean());
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      var replay = gateway.replay();
      put(gateway, PUT, "v1");
      gateway.lease(Leases.ample().phase(Phase.PROBING));
      await().atMost(SOON).until(() -> replay.why().equals("probing"));
      assertThat(bodies).isEmpty();
      assertThat(gateway.journal.orElseThrow().waiting().writes()).isEqualTo(1);
    }
  }

  /** A live write does not overtake one that waits, also when it would be admitted. */
  @Test
  void order_ofOneTarget_isKept() throws Exception {
    List<String> bodies = new ArrayList<>();
    try (RawOrigin origin = origin(bodies, new AtomicBoolean());
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      put(gateway, PUT, "v1");
      put(gateway, PUT, "v2");
      gateway.lease(Leases.ample());
      RawClient.Reply behind = put(gateway, PUT, "v3");
      assertThat(behind.status()).isEqualTo(202);
      assertThat(behind.header("Governor-Reason")).isEqualTo("order");
      assertThat(put(gateway, PUT.replace("/a", "/b"), "w1").status()).isEqualTo(200);
      gateway.replay();
      awaitState(gateway, behind.header("Location"), "delivered");
      assertThat(bodies).containsExactly("w1", "v1", "v2", "v3");
      assertThat(put(gateway, PUT, "v4").status()).as("nothing waits any more").isEqualTo(200);
    }
  }

  @Test
  void sameKey_isOneWrite_anotherBodyIsAMistake() throws Exception {
    List<String> bodies = new ArrayList<>();
    try (RawOrigin origin = origin(bodies, new AtomicBoolean());
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      String keyed = PUT.replace("||", "|Idempotency-Key: k1||");
      String first = put(gateway, keyed, "v1").header("Location");
      assertThat(put(gateway, keyed, "v1").header("Location")).isEqualTo(first);
      assertThat(put(gateway, keyed, "v2").status()).isEqualTo(422);
      gateway.lease(Leases.ample());
      gateway.replay();
      awaitState(gateway, first, "delivered");
      assertThat(bodies).containsExactly("v1");
      assertThat(origin.last().header("Idempotency-Key")).isEqualTo("k1");
    }
  }

  /** A failing backend is asked again, with the same key; a refusal is the backend's word. */
  @Test
  void failure_isTriedAgain() throws Exception {
    List<String> bodies = new ArrayList<>();
    AtomicBoolean sick = new AtomicBoolean(true);
    try (RawOrigin origin = origin(bodies, sick);
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      String url = put(gateway, PUT, "v1").header("Location");
      gateway.lease(Leases.ample());
      gateway.replay();
      await().atMost(SOON).until(() -> origin.requests().size() >= 1);
      assertThat(state(gateway, url)).isEqualTo("queued");
      sick.set(false);
      awaitState(gateway, url, "delivered");
      assertThat(origin.requests())
          .extracting(each -> each.header("Idempotency-Key"))
          .doesNotContain("")
          .allMatch(key -> key.equals(origin.last().header("Idempotency-Key")));
    }
  }

  @Test
  void refusal_isReported() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.body(2);
          peer.send("HTTP/1.1 409 No|Content-Length: 0||");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      String url = put(gateway, PUT, "v1").header("Location");
      gateway.lease(Leases.ample());
      gateway.replay();
      awaitState(gateway, url, "refused");
      assertThat(gateway.journal.orElseThrow().count(Receipt.State.REFUSED)).isEqualTo(1);
    }
  }

  /** What the backend may have begun is taken only if doing it twice does no harm. */
  @Test
  void brokenAnswer_isTakenIfItMayBeDoneTwice() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.body(2);
          peer.reset();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      assertThat(put(gateway, PUT, "v1").status()).isEqualTo(202);
      String post = PUT.replace("PUT /config/a", "POST /config/b");
      assertThat(put(gateway, post, "v1").status()).isEqualTo(502);
      assertThat(put(gateway, post.replace("||", "|Idempotency-Key: k||"), "v1").status())
          .isEqualTo(202);
    }
  }

  /** Negative controls: reads, a body that is too long, another class, a receipt of nobody. */
  @Test
  void others_areRefused() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      assertThat(put(gateway, "GET /config/a HTTP/1.1|Host: shop||", "").status()).isEqualTo(503);
      String large = PUT.replace("Length: 2", "Length: 70000");
      assertThat(put(gateway, large, "x".repeat(70_000)).status()).isEqualTo(503);
      assertThat(put(gateway, PUT.replace("config", "auth"), "v1").status()).isEqualTo(503);
      assertThat(state(gateway, "/.well-known/traffic-governor/writes/gw-1~0")).isEqualTo("404");
      assertThat(state(gateway, "/.well-known/traffic-governor/writes/else")).isEqualTo("404");
      assertThat(gateway.journal.orElseThrow().waiting().writes()).isZero();
    }
  }

  @Test
  void chunkedAndExpected_areReadToo() throws Exception {
    List<String> bodies = new ArrayList<>();
    try (RawOrigin origin = origin(bodies, new AtomicBoolean());
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      try (RawClient client = gateway.client()) {
        client.send("PUT /config/c HTTP/1.1|Host: shop|Transfer-Encoding: chunked||2|v1|0||");
        assertThat(client.read().status()).isEqualTo(202);
      }
      String last;
      try (RawClient client = gateway.client()) {
        client.send(PUT.replace("||", "|Expect: 100-continue||"));
        assertThat(client.read().status()).isEqualTo(100);
        RawClient.Reply reply = client.write("v2").read();
        assertThat(reply.status()).isEqualTo(202);
        last = reply.header("Location");
      }
      gateway.lease(Leases.ample());
      gateway.replay();
      awaitState(gateway, last, "delivered");
      await().atMost(SOON).until(() -> bodies.size() == 2);
      assertThat(bodies).containsExactlyInAnyOrder("v1", "v2");
    }
  }

  @Test
  void expired_isToldOnItsUrl() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port())) {
      outage(gateway);
      String url = put(gateway, PUT, "v1").header("Location");
      gateway.wallShiftMillis.set(3_700_000);
      awaitState(gateway, url, "expired");
      assertThat(gateway.expired).hasSize(1);
      assertThat(gateway.journal.orElseThrow().waiting().writes()).isZero();
    }
  }

  /** A receipt of another node is not told to be unknown: who has it is named. */
  @Test
  void receipt_ofAnotherNode_isSentThere() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(journaling, origin.port());
        RawClient client = gateway.client()) {
      String url = "/.well-known/traffic-governor/writes/gw-2~0";
      RawClient.Reply reply = client.send("GET " + url + " HTTP/1.1|Host: shop||").read();
      assertThat(reply.status()).isEqualTo(421);
      assertThat(reply.header("Governor-Node")).isEqualTo("gw-2");
      assertThat(reply.body()).contains("this is gw-1, ask gw-2");
    }
  }

  /** Who only promises a body is told so, with and without a length, behind a queue or not. */
  @Test
  void bodyThatDoesNotCome_isToldInTime() throws Exception {
    Setup small = journaling.journal("max-body: 1KiB");
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(small, origin.port());
        RawClient behind = gateway.client();
        RawClient chunked = gateway.client()) {
      outage(gateway);
      assertThat(put(gateway, PUT, "v1").status()).isEqualTo(202);
      behind.send(PUT).write("v");
      chunked.send("PUT /config/c HTTP/1.1|Host: shop|Transfer-Encoding: chunked||2|v1|");
      assertThat(behind.read().status()).isEqualTo(408);
      assertThat(chunked.read().status()).isEqualTo(408);
      assertThat(gateway.journal.orElseThrow().waiting().writes()).isEqualTo(1);
    }
  }

  /** A disk that stands still keeps nobody waiting, and nobody is told that all is well. */
  @Test
  void diskThatStandsStill_isToldInTime() throws Exception {
    Setup small = journaling.journal("max-body: 1KiB");
    CountDownLatch still = new CountDownLatch(1);
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(small, origin.port())) {
      gateway.disk =
          () -> {
            try {
              still.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      outage(gateway);
      put(gateway, PUT, "v1");
      gateway.wallShiftMillis.set(3_700_000);
      await().atMost(SOON).until(() -> gateway.expired.size() == 1);
      RawClient.Reply reply = put(gateway, PUT.replace("/a", "/b"), "v2");
      still.countDown();
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.header("Governor-Reason")).isEqualTo("journal-late");
    }
  }
}
