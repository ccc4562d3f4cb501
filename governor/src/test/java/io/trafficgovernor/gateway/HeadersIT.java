package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which headers pass, both ways. RFC 9110 sections 7.6 and 7.8, RFC 7239. */
final class HeadersIT {
  private static final String TRUSTING = "trusted-proxies: [ 127.0.0.0/8, 10.0.0.0/8 ]";

  private static String get(String headers) {
    return "GET /x HTTP/1.1|Host: shop:81|" + headers + "|";
  }

  @Test
  void hopByHop_isStrippedFromRequests() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client
          .send(
              get(
                  "Connection: X-Mine, keep-alive|X-Mine: 1|Keep-Alive: timeout=5|TE: gzip|"
                      + "Proxy-Connection: keep-alive|Proxy-Authorization: secret|Upgrade: foo|"
                      + "X-Kept: 1|X-Kept: 2|"))
          .read();
      for (String gone :
          new String[] {
            "Connection",
            "X-Mine",
            "Keep-Alive",
            "TE",
            "Proxy-Connection",
            "Proxy-Authorization",
            "Upgrade"
          }) {
        assertThat(origin.last().header(gone)).as(gone).isEmpty();
      }
      assertThat(origin.last().header("X-Kept")).isEqualTo("1|2");
      assertThat(origin.last().header("Host")).isEqualTo("shop:81");
    }
  }

  @Test
  void hopByHop_isStrippedFromAnswers() throws Exception {
    String answer =
        "HTTP/1.1 200 OK|Connection: X-Mine|X-Mine: 1|Keep-Alive: timeout=5|Upgrade: foo|"
            + "Proxy-Authenticate: Basic|Set-Cookie: a=1|Set-Cookie: b=2|Content-Length: 2||hi";
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.send(answer));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send(get("")).read();
      assertThat(reply.body()).isEqualTo("hi");
      assertThat(reply.headers().keySet())
          .doesNotContain("connection", "x-mine", "keep-alive", "upgrade", "proxy-authenticate");
      assertThat(reply.header("Set-Cookie")).isEqualTo("a=1|b=2");
    }
  }

  /** Naming what is never for one hop does not take it away. */
  @Test
  void connection_namesHostAndLength() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(peer.body(3)));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send(
          "POST /x HTTP/1.1|Host: shop|Connection: host, content-length, x-forwarded-for|"
              + "Content-Length: 3||abc");
      assertThat(client.read().body()).isEqualTo("abc");
      assertThat(origin.last().header("Host")).isEqualTo("shop");
      assertThat(origin.last().header("Content-Length")).isEqualTo("3");
      assertThat(origin.last().header("X-Forwarded-For")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void forwarded_byAStrangerIsReplaced() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client
          .send(
              get(
                  "X-Forwarded-For: 1.2.3.4|X-Forwarded-Proto: https|X-Forwarded-Host: evil|"
                      + "Forwarded: for=1.2.3.4|Via: 1.0 old|"))
          .read();
      assertThat(origin.last().header("X-Forwarded-For")).isEqualTo("127.0.0.1");
      assertThat(origin.last().header("X-Forwarded-Proto")).isEqualTo("http");
      assertThat(origin.last().header("X-Forwarded-Host")).isEqualTo("shop:81");
      assertThat(origin.last().header("Forwarded")).isEmpty();
      assertThat(origin.last().header("Via")).isEqualTo("1.0 old, 1.1 gw-1");
    }
  }

  private static final String CLAIMS =
      "X-Forwarded-Port: 443|x-forwarded-prefix: /admin|X-Forwarded-Client-Cert: By=me|"
          + "X_Forwarded_For: 1.2.3.4|X-Real-IP: 1.2.3.4|X-Client-IP: 1.2.3.4|"
          + "X-Cluster-Client-IP: 1.2.3.4|True-Client-IP: 1.2.3.4|";

  /** Whatever else a backend may read an address, a port or a certificate from. */
  @Test
  void claims_ofAStrangerAreTakenOut() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send(get(CLAIMS + "X-Client-Id: 7|")).read();
      for (String claim : CLAIMS.split("\\|", -1)) {
        String name = claim.substring(0, Math.max(0, claim.indexOf(':')));
        assertThat(name.isEmpty() ? "" : origin.last().header(name)).as(claim).isEmpty();
      }
      assertThat(origin.last().head()).doesNotContain("1.2.3.4");
      assertThat(origin.last().header("X-Client-Id")).isEqualTo("7");
      assertThat(origin.last().header("X-Forwarded-For")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void claims_ofATrustedProxyPass() throws Exception {
    GatewayFixture.Setup trusting = GatewayFixture.Setup.usual().listen(TRUSTING);
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(trusting, origin.port());
        RawClient client = gateway.client()) {
      client.send(get(CLAIMS)).read();
      assertThat(origin.last().header("X-Forwarded-Port")).isEqualTo("443");
      assertThat(origin.last().header("X-Real-IP")).isEqualTo("1.2.3.4");
    }
  }

  @Test
  void forwarded_byATrustedProxyIsContinued() throws Exception {
    GatewayFixture.Setup trusting = GatewayFixture.Setup.usual().listen(TRUSTING);
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(trusting, origin.port());
        RawClient client = gateway.client()) {
      client
          .send(
              get(
                  "X-Forwarded-For: 1.2.3.4|X-Forwarded-Proto: https|X-Forwarded-Host: shop|"
                      + "Forwarded: for=1.2.3.4|"))
          .read();
      assertThat(origin.last().header("X-Forwarded-For")).isEqualTo("1.2.3.4, 127.0.0.1");
      assertThat(origin.last().header("X-Forwarded-Proto")).isEqualTo("https");
      assertThat(origin.last().header("X-Forwarded-Host")).isEqualTo("shop");
      assertThat(origin.last().header("Forwarded"))
          .isEqualTo("for=1.2.3.4, for=127.0.0.1;host=\"shop:81\";proto=http");
    }
  }

  @Test
  void sentStamp_isTheTickersTime() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      long before = gateway.ticker.nanos();
      client.send(get("Governor-Sent: 5|")).read();
      assertThat(Long.parseLong(origin.last().header("Governor-Sent")))
          .isBetween(before, gateway.ticker.nanos());
    }
  }
}
