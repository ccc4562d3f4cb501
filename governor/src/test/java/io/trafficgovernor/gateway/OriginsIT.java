package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Several origins of one backend. */
final class OriginsIT {
  private static final String GET = "GET /x HTTP/1.1|Host: a||";
  private static final int REST = 2;

  @Test
  void origins_takeTurns() throws Exception {
    try (RawOrigin one = new RawOrigin((request, peer) -> peer.ok("1"));
        RawOrigin two = new RawOrigin((request, peer) -> peer.ok("2"));
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual(), one.port(), two.port());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 20; i++) {
        client.send(GET).read();
      }
      assertThat(one.requests()).hasSize(10);
      assertThat(two.requests()).hasSize(10);
    }
  }

  /** A busy origin gets less. */
  @Test
  void origins_leastLoadedFirst() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawOrigin.Script busy =
        (request, peer) -> {
          answer.await();
          peer.ok("busy");
        };
    try (RawOrigin one = new RawOrigin(busy);
        RawOrigin two = new RawOrigin((request, peer) -> peer.ok("idle"));
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual(), one.port(), two.port());
        RawClient waits = gateway.client();
        RawClient client = gateway.client()) {
      waits.send(GET);
      org.awaitility.Awaitility.await().until(() -> gateway.sent() == 1);
      for (int i = 0; i < 20; i++) {
        client.send(GET).read();
      }
      assertThat(one.requests()).hasSize(1);
      answer.countDown();
      waits.read();
      gateway.assertAllPermitsEnded();
    }
  }

  /** A dead origin has no load at all, and must not draw the requests for it. */
  @Test
  void deadOrigin_costsNobodyARequest() throws Exception {
    RawOrigin dead = new RawOrigin((request, peer) -> peer.ok(""));
    int deadPort = dead.port();
    dead.close();
    try (RawOrigin well = new RawOrigin((request, peer) -> peer.ok("well"));
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual(), deadPort, well.port());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.send(GET).read().body()).isEqualTo("well");
      }
      assertThat(gateway.counts(REST).outcome(Outcome.SUCCESS)).isEqualTo(50);
      assertThat(gateway.counts(REST).outcome(Outcome.UNREACHABLE)).isZero();
      assertThat(gateway.sent()).isEqualTo(50);
      gateway.assertAllPermitsEnded();
    }
  }

  /** One that breaks off is left out after five in a row. */
  @Test
  void brokenOrigin_isLeftOut() throws Exception {
    try (RawOrigin broken = new RawOrigin((request, peer) -> peer.reset());
        RawOrigin well = new RawOrigin((request, peer) -> peer.ok("well"));
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual(), broken.port(), well.port());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 40; i++) {
        client.send(GET).read();
      }
      assertThat(broken.requests()).hasSize(5);
      assertThat(well.requests()).hasSize(35);
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void allOriginsDead_saysUnreachable() throws Exception {
    RawOrigin one = new RawOrigin((request, peer) -> peer.ok(""));
    RawOrigin two = new RawOrigin((request, peer) -> peer.ok(""));
    int onePort = one.port();
    int twoPort = two.port();
    one.close();
    two.close();
    try (GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual(), onePort, twoPort);
        RawClient client = gateway.client()) {
      assertThat(client.send(GET).read().header("Governor-Reason")).isEqualTo("unreachable");
      assertThat(gateway.counts(REST).outcome(Outcome.UNREACHABLE)).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }
}
