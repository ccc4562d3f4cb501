package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import org.junit.jupiter.api.Test;

/** Bodies, interim answers, trailers and the answers without a body. */
final class StreamingIT {
  private static final int MEBIBYTE = 1024 * 1024;

  @Test
  void expectContinue_isTheBackendsToGrant() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 100 Continue||");
          peer.ok(peer.body(5));
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 5||");
      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.write("abcde").read().body()).isEqualTo("abcde");
      assertThat(origin.last().header("Expect")).isEqualTo("100-continue");
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void expectContinue_isTheBackendsToRefuse() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> peer.send("HTTP/1.1 413 Too Large|Content-Length: 0||");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 5||");
      RawClient.Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.header("Connection")).isEqualTo("close");
      assertThat(client.closedByPeer()).isTrue();
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void earlyHints_goThrough() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 103 Early Hints|Link: </a.css>|Connection: X-Hop|X-Hop: 1||");
          peer.ok("late");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      RawClient.Reply hints = client.send("GET /x HTTP/1.1|Host: a||").read();
      assertThat(hints.status()).isEqualTo(103);
      assertThat(hints.header("Link")).isEqualTo("</a.css>");
      assertThat(hints.header("X-Hop")).isEmpty();
      assertThat(client.read().body()).isEqualTo("late");
    }
  }

  /** RFC 9110 section 15.2. */
  @Test
  void earlyHints_notToHttp10() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 103 Early Hints|Link: </a.css>||");
          peer.ok("late");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send("GET /x HTTP/1.0|Host: a||").read().status()).isEqualTo(200);
    }
  }

  @Test
  void trailers_goThrough() throws Exception {
    RawOrigin.Script script =
        (request, peer) ->
            peer.send(
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked|Trailer: X-Sum||3|abc|0|X-Sum: 6||");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      RawClient.Reply reply = client.send("GET /x HTTP/1.1|Host: a||").read();
      assertThat(reply.body()).isEqualTo("abc");
      assertThat(reply.header("Trailer")).isEqualTo("X-Sum");
      assertThat(reply.trailers()).containsEntry("x-sum", "6");
    }
  }

  @Test
  void head_hasALengthAndNoBody() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> peer.send("HTTP/1.1 200 OK|Content-Length: 1234|ETag: \"1\"||");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 2; i++) {
        RawClient.Reply reply = client.send("HEAD /x HTTP/1.1|Host: a||").readHead();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Length")).isEqualTo("1234");
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void answersWithoutBody_leaveTheConnectionClean() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          switch (request.number()) {
            case 0 -> peer.send("HTTP/1.1 204 No Content||");
            case 1 -> peer.send("HTTP/1.1 304 Not Modified|Content-Length: 9|ETag: \"1\"||");
            case 2 -> peer.send("HTTP/1.1 205 Reset Content|Content-Length: 0||");
            default -> peer.ok("last");
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      RawClient.Reply none = client.send("GET /x HTTP/1.1|Host: a||").read();
      assertThat(none.status()).isEqualTo(204);
      assertThat(none.headers().keySet()).doesNotContain("content-length", "transfer-encoding");
      RawClient.Reply same = client.send("GET /x HTTP/1.1|Host: a||").read();
      assertThat(same.status()).isEqualTo(304);
      assertThat(same.header("ETag")).isEqualTo("\"1\"");
      assertThat(client.send("GET /x HTTP/1.1|Host: a||").read().status()).isEqualTo(205);
      assertThat(client.send("GET /x HTTP/1.1|Host: a||").read().body()).isEqualTo("last");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void upload_chunkedAndLong() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          long read = 0;
          for (int size = size(peer); size > 0; size = size(peer)) {
            peer.body(size);
            peer.line();
            read += size;
          }
          peer.line();
          peer.ok(Long.toString(read));
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("PUT /x HTTP/1.1|Host: a|Transfer-Encoding: chunked||");
      String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
      for (int i = 0; i < 64; i++) {
        client.write(chunk);
      }
      assertThat(client.send("0||").read().body()).isEqualTo(Integer.toString(4 * MEBIBYTE));
      assertThat(origin.last().header("Transfer-Encoding")).isEqualTo("chunked");
      assertThat(origin.last().header("Content-Length")).isEmpty();
      gateway.assertAllPermitsEnded();
    }
  }

  private static int size(RawOrigin.Peer peer) throws Exception {
    return Integer.parseInt(peer.line().trim(), 16);
  }

  /** The slow reader holds a connection, but no slot: its permit ended at the head. */
  @Test
  void download_longToASlowReader() throws Exception {
    int length = 8 * MEBIBYTE;
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 200 OK|Content-Length: " + length + "||");
          for (int i = 0; i < 128; i++) {
            peer.write("y".repeat(length / 128));
          }
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("GET /x HTTP/1.1|Host: a||");
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      gateway.assertAllPermitsEnded();
      assertThat(gateway.counts(2).outcome(Outcome.SUCCESS)).isEqualTo(1);
      while (!client.line().isEmpty()) {}
      assertThat(client.exactly(length)).hasSize(length).containsOnly((byte) 'y');
    }
  }

  @Test
  void http10_clientGetsTheBodyUntilTheEnd() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|0||");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      for (String keepAlive : new String[] {"", "Connection: keep-alive|"}) {
        try (RawClient client = gateway.client()) {
          RawClient.Reply reply = client.send("GET /x HTTP/1.0|Host: a|" + keepAlive + "|").read();
          assertThat(reply.headers().keySet()).doesNotContain("transfer-encoding");
          assertThat(reply.body()).isEqualTo("abc");
        }
      }
      assertThat(origin.last().line()).isEqualTo("GET /x HTTP/1.1");
    }
  }

  @Test
  void http10_backendEndsItsBodyByClosing() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.0 200 OK||until the end");
          peer.close();
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      assertThat(client.send("GET /x HTTP/1.1|Host: a||").read().body()).isEqualTo("until the end");
      assertThat(client.send("GET /x HTTP/1.1|Host: a||").read().body()).isEqualTo("until the end");
      assertThat(origin.connections()).isEqualTo(2);
    }
  }

  /** An answer may begin while the request still comes: both go on. */
  @Test
  void answer_besideItsUpload() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> {
          peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|early|");
          peer.body(20_000);
          peer.send("4|late|0||");
        };
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: a|Content-Length: 20000||");
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      client.write("z".repeat(20_000));
      while (!client.line().isEmpty()) {}
      assertThat(client.line()).isEqualTo("5");
      assertThat(client.line()).isEqualTo("early");
      assertThat(client.line()).isEqualTo("4");
      assertThat(client.line()).isEqualTo("late");
    }
  }

  /** A refusal ends the upload: the rest is read for a moment, then the connection closes. */
  @Test
  void refusal_endsTheUpload() throws Exception {
    RawOrigin.Script script =
        (request, peer) -> peer.send("HTTP/1.1 403 Forbidden|Content-Length: 2||no");
    try (RawOrigin origin = new RawOrigin(script);
        GatewayFixture gateway = new GatewayFixture(origin.port());
        RawClient client = gateway.client()) {
      client.send("POST /x HTTP/1.1|Host: a|Content-Length: 2000000||").write("abc");
      RawClient.Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.header("Connection")).isEqualTo("close");
      assertThat(client.closedByPeer()).isTrue();
      gateway.assertAllPermitsEnded();
    }
  }
}
