package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A herd of requests meets an origin with no connection: how fast they come, counted there. */
final class ConnectRampIT {
  private static final int HERD = 60;
  private static final double PER_SECOND = 40;
  private static final long WINDOW_NANOS = 100_000_000L;

  /** Late by what a busy machine makes of a timer of some milliseconds. */
  private static final int SLACK = 3;

  /** A herd that waits for its answers; when each of its connections came, seen by the origin. */
  private static List<Long> connections(GatewayFixture.Setup setup, String path, int[] refused)
      throws Exception {
    List<Long> came = new ArrayList<>();
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script script =
        (request, peer) -> {
          synchronized (came) {
            came.add(System.nanoTime());
          }
          answer.await();
          peer.ok("");
        };
    List<RawClient> herd = new ArrayList<>();
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(setup, origin.port())) {
      for (int i = 0; i < HERD; i++) {
        herd.add(gateway.client().send("GET " + path + " HTTP/1.1|Host: a||"));
      }
      await().until(() -> origin.requests().size() + (int) gateway.connects.refusedCount() == HERD);
      answer.countDown();
      for (RawClient each : herd) {
        RawClient.Reply reply = each.read();
        if (reply.header("Governor-Reason").equals("connect-ramp")) {
          assertThat(reply.status()).isEqualTo(503);
          refused[0]++;
        } else {
          assertThat(reply.status()).isEqualTo(200);
        }
      }
      assertThat(origin.connections()).isEqualTo(HERD - refused[0]);
      assertThat(gateway.connects.begunCount()).isEqualTo(origin.connections());
      long ignored =
          gateway.snapshot().classes().stream().mapToLong(c -> c.outcome(Outcome.IGNORED)).sum();
      assertThat(ignored).as("nothing of them was sent").isEqualTo(refused[0]);
      gateway.assertAllPermitsEnded();
    } finally {
      for (RawClient each : herd) {
        each.close();
      }
    }
    return came;
  }

  private static int most(List<Long> instants) {
    int most = 0;
    for (long from : instants) {
      most =
          Math.max(
              most,
              (int)
                  instants.stream()
                      .filter(at -> at - from >= 0 && at - from < WINDOW_NANOS)
                      .count());
    }
    return most;
  }

  private static GatewayFixture.Setup slow(int loops) {
    return GatewayFixture.Setup.usual()
        .loops(loops)
        .backend("connect-rate: " + (int) PER_SECOND + "/s");
  }

  /** Two loops are one node; who cannot wait is told so, and when to come back. */
  @Test
  void herd_getsConnectionsByTheRamp_andTheRestARefusal() throws Exception {
    int[] refused = {0};
    List<Long> came = connections(slow(2), "/config/a", refused);
    double bound = PER_SECOND * (0.1 + ConnectRamp.BURST_SECONDS) + 1 + SLACK;
    assertThat(most(came)).isLessThanOrEqualTo((int) Math.ceil(bound));
    assertThat(refused[0]).as("its patience is 900 ms").isBetween(1, HERD - 20);
  }

  /** Without it all of them come at once: what the bound above is worth. */
  @Test
  void control_withoutARamp_allComeAtOnce() throws Exception {
    int[] refused = {0};
    List<Long> came = connections(GatewayFixture.Setup.usual().loops(2), "/config/a", refused);
    assertThat(came).hasSize(HERD);
    assertThat(refused[0]).isZero();
    assertThat(most(came)).isGreaterThan(20);
  }

  /** A node's part of the connections is its part of the ceiling: none without a lease. */
  @Test
  void connectionsInHand_serveOn_atAnyRate() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(slow(1), origin.port());
        RawClient client = gateway.client()) {
      gateway.lease(Leases.ample());
      for (int i = 0; i < 200; i++) {
        assertThat(client.send("GET /config/a HTTP/1.1|Host: a||").read().status()).isEqualTo(200);
      }
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(gateway.connects.heldCount()).isZero();
    }
  }
}
