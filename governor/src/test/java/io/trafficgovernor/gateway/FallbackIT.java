package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import org.junit.jupiter.api.Test;

/** Two stores over sockets: which request reaches which, by leases that the test gives. */
final class FallbackIT {
  private static final int CONFIG = 0;

  private static GatewayFixture.Setup with(int secondPort) {
    return GatewayFixture.Setup.usual()
        .backend(
            "fallback: { to: spare, classes: [ config ] }\n"
                + "  - name: spare\n"
                + "    origins: [ \"http://127.0.0.1:"
                + secondPort
                + "\" ]\n"
                + "    reference-rate: 100/s");
  }

  private static RawClient.Reply get(GatewayFixture gateway, String head) throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send(head + " HTTP/1.1|Host: shop||").read();
    }
  }

  private static RawOrigin answering(String body) throws Exception {
    return new RawOrigin((request, peer) -> peer.ok(body));
  }

  private static void away(GatewayFixture gateway) {
    gateway.leaseSecond(Leases.ample());
    gateway.lease(Leases.ample().phase(Phase.OUTAGE));
    gateway.look();
  }

  @Test
  void outage_readsGoToTheSecond_writesNowhere() throws Exception {
    try (RawOrigin one = answering("one");
        RawOrigin two = answering("two");
        GatewayFixture gateway = new GatewayFixture(with(two.port()), one.port())) {
      gateway.leaseSecond(Leases.ample());
      gateway.look();
      RawClient.Reply before = get(gateway, "GET /config/a");
      assertThat(before.body()).isEqualTo("one");
      assertThat(before.header("Governor-Backend")).isEmpty();

      away(gateway);
      RawClient.Reply reply = get(gateway, "GET /config/a");
      assertThat(reply.body()).isEqualTo("two");
      assertThat(reply.header("Governor-Backend")).isEqualTo("spare");
      for (String refused :
          new String[] {"PUT /config/a", "DELETE /config/a", "POST /config/a", "GET /x"}) {
        RawClient.Reply no = get(gateway, refused);
        assertThat(no.status()).as(refused).isEqualTo(503);
        assertThat(no.header("Governor-Reason")).as(refused).isEqualTo("outage");
      }
      assertThat(one.requests()).hasSize(1);
      assertThat(two.requests()).hasSize(1);
      assertThat(gateway.second().snapshot(gateway.ticker.nanos()).classes().get(CONFIG).sent())
          .isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  /** Nobody knows how the first one is: nothing goes anywhere. */
  @Test
  void unknown_nothingGoes() throws Exception {
    try (RawOrigin one = answering("one");
        RawOrigin two = answering("two");
        GatewayFixture gateway = new GatewayFixture(with(two.port()), one.port())) {
      away(gateway);
      gateway.admission.surrender(gateway.ticker.nanos());
      gateway.look();
      assertThat(get(gateway, "GET /config/a").header("Governor-Reason")).isEqualTo("isolated");
      assertThat(two.requests()).isEmpty();
    }
  }

  /** The second one's own law is asked, and its refusal is the first one's. */
  @Test
  void second_admitsByItsOwnRamp() throws Exception {
    try (RawOrigin one = answering("one");
        RawOrigin two = answering("two");
        GatewayFixture gateway = new GatewayFixture(with(two.port()), one.port())) {
      away(gateway);
      gateway.leaseSecond(Leases.ample().cutoff(0));
      gateway.look();
      RawClient.Reply reply = get(gateway, "GET /config/a");
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Governor-Reason")).as("the first one's word").isEqualTo("outage");
      gateway.leaseSecond(Leases.ample().phase(Phase.OUTAGE));
      gateway.look();
      assertThat(get(gateway, "GET /config/a").status()).isEqualTo(503);
      assertThat(two.requests()).isEmpty();
      assertThat(gateway.shed(CONFIG, ShedReason.OUTAGE)).isEqualTo(2);
    }
  }

  /** As the first one's ramp admits, its share comes back: request by request. */
  @Test
  void wayBack_isTheFirstOnesRamp() throws Exception {
    try (RawOrigin one = answering("one");
        RawOrigin two = answering("two");
        GatewayFixture gateway = new GatewayFixture(with(two.port()), one.port())) {
      away(gateway);
      gateway.lease(Leases.ample().phase(Phase.RAMPING).cutoff(0));
      gateway.look();
      assertThat(get(gateway, "GET /config/a").body()).as("not its turn yet").isEqualTo("two");
      gateway.lease(Leases.ample().phase(Phase.RAMPING));
      gateway.look();
      assertThat(get(gateway, "GET /config/a").body()).isEqualTo("one");
      gateway.lease(Leases.ample().phase(Phase.OPEN));
      gateway.look();
      gateway.lease(Leases.ample().phase(Phase.RAMPING).cutoff(0));
      gateway.look();
      assertThat(get(gateway, "GET /config/a").body()).as("it is over").isNotEqualTo("two");
      assertThat(two.requests()).hasSize(1);
    }
  }

  /** A client that leaves, a store that breaks off: each permit ends once, at its own store. */
  @Test
  void endings_areTheSecondStores() throws Exception {
    try (RawOrigin one = answering("one");
        RawOrigin two = new RawOrigin((request, peer) -> peer.reset());
        GatewayFixture gateway = new GatewayFixture(with(two.port()), one.port())) {
      away(gateway);
      assertThat(get(gateway, "GET /config/a").status()).isEqualTo(502);
      var counts = gateway.second().snapshot(gateway.ticker.nanos());
      assertThat(counts.classes().get(CONFIG).outcome(Outcome.FAILURE)).isEqualTo(1);
      assertThat(counts.inFlight()).isZero();
      assertThat(counts.defects()).isZero();
      assertThat(gateway.sent()).as("nothing of it is the first one's").isZero();
      gateway.assertAllPermitsEnded();
    }
  }

  /** An upgrade is a GET, and no read. */
  @Test
  void upgrade_staysWhereItIs() throws Exception {
    try (RawOrigin one = answering("one");
        RawOrigin two = answering("two");
        GatewayFixture gateway = new GatewayFixture(with(two.port()), one.port())) {
      away(gateway);
      String upgrade = "GET /config/ws HTTP/1.1|Host: a|Connection: Upgrade|Upgrade: ";
      try (RawClient client = gateway.client()) {
        assertThat(client.send(upgrade + "websocket||").read().status()).isEqualTo(503);
      }
      assertThat(two.requests()).isEmpty();
      // others are not heard: many clients offer HTTP/2 so with each request
      gateway.look();
      try (RawClient client = gateway.client()) {
        assertThat(client.send(upgrade + "h2c||").read().body()).isEqualTo("two");
      }
    }
  }
}
