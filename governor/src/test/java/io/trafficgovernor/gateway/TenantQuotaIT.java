package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a tenant is told that asks for more than its quota, and what others notice of it. */
final class TenantQuotaIT {
  private static final String QUOTAS =
      "tenants: { header: X-Tenant, quota: 0.1/s, quotas: [ { tenant: big, quota: 10000/s } ] }";
  private static final RawOrigin.Script OK = (request, peer) -> peer.ok("here");

  private static RawClient.Reply ask(GatewayFixture gateway, String headers) throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send("GET /config/x HTTP/1.1|Host: a|" + headers + "|").read();
    }
  }

  @Test
  void tenantOverItsQuota_isToldWhenToComeBack() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual().sections(QUOTAS), origin.port())) {
      assertThat(ask(gateway, "X-Tenant: small|").status()).as("its one token").isEqualTo(200);
      RawClient.Reply refused = ask(gateway, "X-Tenant: small|");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Governor-Reason")).isEqualTo("quota");
      assertThat(refused.header("Governor-Class")).isEqualTo("config");
      assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 10L);
      assertThat(refused.body()).contains("\"status\":429", "\"reason\":\"quota\"");
      assertThat(gateway.counts(0).sent()).as("the backend saw one").isEqualTo(1);
      assertThat(gateway.meters.scrape())
          .contains("governor_quota_refused_total 1.0", "governor_quota_tenants 1.0");
    }
  }

  /** Another's flood costs nobody but itself; who names no tenant has no quota. */
  @Test
  void others_areServed() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual().sections(QUOTAS), origin.port())) {
      for (int i = 0; i < 10; i++) {
        ask(gateway, "X-Tenant: small|");
      }
      assertThat(ask(gateway, "X-Tenant: small|").status()).isEqualTo(429);
      assertThat(ask(gateway, "X-Tenant: other|").status()).isEqualTo(200);
      assertThat(ask(gateway, "").status()).isEqualTo(200);
      assertThat(ask(gateway, "X-Tenant: |").status()).as("an empty name").isEqualTo(200);
    }
  }

  /** The law knows nothing of it: what a quota refuses is no demand, and no shed request. */
  @Test
  void refused_isNoDemand() throws Exception {
    try (RawOrigin origin = new RawOrigin(OK);
        GatewayFixture gateway =
            new GatewayFixture(GatewayFixture.Setup.usual().sections(QUOTAS), origin.port())) {
      for (int i = 0; i < 5; i++) {
        ask(gateway, "X-Tenant: small|");
      }
      assertThat(gateway.admission.report(gateway.ticker.nanos()).classes().get(0).firstAttempts())
          .isEqualTo(1);
    }
  }
}
