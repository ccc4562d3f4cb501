package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two readers could understand differently does not reach the backend. */
final class StrictRequestIT {
  private static RawOrigin origin;
  private static GatewayFixture gateway;

  @BeforeAll
  static void open() throws Exception {
    origin = new RawOrigin((request, peer) -> peer.ok("fine"));
    gateway = new GatewayFixture(origin.port());
  }

  @AfterAll
  static void close() throws Exception {
    gateway.close();
    origin.close();
  }

  static Stream<Arguments> refused() {
    String get = "GET /x HTTP/1.1|";
    String post = "POST /x HTTP/1.1|Host: a|";
    return Stream.of(
        // RFC 9112 section 3.2: exactly one Host
        Arguments.of("no host", 400, get + "|"),
        Arguments.of("two hosts", 400, get + "Host: a|Host: a||"),
        Arguments.of("empty host", 400, get + "Host:||"),
        Arguments.of("a host with a path", 400, get + "Host: a/b||"),
        Arguments.of("a host with user info", 400, get + "Host: u@a||"),
        Arguments.of("no host in HTTP/1.0", 400, "GET /x HTTP/1.0||"),
        // section 3.2: the forms of a target
        Arguments.of("authority form", 501, "CONNECT a:443 HTTP/1.1|Host: a:443||"),
        Arguments.of("a target without slash", 400, "GET x HTTP/1.1|Host: a||"),
        Arguments.of("another scheme", 400, "GET ftp://a/x HTTP/1.1|Host: a||"),
        Arguments.of("user info in a target", 400, "GET http://u@a/x HTTP/1.1|Host: a||"),
        Arguments.of("an asterisk with GET", 400, "GET * HTTP/1.1|Host: a||"),
        // RFC 3986 section 2: what a backend may cut off, turn over or decode
        Arguments.of("a fragment", 400, target("/config/#/../../bulk")),
        Arguments.of("a fragment of an absolute target", 400, target("http://a/x#y")),
        Arguments.of("a fragment for a path", 400, target("http://a#/config/x")),
        Arguments.of("a backslash", 400, target("/config\\..\\..\\bulk")),
        Arguments.of("a byte beyond ASCII", 400, target("/config/\u00e9")),
        Arguments.of("DEL", 400, target("/config/\u007f")),
        Arguments.of("a control character", 400, target("/config/\u0001")),
        Arguments.of("steps behind an escaped slash", 400, target("/config/x%2f..%2F..%2fbulk")),
        Arguments.of("a step before an escaped slash", 400, target("/config/..%2Fbulk")),
        Arguments.of("an escaped step behind one", 400, target("/config/x%2F%2e%2E/bulk")),
        Arguments.of("steps behind an escaped backslash", 400, target("/config/x%5c..%5Cbulk")),
        Arguments.of("a step with a parameter", 400, target("/config/..;x=1/bulk")),
        Arguments.of("an escaped NUL", 400, target("/config/x%00")),
        // section 6.1 and 6.3: one length, told once
        Arguments.of(
            "length and chunked", 400, post + "Content-Length: 3|Transfer-Encoding: chunked||0||"),
        Arguments.of("two lengths", 400, post + "Content-Length: 3|Content-Length: 4||abc"),
        Arguments.of("a list of lengths", 400, post + "Content-Length: 3, 4||abc"),
        Arguments.of("a signed length", 400, post + "Content-Length: +3||abc"),
        Arguments.of("a hexadecimal length", 400, post + "Content-Length: 0x3||abc"),
        Arguments.of("a length beyond all", 400, post + "Content-Length: 99999999999999999999||"),
        Arguments.of("gzip, chunked", 501, post + "Transfer-Encoding: gzip, chunked||0||"),
        Arguments.of("identity", 400, post + "Transfer-Encoding: identity||"),
        Arguments.of(
            "chunked, told twice",
            400,
            post + "Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||"),
        Arguments.of("a folded coding", 501, post + "Transfer-Encoding:| chunked||0||"),
        Arguments.of("x before chunked", 400, post + "Transfer-Encoding: xchunked||0||"),
        Arguments.of(
            "chunked in HTTP/1.0", 400, "POST /x HTTP/1.0|Host: a|Transfer-Encoding: chunked||0||"),
        // section 5: field syntax
        Arguments.of("a space before the colon", 400, get + "Host : a||"),
        Arguments.of("a header without a name", 400, get + "Host: a|: evil||"),
        Arguments.of("a name that is no token", 400, get + "Host: a|X(Y): evil||"),
        Arguments.of("a name beyond ASCII", 400, get + "Host: a|X\u00e9: evil||"),
        Arguments.of("a header without colon", 400, get + "Host: a|nonsense||"),
        Arguments.of("a fold at the start", 400, get + " folded: x|Host: a||"),
        Arguments.of("NUL in a value", 400, get + "Host: a|X: b\0c||"),
        Arguments.of("CR in a value", 400, get + "Host: a|X: b\rc||"),
        Arguments.of("a line end too few", 400, "GET /x HTTP/1.1\nHost: a\n\n"),
        Arguments.of("no HTTP", 400, "HELO mail||"),
        // limits
        Arguments.of("a long line", 414, "GET /" + "x".repeat(5000) + " HTTP/1.1|Host: a||"),
        Arguments.of("a long head", 431, get + "Host: a|X: " + "x".repeat(9000) + "||"));
  }

  private static String target(String target) {
    return "GET " + target + " HTTP/1.1|Host: a||";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refused_beforeTheBackend(String what, int status, String bytes) throws Exception {
    int before = origin.requests().size();
    try (RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send(bytes).read();
      assertThat(reply.status()).as(what).isEqualTo(status);
      assertThat(reply.header("Connection")).isEqualTo("close");
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(client.closedByPeer()).isTrue();
    }
    assertThat(origin.requests()).hasSize(before);
    assertStillServes();
  }

  private static void assertStillServes() throws Exception {
    try (RawClient client = gateway.client()) {
      assertThat(client.send("GET /y HTTP/1.1|Host: a||").read().status()).isEqualTo(200);
    }
    gateway.assertAllPermitsEnded();
  }

  /** RFC 9112 section 6.3: what follows the first answer must not be taken for a request. */
  @Test
  void smuggled_requestIsNotServed() throws Exception {
    int before = origin.requests().size();
    try (RawClient client = gateway.client()) {
      client.send(
          "POST /x HTTP/1.1|Host: a|Content-Length: 4|Transfer-Encoding: chunked||"
              + "1|Z|0||GET /admin HTTP/1.1|Host: a||");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.closedByPeer()).isTrue();
    }
    assertThat(origin.requests()).hasSize(before);
  }

  /** Section 7.1: a broken chunk is not forwarded as the end of the body. */
  @Test
  void chunk_broken() throws Exception {
    try (RawClient client = gateway.client()) {
      client.send("POST /broken HTTP/1.1|Host: a|Transfer-Encoding: chunked||zz|");
      assertThat(client.closedByPeer()).isTrue();
    }
    assertStillServes();
  }

  /** Section 3.2.2: the target's authority wins over Host. */
  @Test
  void absoluteTarget_replacesHost() throws Exception {
    try (RawClient client = gateway.client()) {
      client.send("GET http://b:81/x?y HTTP/1.1|Host: a||").read();
      assertThat(origin.last().line()).isEqualTo("GET /x?y HTTP/1.1");
      assertThat(origin.last().header("Host")).isEqualTo("b:81");
      client.send("GET HTTP://c?y HTTP/1.1|Host: a||").read();
      assertThat(origin.last().line()).isEqualTo("GET /?y HTTP/1.1");
    }
  }

  @Test
  void asterisk_passesWithOptions() throws Exception {
    try (RawClient client = gateway.client()) {
      client.send("OPTIONS * HTTP/1.1|Host: a||").read();
      assertThat(origin.last().line()).isEqualTo("OPTIONS * HTTP/1.1");
    }
  }

  /** Section 5.2: a fold is replaced by a space before anything else sees it. */
  @Test
  void fold_isUnfolded() throws Exception {
    try (RawClient client = gateway.client()) {
      client.send("GET /x HTTP/1.1|Host: a|X-Long: one|  two||").read();
      assertThat(origin.last().header("X-Long")).isEqualTo("one two");
      assertThat(origin.last().head()).doesNotContain("\r\n ");
    }
  }

  /** RFC 9110 section 7.8: an upgrade we do not want is no upgrade. */
  @Test
  void upgrade_toHttp2IsIgnored() throws Exception {
    try (RawClient client = gateway.client()) {
      RawClient.Reply reply =
          client
              .send(
                  "GET /x HTTP/1.1|Host: a|Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|"
                      + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA||")
              .read();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(origin.last().header("Upgrade")).isEmpty();
      assertThat(origin.last().header("HTTP2-Settings")).isEmpty();
    }
  }

  /** RFC 9113 section 3.4: nor is the preface of a protocol that is not on. */
  @Test
  void preface_ofHttp2IsRefused() throws Exception {
    try (RawClient client = gateway.client()) {
      assertThat(client.send("PRI * HTTP/2.0||SM||").read().status()).isEqualTo(501);
      assertThat(client.closedByPeer()).isTrue();
    }
  }

  /** The raw path is forwarded; only the class is told by its normal form. */
  @Test
  void path_isForwardedAsItCame() throws Exception {
    try (RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send("GET /a/../config/%2e/x%2Fy HTTP/1.1|Host: a||").read();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(origin.last().line()).isEqualTo("GET /a/../config/%2e/x%2Fy HTTP/1.1");
      assertThat(gateway.counts(0).sent()).isEqualTo(1);
    }
  }

  /** What is odd but can be read in one way only. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a%2Fb/..c%2F.d/c;v=1/...",
        "/x?to=../..%2f..&q={a|b}",
        "/%zz/100%/%",
        "/a/../%2e%2E/b",
        "/x?a=%00"
      })
  void target_oddButClear(String target) throws Exception {
    try (RawClient client = gateway.client()) {
      String bytes = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
      assertThat(client.write(bytes).read().status()).isEqualTo(200);
      assertThat(origin.last().line()).isEqualTo("GET " + target + " HTTP/1.1");
    }
  }

  @Test
  void pipelined_requestsAreAnsweredInOrder() throws Exception {
    try (RawClient client = gateway.client()) {
      client.send("GET /1 HTTP/1.1|Host: a||GET /2 HTTP/1.1|Host: a||");
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(origin.last().line()).isEqualTo("GET /2 HTTP/1.1");
    }
  }
}
