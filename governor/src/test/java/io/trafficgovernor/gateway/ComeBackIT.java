package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.testing.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a refused client is told, and what becomes of it when it comes again. */
final class ComeBackIT {
  private static final String AUTH = "GET /auth/x HTTP/1.1|Host: a|Cookie: sid=7|";
  private static final RawOrigin.Script OK = (request, peer) -> peer.ok("here");

  /** Everything below class rest passes: a retry of auth that is moved down does not. */
  private static final Leases ALL_BUT_REST = Leases.ample().cutoff(2 * SessionKey.PER_CLASS);

  private static RawClient.Reply refused(GatewayFixture gateway, String request) throws Exception {
    gateway.lease(Leases.ample().cutoff(0));
    try (RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send(request).read();
      assertThat(reply.status()).isEqualTo(503);
      return reply;
    }
  }

  private static int status(GatewayFixture gateway, String request) throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send(request).read().status();
    }
  }

  @Test
  void refusal_tellsEveryKindOfClientTheSame() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      RawClient.Reply reply =
          refused(gateway, AUTH + "Content-Type: application/grpc-web|Content-Length: 0||");
      long millis = Long.parseLong(reply.header("retry-after-ms"));
      assertThat(reply.header("x-ms-retry-after-ms")).isEqualTo(Long.toString(millis));
      assertThat(reply.header("grpc-retry-pushback-ms")).isEqualTo(Long.toString(millis));
      assertThat(reply.body()).contains("\"retry_after_ms\":" + millis + "}");
      long seconds = Long.parseLong(reply.header("Retry-After"));
      assertThat(millis - 1000 * seconds).isBetween(0L, 1000L);
      assertThat(refused(gateway, AUTH + "|").headers())
          .doesNotContainKey("grpc-retry-pushback-ms");
    }
  }

  /** Clients that are refused in one instant are answered in many. */
  @Test
  void refusals_areHeldForAPartOfTheSecond() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      gateway.lease(Leases.ample().cutoff(0));
      List<RawClient> clients = new ArrayList<>();
      long begin = gateway.ticker.nanos();
      for (int i = 0; i < 20; i++) {
        clients.add(gateway.client().send(AUTH + "|"));
      }
      for (RawClient each : clients) {
        each.read();
      }
      for (RawClient each : clients) {
        each.close();
      }
      assertThat(gateway.shed(1, ShedReason.CUTOFF)).isEqualTo(20);
      assertThat(gateway.ticker.nanos() - begin).as("the last answer").isGreaterThan(300_000_000L);
    }
  }

  @Test
  void held_clientThatLeavesIsForgotten() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      gateway.lease(Leases.ample().cutoff(0));
      for (int i = 0; i < 20; i++) {
        try (RawClient client = gateway.client()) {
          client.send(AUTH + "|");
        }
      }
      await().atMost(Duration.ofSeconds(5)).until(() -> gateway.shed(1, ShedReason.CUTOFF) == 20);
      gateway.lease(ALL_BUT_REST);
      assertThat(status(gateway, AUTH + "|")).isEqualTo(200);
    }
  }

  @Test
  void ticket_inItsTimeIsServedWhereAnUninvitedRetryIsNot() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual().retriesMovedDown(), origin.port())) {
      RawClient.Reply reply = refused(gateway, AUTH + "|");
      String withTicket = AUTH + "X-Return-Ticket: " + reply.header("X-Return-Ticket") + "||";
      gateway.lease(ALL_BUT_REST);
      assertThat(status(gateway, withTicket)).as("early").isEqualTo(503);
      gateway.wallShiftMillis.addAndGet(Long.parseLong(reply.header("retry-after-ms")));
      assertThat(status(gateway, withTicket)).as("in time").isEqualTo(200);
      assertThat(status(gateway, withTicket.replace("sid=7", "sid=8"))).as("stolen").isEqualTo(503);
      assertThat(status(gateway, withTicket.replace("Ticket: ", "Ticket: A"))).isEqualTo(503);
      gateway.wallShiftMillis.addAndGet(31_000);
      assertThat(status(gateway, withTicket)).as("late").isEqualTo(503);
      assertThat(status(gateway, AUTH + "|")).as("a newcomer").isEqualTo(200);
    }
  }

  @Test
  void retry_isKnownByWhatItSays() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual().retriesMovedDown(), origin.port())) {
      gateway.lease(ALL_BUT_REST);
      assertThat(status(gateway, AUTH + "x-envoy-attempt-count: 2||")).isEqualTo(503);
      assertThat(status(gateway, AUTH + "grpc-previous-rpc-attempts: 1||")).isEqualTo(503);
      assertThat(status(gateway, AUTH + "Idempotency-Key: k1||")).isEqualTo(200);
      assertThat(status(gateway, AUTH + "Idempotency-Key: k1||")).isEqualTo(503);
      assertThat(status(gateway, AUTH.replace("sid=7", "sid=8") + "Idempotency-Key: k1||"))
          .as("another session")
          .isEqualTo(200);
      assertThat(gateway.counts(1).retries()).isEqualTo(3);
      assertThat(gateway.counts(1).firstAttempts()).isEqualTo(2);
    }
  }
}
