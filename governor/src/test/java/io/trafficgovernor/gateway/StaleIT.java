package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.gateway.GatewayFixture.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept answers on real sockets. Class 0 is {@code on-shed: stale} with 10 minutes, 1 rejects. */
final class StaleIT {
  private static final String GET = "GET /config/a HTTP/1.1|Host: shop||";
  private static final Setup STALE = Setup.usual().config("on-shed: stale");

  private static RawOrigin origin(String head) throws Exception {
    AtomicInteger number = new AtomicInteger();
    return new RawOrigin(
        (request, peer) -> {
          String body = "v" + number.incrementAndGet();
          peer.send("HTTP/1.1 200 OK|Content-Length: 2|" + head + "|");
          peer.write(request.line().startsWith("HEAD") ? "" : body);
        });
  }

  private static void outage(GatewayFixture gateway) {
    gateway.lease(Leases.ample().phase(Phase.OUTAGE));
  }

  private static RawClient.Reply ask(GatewayFixture gateway, String request) throws Exception {
    try (RawClient client = gateway.client()) {
      client.send(request);
      return request.startsWith("HEAD") ? client.readHead() : client.read();
    }
  }

  @Test
  void outage_givesWhatWas_andSaysHowOldItIs() throws Exception {
    try (RawOrigin origin = origin("Cache-Control: max-age=1|");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      RawClient.Reply first = ask(gateway, GET);
      assertThat(first.headers()).doesNotContainKeys("age", "governor-degraded");
      gateway.wallShiftMillis.set(90_000);
      outage(gateway);
      RawClient.Reply reply = ask(gateway, GET);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("v1");
      assertThat(reply.header("Governor-Degraded")).isEqualTo("stale");
      assertThat(reply.header("Governor-Class")).isEqualTo("config");
      assertThat(reply.header("Governor-Reason")).isEqualTo("outage");
      assertThat(Integer.parseInt(reply.header("Age"))).isBetween(90, 95);
      assertThat(reply.header("Cache-Status")).matches("\"gw-1\"; hit; ttl=-(89|9\\d); .*outage\"");
      assertThat(gateway.shed(0, ShedReason.OUTAGE)).isEqualTo(1);
      assertThat(gateway.meters.scrape())
          .contains("governor_degraded_total{class=\"config\",how=\"stale\"} 1.0")
          .contains("governor_cache_total{class=\"config\",use=\"stale\"} 1.0");
      assertThat(origin.requests()).hasSize(1);
    }
  }

  /** Negative controls: another class, another target, too old, and a client that says no. */
  @Test
  void outage_withoutAnythingToGive_refuses() throws Exception {
    try (RawOrigin origin = origin("Cache-Control: max-age=1|");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      ask(gateway, GET);
      ask(gateway, GET.replace("config", "auth"));
      outage(gateway);
      assertThat(ask(gateway, GET.replace("config", "auth")).status()).isEqualTo(503);
      assertThat(ask(gateway, GET.replace("/a", "/b")).status()).isEqualTo(503);
      assertThat(ask(gateway, GET.replace("shop", "other")).status()).isEqualTo(503);
      assertThat(ask(gateway, GET.replace("GET", "POST")).status()).isEqualTo(503);
      gateway.wallShiftMillis.set(5_000);
      String fussy = GET.replace("||", "|Cache-Control: no-cache||");
      assertThat(ask(gateway, fussy).status()).isEqualTo(503);
      gateway.wallShiftMillis.set(602_000);
      assertThat(ask(gateway, GET).status()).isEqualTo(503);
    }
  }

  /** What says who asks, by the configuration or by its looks, says whose the answer is. */
  @ParameterizedTest
  @ValueSource(strings = {"X-Shopper", "X-Api-Key", "X-Auth-Token", "Cookie", "Authorization"})
  void outage_givesNobodyAnothersAnswer(String field) throws Exception {
    try (RawOrigin origin = origin("");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      String mine = GET.replace("||", "|" + field + ": alice||");
      assertThat(ask(gateway, mine).body()).isEqualTo("v1");
      outage(gateway);
      assertThat(ask(gateway, mine.replace("alice", "bob")).status()).isEqualTo(503);
      assertThat(ask(gateway, GET).status()).isEqualTo(503);
    }
  }

  /** The counterpart: a backend that says how long has thought of who may see it. */
  @Test
  void outage_givesWhatTheBackendDated() throws Exception {
    try (RawOrigin origin = origin("Cache-Control: max-age=1|");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      ask(gateway, GET.replace("||", "|X-Api-Key: alice||"));
      outage(gateway);
      assertThat(ask(gateway, GET).body()).isEqualTo("v1");
    }
  }

  @Test
  void fresh_needsNoToken_andHeadAndConditionsToo() throws Exception {
    try (RawOrigin origin = origin("Cache-Control: max-age=60|ETag: \"x\"|");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      ask(gateway, GET);
      outage(gateway);
      assertThat(ask(gateway, GET).body()).isEqualTo("v1");
      assertThat(ask(gateway, GET).header("Cache-Status")).isEqualTo("\"gw-1\"; hit");
      assertThat(ask(gateway, GET).header("Governor-Degraded")).isEmpty();
      RawClient.Reply head = ask(gateway, GET.replace("GET", "HEAD"));
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).isEqualTo("2");
      RawClient.Reply known = ask(gateway, GET.replace("||", "|If-None-Match: W/\"x\"||"));
      assertThat(known.status()).isEqualTo(304);
      assertThat(known.header("Age")).isNotEmpty();
      assertThat(gateway.counts(0).admitted()).isEqualTo(1);
    }
  }

  /** RFC 9111 section 5.2.1.7. */
  @Test
  void onlyIfCached_isNotSent() throws Exception {
    try (RawOrigin origin = origin("Cache-Control: max-age=60|");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      String only = GET.replace("||", "|Cache-Control: only-if-cached||");
      assertThat(ask(gateway, only).status()).isEqualTo(504);
      assertThat(origin.requests()).isEmpty();
      ask(gateway, GET);
      assertThat(ask(gateway, only).status()).isEqualTo(200);
    }
  }

  /** RFC 5861 section 4: whatever goes wrong at the backend, what was good is given. */
  @ParameterizedTest
  @ValueSource(strings = {"500", "502", "503", "504", "429", "reset", "silence"})
  void error_givesWhatWas(String failure) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          if (request.number() == 0) {
            peer.ok("good");
          } else if (failure.equals("reset")) {
            peer.reset();
          } else if (failure.equals("silence")) {
            never.await();
            peer.ok("late");
          } else {
            peer.send("HTTP/1.1 " + failure + " No|Content-Length: 0||");
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      ask(gateway, GET);
      RawClient.Reply reply = ask(gateway, GET);
      assertThat(reply.body()).isEqualTo("good");
      assertThat(reply.header("Governor-Degraded")).isEqualTo("stale");
      assertThat(reply.header("Age")).isNotEmpty();
      never.countDown();
      gateway.assertAllPermitsEnded();
    } finally {
      never.countDown();
    }
  }

  /** What the backend says of a request itself is passed on. */
  @ParameterizedTest
  @ValueSource(ints = {400, 404, 501})
  void answer_thatIsNone_ofThose_isPassedOn(int status) throws Exception {
    RawOrigin.Script script =
        (request, peer) ->
            peer.send(
                "HTTP/1.1 " + (request.number() == 0 ? 200 : status) + " X|Content-Length: 0||");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      ask(gateway, GET);
      assertThat(ask(gateway, GET).status()).isEqualTo(status);
    }
  }

  /** RFC 9111 section 4.3: the backend is only asked whether it still holds. */
  @Test
  void staleWithATag_isConfirmed() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          if (request.header("If-None-Match").equals("\"x\"")) {
            peer.send("HTTP/1.1 304 Not Modified|ETag: \"x\"|Cache-Control: max-age=60||");
          } else {
            peer.send("HTTP/1.1 200 OK|ETag: \"x\"|Content-Length: 4||");
            peer.write("body");
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      ask(gateway, GET);
      RawClient.Reply confirmed = ask(gateway, GET);
      assertThat(confirmed.status()).isEqualTo(200);
      assertThat(confirmed.body()).isEqualTo("body");
      assertThat(confirmed.header("Cache-Status")).isEqualTo("\"gw-1\"; fwd=stale; fwd-status=304");
      assertThat(ask(gateway, GET).header("Cache-Status")).isEqualTo("\"gw-1\"; hit");
      assertThat(origin.requests()).hasSize(2);
      gateway.assertAllPermitsEnded();
    }
  }

  /** RFC 9111 section 4.4; a refused write changes nothing. */
  @Test
  void write_thatWentThrough_invalidates() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          boolean refused = request.line().startsWith("DELETE");
          peer.send(
              "HTTP/1.1 "
                  + (refused ? 403 : 200)
                  + " X|Cache-Control: max-age=60|Content-Length: 0||");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      ask(gateway, GET);
      ask(gateway, GET.replace("GET", "DELETE"));
      ask(gateway, GET);
      assertThat(origin.requests()).hasSize(2);
      ask(gateway, GET.replace("GET", "PUT").replace("||", "|Content-Length: 0||"));
      ask(gateway, GET);
      assertThat(origin.requests()).hasSize(4);
    }
  }

  /** A crowd that wants the same costs one token; on two loops as on one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void crowd_costsOneToken(int loops) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          release.await();
          peer.send("HTTP/1.1 200 OK|Cache-Control: max-age=60|Content-Length: 2||");
          peer.write("v1");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(STALE.loops(loops), origin.port())) {
      List<RawClient> crowd = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RawClient client = gateway.client();
        crowd.add(client.send(GET));
      }
      await().until(() -> origin.requests().size() == 1);
      // one that left does not keep the others
      crowd.remove(7).close();
      release.countDown();
      for (RawClient client : crowd) {
        RawClient.Reply reply = client.read();
        assertThat(reply.body()).isEqualTo("v1");
        client.close();
      }
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.counts(0).outcome(Outcome.SUCCESS)).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  /** What turns out to be for one client alone is fetched by each; nobody gets another's. */
  @Test
  void crowd_ofWhatIsNotForSharing_goesItsWays() throws Exception {
    try (RawOrigin origin = origin("Cache-Control: private|");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      List<String> bodies = new ArrayList<>();
      List<RawClient> crowd = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        crowd.add(gateway.client().send(GET));
      }
      for (RawClient client : crowd) {
        bodies.add(client.read().body());
        client.close();
      }
      assertThat(bodies).doesNotHaveDuplicates();
      assertThat(origin.requests()).hasSize(8);
    }
  }

  /** The leader's client leaves: the next in line asks, and the others are served. */
  @Test
  void crowd_outlivesItsLeader() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          if (request.number() == 0) {
            peer.untilClosed();
            return;
          }
          release.await();
          peer.send("HTTP/1.1 200 OK|Cache-Control: max-age=60|Content-Length: 2||");
          peer.write("v1");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      RawClient leader = gateway.client().send(GET);
      await().until(() -> origin.requests().size() == 1);
      RawClient second = gateway.client().send(GET);
      RawClient third = gateway.client().send(GET);
      leader.close();
      await().until(() -> origin.requests().size() == 2);
      release.countDown();
      assertThat(second.read().body()).isEqualTo("v1");
      assertThat(third.read().body()).isEqualTo("v1");
      assertThat(origin.requests()).hasSize(2);
      second.close();
      third.close();
      gateway.assertAllPermitsEnded();
    }
  }

  /** Whoever waits does so for the backend, not for a client that leads and does not read. */
  @Test
  void crowd_doesNotWaitForASlowReader() throws Exception {
    int length = 24 << 20;
    byte[] chunk = new byte[1 << 16];
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 200 OK|Cache-Control: max-age=60|Content-Length: " + length + "||");
          for (int sent = 0; sent < length; sent += chunk.length) {
            peer.write(new String(chunk, java.nio.charset.StandardCharsets.ISO_8859_1));
          }
        };
    Setup large = STALE.sections("cache: { max-bytes: 256MiB, max-answer: 32MiB }");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(large, origin.port());
        RawClient leader = gateway.client()) {
      leader.send(GET);
      assertThat(leader.line()).startsWith("HTTP/1.1 200");
      try (RawClient follower = gateway.client();
          RawClient another = gateway.client()) {
        follower.send(GET);
        another.send(GET);
        assertThat(follower.read().body()).hasSize(length);
        assertThat(another.read().body()).hasSize(length);
      }
      assertThat(origin.requests()).as("one of them has asked anew").hasSize(2);
    }
  }

  /** Refilling is part of the ramp: of 40 different misses only those with a token get through. */
  @Test
  void misses_haveTheRampsBudget() throws Exception {
    try (RawOrigin origin = origin("Cache-Control: max-age=60|");
        GatewayFixture gateway = new GatewayFixture(STALE, origin.port())) {
      gateway.lease(Leases.ample().rate(0.001));
      int given = 0;
      List<RawClient> crowd = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        crowd.add(gateway.client().send(GET.replace("/a", "/" + i)));
      }
      for (RawClient client : crowd) {
        given += client.read().status() == 200 ? 1 : 0;
        client.close();
      }
      assertThat(origin.requests()).hasSize(given).hasSizeLessThanOrEqualTo(5);
      assertThat(gateway.counts(0).admitted()).isEqualTo(given);
    }
  }
}
