package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What goes through and what is refused, seen from both ends of the wire. */
final class ForwardingIT {
  @Test
  void get_comesBack() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("hello"));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send("GET /config/a?b=c HTTP/1.1|Host: shop||").read();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("hello");
      assertThat(origin.last().line()).isEqualTo("GET /config/a?b=c HTTP/1.1");
      assertThat(origin.last().header("Host")).isEqualTo("shop");
      assertThat(origin.last().header("Via")).isEqualTo("1.1 gw-1");
      assertThat(gateway.counts(0).outcome(Outcome.SUCCESS)).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void shed_answersWithAProblem() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("hello"));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      RawClient.Reply reply = client.send("GET /auth/a HTTP/1.1|Host: shop||").read();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(reply.header("Governor-Class")).isEqualTo("auth");
      assertThat(reply.header("Governor-Reason")).isEqualTo("outage");
      assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
      assertThat(reply.body()).contains("\"retry_after_ms\":", "\"class\":\"auth\"");
      assertThat(gateway.shed(1, ShedReason.OUTAGE)).isEqualTo(1);
      assertThat(origin.requests()).isEmpty();
    }
  }

  /** Whole seconds alone would bring them back in step: the rest of the second is held here. */
  @Test
  void shed_isHeldForTheFraction() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("hello"));
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      Set<Long> tenths = new HashSet<>();
      for (int i = 0; i < 8; i++) {
        try (RawClient client = gateway.client()) {
          long begin = gateway.ticker.nanos();
          client.send("GET /x HTTP/1.1|Host: shop||").read();
          tenths.add((gateway.ticker.nanos() - begin) / 100_000_000L);
        }
      }
      assertThat(tenths).hasSizeGreaterThanOrEqualTo(3).allMatch(tenth -> tenth < 10);
    }
  }

  @Test
  void post_withAShortBody() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(peer.body(5)));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: shop|Content-Length: 5||").write("ab").write("cde");
      assertThat(client.read().body()).isEqualTo("abcde");
      client.send("POST /x HTTP/1.1|Host: shop|Content-Length: 5||").write("fghij");
      assertThat(client.read().body()).isEqualTo("fghij");
      assertThat(origin.connections()).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }
}
