package io.trafficgovernor.gateway;

import static io.trafficgovernor.gateway.RawHttp2Client.headers;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What HTTP/2 can say and HTTP/1.1 would misread never reaches the backend. RFC 9113. */
final class Http2SmugglingIT {
  private static Http2Headers get(String... more) {
    Http2Headers head =
        headers(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/x");
    head.add(headers(more));
    return head;
  }

  private static Http2Headers with(String name, String value) {
    Http2Headers head = get();
    head.set(name, value);
    return head;
  }

  private static Http2Headers without(String name) {
    Http2Headers head = get();
    head.remove(name);
    return head;
  }

  static Stream<Arguments> corpus() {
    String second = "\r\n\r\nGET /evil HTTP/1.1\r\nHost: evil";
    return Stream.of(
        Arguments.of("8.2.1 line end in a value", get("x-a", "1" + second), ""),
        Arguments.of("8.2.1 lone line feed", get("x-a", "1\nx-evil: 1"), ""),
        Arguments.of("8.2.1 lone return", get("x-a", "1\rx-evil: 1"), ""),
        Arguments.of("8.2.1 zero in a value", get("x-a", "1\0"), ""),
        Arguments.of("8.2.1 line end in a name", get("x-a: 1\r\nx-evil", "1"), ""),
        Arguments.of("8.2.1 colon in a name", get("x-a: 1", "1"), ""),
        Arguments.of("8.2.1 capitals in a name", get("X-A", "1"), ""),
        Arguments.of("8.2.1 space in a name", get("x a", "1"), ""),
        Arguments.of("8.3.1 line end in the path", with(":path", "/x HTTP/1.1" + second), ""),
        Arguments.of("8.3.1 space in the path", with(":path", "/x y"), ""),
        Arguments.of("8.3.1 no path", with(":path", ""), ""),
        Arguments.of("8.3.1 path without a slash", with(":path", "x"), ""),
        Arguments.of("8.3.1 absolute path", with(":path", "http://evil/x"), ""),
        Arguments.of("8.3.1 space in the method", with(":method", "GET /evil HTTP/1.1"), ""),
        Arguments.of("8.3.1 line end in the method", with(":method", "GET" + second), ""),
        Arguments.of("8.3.1 line end in the authority", with(":authority", "shop" + second), ""),
        Arguments.of("8.3.1 user in the authority", with(":authority", "me@shop"), ""),
        Arguments.of("8.3.1 two hosts", get("host", "evil"), ""),
        Arguments.of("8.3.1 no authority", without(":authority"), ""),
        Arguments.of("8.3 no method", without(":method"), ""),
        Arguments.of("8.3 no path at all", without(":path"), ""),
        Arguments.of("8.3 unknown pseudo field", get(":evil", "1"), ""),
        Arguments.of("8.2.2 connection", get("connection", "x-a", "x-a", "1"), ""),
        Arguments.of("8.2.2 transfer-encoding", get("transfer-encoding", "chunked"), "0\r\n\r\n"),
        Arguments.of("8.2.2 keep-alive", get("keep-alive", "1"), ""),
        Arguments.of("8.2.2 upgrade", get("upgrade", "websocket"), ""),
        Arguments.of("8.2.2 te", get("te", "gzip"), ""),
        Arguments.of("8.1.1 length too short", get("content-length", "1"), "abcdef"),
        Arguments.of("8.1.1 length too long", get("content-length", "9"), "abc"),
        Arguments.of("8.1.1 length without a body", get("content-length", "9"), ""),
        Arguments.of("8.1.1 two lengths", get("content-length", "3", "content-length", "4"), "abc"),
        Arguments.of("8.1.1 signed length", get("content-length", "+3"), "abc"));
  }

  /** Refused, or harmless: what reaches the backend is one request, and not what was smuggled. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("corpus")
  void ambiguous_isNeverForwarded(String what, Http2Headers head, String body) throws Exception {
    GatewayFixture.Setup setup = GatewayFixture.Setup.usual().listen("http2: true");
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(setup, origin.port());
        RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      client.request(head, body);
      String outcome = client.outcome();
      assertThat(outcome).as(what).matches("400|431|reset \\d+|goaway \\d+|closed|200");
      if (outcome.equals("200")) {
        assertThat(what).as("allowed to pass, stripped").matches("8\\.2\\.2 .*");
        assertThat(origin.last().header("Connection") + origin.last().header("Upgrade")).isEmpty();
        assertThat(origin.last().header("TE") + origin.last().header("Keep-Alive")).isEmpty();
      } else {
        assertThat(origin.requests()).as(what).allMatch(each -> !each.head().contains("evil"));
      }
      gateway.assertAllPermitsEnded();
    }
  }

  /** The client above can speak well, too: what it is refused for is what it said. */
  @Test
  void usual_isForwarded() throws Exception {
    GatewayFixture.Setup setup = GatewayFixture.Setup.usual().listen("http2: true");
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("in"));
        GatewayFixture gateway = new GatewayFixture(setup, origin.port());
        RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      client.request(get("x-a", "1"), "");
      assertThat(client.outcome()).isEqualTo("200");
      assertThat(origin.last().header("X-A")).isEqualTo("1");
      client.request(get("content-length", "3"), "abc");
      assertThat(client.outcome()).isEqualTo("200");
      gateway.assertAllPermitsEnded();
    }
  }
}
