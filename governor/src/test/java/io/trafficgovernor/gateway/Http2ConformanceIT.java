package io.trafficgovernor.gateway;

import static io.trafficgovernor.gateway.RawHttp2Client.CONTINUATION;
import static io.trafficgovernor.gateway.RawHttp2Client.DATA;
import static io.trafficgovernor.gateway.RawHttp2Client.END_HEADERS;
import static io.trafficgovernor.gateway.RawHttp2Client.END_STREAM;
import static io.trafficgovernor.gateway.RawHttp2Client.GOAWAY;
import static io.trafficgovernor.gateway.RawHttp2Client.HEADERS;
import static io.trafficgovernor.gateway.RawHttp2Client.PADDED;
import static io.trafficgovernor.gateway.RawHttp2Client.PING;
import static io.trafficgovernor.gateway.RawHttp2Client.RST_STREAM;
import static io.trafficgovernor.gateway.RawHttp2Client.SETTINGS;
import static io.trafficgovernor.gateway.RawHttp2Client.WINDOW_UPDATE;
import static io.trafficgovernor.gateway.RawHttp2Client.headers;
import static io.trafficgovernor.gateway.RawHttp2Client.number;
import static io.trafficgovernor.gateway.RawHttp2Client.setting;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sections of RFC 9113 that h2spec asks about, frame by frame: what is answered by an end of
 * the stream or of the connection, with which code. h2spec itself is in no repository of the build.
 */
final class Http2ConformanceIT {
  private static final int MAX_FRAME = 16_384;
  private static final int MAX_INCREMENT = 0x7fffffff;
  private static final int ACK = 0x1;
  private static final int WHOLE = END_HEADERS | END_STREAM;
  private static final int FLOOD = 1_500_000;

  private static final String PROTOCOL = "goaway 1|closed";
  private static final String FLOW = "goaway 3|closed";
  private static final String SIZE = "goaway 6|closed";
  private static final String COMPRESSION = "goaway 9|closed";
  private static final String STREAM_PROTOCOL = "reset 1|400|" + PROTOCOL;
  private static final String STREAM_CLOSED = "reset 1|reset 5|goaway 5|" + PROTOCOL;

  private static RawOrigin origin;
  private static GatewayFixture gateway;

  @BeforeAll
  static void open() throws Exception {
    origin = new RawOrigin(Http2ConformanceIT::answer);
    gateway = new GatewayFixture(GatewayFixture.Setup.usual().listen("http2: true"), origin.port());
  }

  @AfterAll
  static void close() throws Exception {
    gateway.close();
    origin.close();
  }

  private static void answer(RawOrigin.Request request, RawOrigin.Peer peer) throws IOException {
    String length = request.header("Content-Length");
    String unused = peer.body(length.isEmpty() ? 0 : Integer.parseInt(length));
    peer.ok("fine");
  }

  /** What a client does wrong. */
  @FunctionalInterface
  private interface Wrong {
    void to(RawHttp2Client client) throws Exception;
  }

  private static Arguments wrong(String what, String allowed, Wrong wrong) {
    return Arguments.of(what, allowed, wrong);
  }

  private static Http2Headers get(String... more) {
    Http2Headers head =
        headers(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/x");
    head.add(headers(more));
    return head;
  }

  private static byte[] bytes(int length) {
    return new byte[length];
  }

  static Stream<Arguments> frames() {
    return Stream.of(framing(), states(), carried(), settings(), windows(), requests())
        .flatMap(Function.identity());
  }

  private static Stream<Arguments> framing() {
    return Stream.of(
        wrong("4.1 an unknown frame is ignored", "ping", c -> c.frame(0x16, 0, 0, bytes(8)).ping()),
        wrong("4.1 unknown flags are ignored", "ping", c -> c.frame(PING, 0xfe, 0, bytes(8))),
        wrong(
            "4.2 DATA longer than allowed",
            "reset 6|" + SIZE,
            c -> c.head(1, END_HEADERS, get()).frame(DATA, END_STREAM, 1, bytes(MAX_FRAME + 1))),
        wrong(
            "4.2 HEADERS longer than allowed",
            SIZE,
            c -> c.frame(HEADERS, WHOLE, 1, bytes(MAX_FRAME + 1))),
        wrong(
            "4.3 a block that is none",
            COMPRESSION,
            c -> c.frame(HEADERS, WHOLE, 1, new byte[] {(byte) 0xff, (byte) 0xff, 0x7f})),
        wrong("4.3 another frame within a block", PROTOCOL, c -> c.head(1, 0, get()).ping()),
        wrong(
            "4.3 another stream within a block",
            PROTOCOL,
            c -> c.head(1, 0, get()).head(3, WHOLE, get())));
  }

  private static Stream<Arguments> states() {
    return Stream.of(
        wrong("5.1 DATA on an idle stream", PROTOCOL, c -> c.frame(DATA, END_STREAM, 1, bytes(1))),
        wrong(
            "5.1 RST_STREAM on an idle stream",
            PROTOCOL,
            c -> c.frame(RST_STREAM, 0, 1, number(8))),
        wrong(
            "5.1 WINDOW_UPDATE on an idle stream",
            PROTOCOL,
            c -> c.frame(WINDOW_UPDATE, 0, 1, number(100))),
        wrong(
            "5.1 CONTINUATION on an idle stream",
            PROTOCOL,
            c -> c.frame(CONTINUATION, END_HEADERS, 1, bytes(1))),
        wrong(
            "5.1 DATA behind the end",
            STREAM_CLOSED + "|200",
            c -> c.head(1, WHOLE, get()).frame(DATA, END_STREAM, 1, bytes(1))),
        wrong(
            "5.1 HEADERS behind the end",
            STREAM_CLOSED + "|200",
            c -> c.head(1, WHOLE, get()).head(1, WHOLE, get())),
        wrong(
            "5.1 HEADERS on a stream that was reset",
            STREAM_CLOSED,
            c ->
                c.head(1, END_HEADERS, get())
                    .frame(RST_STREAM, 0, 1, number(8))
                    .head(1, WHOLE, get())),
        wrong("5.1.1 an even number", PROTOCOL, c -> c.head(2, WHOLE, get())),
        wrong(
            "5.1.1 a number below the last",
            STREAM_CLOSED,
            c -> c.head(5, END_HEADERS, get()).head(3, WHOLE, get())));
  }

  private static Stream<Arguments> carried() {
    return Stream.of(
        wrong("6.1 DATA on stream 0", PROTOCOL, c -> c.frame(DATA, END_STREAM, 0, bytes(1))),
        wrong(
            "6.1 padding longer than the frame",
            PROTOCOL,
            c ->
                c.head(1, END_HEADERS, get())
                    .frame(DATA, END_STREAM | PADDED, 1, new byte[] {9, 0})),
        wrong("6.2 HEADERS on stream 0", PROTOCOL, c -> c.head(0, WHOLE, get())),
        wrong(
            "6.2 padding longer than the frame",
            PROTOCOL,
            c -> c.frame(HEADERS, WHOLE | PADDED, 1, new byte[] {9, 0})),
        wrong("6.4 RST_STREAM on stream 0", PROTOCOL, c -> c.frame(RST_STREAM, 0, 0, number(8))),
        wrong(
            "6.4 RST_STREAM of three bytes",
            SIZE,
            c -> c.head(1, END_HEADERS, get()).frame(RST_STREAM, 0, 1, bytes(3))));
  }

  private static Stream<Arguments> settings() {
    return Stream.of(
        wrong(
            "6.5 an acknowledgement with a payload",
            SIZE,
            c -> c.frame(SETTINGS, ACK, 0, bytes(6))),
        wrong("6.5 SETTINGS on a stream", PROTOCOL, c -> c.frame(SETTINGS, 0, 1, bytes(6))),
        wrong("6.5 SETTINGS of five bytes", SIZE, c -> c.frame(SETTINGS, 0, 0, bytes(5))),
        wrong("6.5.2 ENABLE_PUSH 2", PROTOCOL, c -> c.frame(SETTINGS, 0, 0, setting(2, 2))),
        wrong("6.5.2 a window beyond all", FLOW, c -> c.frame(SETTINGS, 0, 0, setting(4, -1))),
        wrong("6.5.2 frames too small", PROTOCOL, c -> c.frame(SETTINGS, 0, 0, setting(5, 16_383))),
        wrong(
            "6.5.2 frames too large", PROTOCOL, c -> c.frame(SETTINGS, 0, 0, setting(5, 1 << 24))),
        wrong(
            "6.5.2 an unknown setting is ignored",
            "ping",
            c -> c.frame(SETTINGS, 0, 0, setting(0xff, 1)).ping()),
        wrong("6.7 PING on a stream", PROTOCOL, c -> c.frame(PING, 0, 1, bytes(8))),
        wrong("6.7 PING of six bytes", SIZE, c -> c.frame(PING, 0, 0, bytes(6))),
        wrong("6.8 GOAWAY on a stream", PROTOCOL, c -> c.frame(GOAWAY, 0, 1, bytes(8))));
  }

  private static Stream<Arguments> windows() {
    return Stream.of(
        wrong(
            "6.9 a connection's window by nothing",
            PROTOCOL,
            c -> c.frame(WINDOW_UPDATE, 0, 0, number(0))),
        wrong(
            "6.9 a stream's window by nothing",
            "reset 1|" + PROTOCOL,
            c -> c.head(1, END_HEADERS, get()).frame(WINDOW_UPDATE, 0, 1, number(0))),
        wrong(
            "6.9 WINDOW_UPDATE of three bytes", SIZE, c -> c.frame(WINDOW_UPDATE, 0, 0, bytes(3))),
        wrong(
            "6.9.1 a connection's window beyond all",
            FLOW,
            c ->
                c.frame(WINDOW_UPDATE, 0, 0, number(MAX_INCREMENT))
                    .frame(WINDOW_UPDATE, 0, 0, number(MAX_INCREMENT))),
        wrong(
            "6.9.1 a stream's window beyond all",
            "reset 3|" + FLOW,
            c ->
                c.head(1, END_HEADERS, get())
                    .frame(WINDOW_UPDATE, 0, 1, number(MAX_INCREMENT))
                    .frame(WINDOW_UPDATE, 0, 1, number(MAX_INCREMENT))),
        wrong(
            "6.10 CONTINUATION behind the end of a block",
            PROTOCOL,
            c -> c.head(1, END_HEADERS, get()).frame(CONTINUATION, END_HEADERS, 1, bytes(1))),
        wrong(
            "6.10 CONTINUATION on stream 0",
            PROTOCOL,
            c -> c.head(1, 0, get()).frame(CONTINUATION, END_HEADERS, 0, bytes(1))));
  }

  private static Stream<Arguments> requests() {
    return Stream.of(
        wrong(
            "8.1 trailers that do not end the stream",
            STREAM_PROTOCOL,
            c -> c.head(1, END_HEADERS, get()).head(1, END_HEADERS, headers("x-late", "1"))),
        wrong(
            "8.1 a pseudo field in trailers",
            STREAM_PROTOCOL,
            c -> c.head(1, END_HEADERS, get()).head(1, WHOLE, headers(":path", "/evil"))),
        wrong(
            "8.3 a pseudo field behind others",
            STREAM_PROTOCOL,
            c ->
                c.literally(
                    1,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    "x-a",
                    "1",
                    ":authority",
                    "shop",
                    ":path",
                    "/x")),
        wrong(
            "8.3 a pseudo field of answers",
            STREAM_PROTOCOL,
            c -> c.head(1, WHOLE, get(":status", "200"))),
        wrong("8.3.1 a path twice", STREAM_PROTOCOL, c -> c.head(1, WHOLE, get(":path", "/y"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("frames")
  void wrong_isAnsweredByAnEnd(String what, String allowed, Wrong wrong) throws Exception {
    try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      wrong.to(client);
      assertThat(client.verdict()).as(what).matches(allowed);
    }
    assertStillServes();
  }

  private static void assertStillServes() throws Exception {
    try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      client.request(get(), "");
      assertThat(client.outcome()).isEqualTo("200");
    }
    assertThat(origin.requests()).noneMatch(each -> each.head().contains("evil"));
    gateway.assertAllPermitsEnded();
  }

  /** Section 3.4: what begins like HTTP/2 and goes on as something else. */
  @Test
  void preface_thatIsNone() throws Exception {
    try (RawHttp2Client client = RawHttp2Client.silent(gateway.port())) {
      client.write("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
      assertThat(client.outcome()).matches(PROTOCOL);
    }
    try (RawHttp2Client client = RawHttp2Client.silent(gateway.port())) {
      client.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").ping();
      assertThat(client.outcome()).as("SETTINGS must be first").matches(PROTOCOL);
    }
    assertStillServes();
  }

  /** Section 5.1.2: streams beyond the bound are refused, those within it are not touched. */
  @Test
  void streams_beyondTheBound() throws Exception {
    try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      int most = client.maxStreams();
      assertThat(most).isBetween(1, 1000);
      for (int i = 0; i <= most; i++) {
        client.head(2 * i + 1, END_HEADERS, get());
      }
      client.head(2 * most + 3, END_HEADERS, get());
      assertThat(client.outcome()).matches("reset 7|goaway 1|closed");
    }
    assertStillServes();
  }

  /** Section 6.9.2: with no window the head comes and the body waits for one. */
  @Test
  void window_ofNothing() throws Exception {
    try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      client.frame(SETTINGS, 0, 0, setting(4, 0)).request(get(), "");
      assertThat(client.outcome()).as("the head needs no window").isEqualTo("200");
      assertThat(client.ping().outcome()).isEqualTo("ping");
      assertThat(client.dataBytes()).as("without a window").isZero();
      for (int i = 1; i <= 4; i++) {
        client.frame(WINDOW_UPDATE, 0, 1, number(1));
        assertThat(client.dataBytes(i)).isEqualTo(i);
      }
    }
    assertStillServes();
  }

  /** Section 10.5: what costs the sender nothing ends before it costs the receiver much. */
  static Stream<Arguments> floods() {
    return Stream.of(
        wrong("CONTINUATION without end", "", c -> c.frame(CONTINUATION, 0, 1, bytes(16))),
        wrong("streams that are reset at once", "", c -> c.resetAtOnce(get())),
        wrong("empty DATA", "", c -> c.frame(DATA, 0, 1, bytes(0))),
        wrong("SETTINGS", "", c -> c.frame(SETTINGS, 0, 0, setting(4, 100))),
        wrong("PING", "", c -> c.frame(PING, 0, 0, bytes(8))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void flood_isEnded(String what, String unused, Wrong one) throws Exception {
    int before = origin.requests().size();
    int sent = 0;
    String outcome;
    try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      if (!what.startsWith("streams")) {
        client.head(1, what.startsWith("CONT") ? 0 : END_HEADERS, get());
      }
      try {
        for (; sent < FLOOD; sent++) {
          one.to(client);
        }
        outcome = client.verdict();
      } catch (SocketException ended) {
        outcome = "closed";
      }
    }
    assertThat(outcome).as("not ended after " + sent).matches("goaway \\d+|closed");
    assertThat(origin.requests().size() - before).as("reached the backend").isLessThan(2_000);
    assertStillServes();
  }

  /** Who reads the answers has no queue that grows too long; it is ended all the same. */
  @ParameterizedTest
  @ValueSource(ints = {PING, SETTINGS})
  void flood_ofOneWhoReads(int type) throws Exception {
    int sent = 0;
    String outcome = "ping";
    try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      for (; sent < FLOOD && outcome.equals("ping"); sent += 100) {
        for (int i = 0; i < 100; i++) {
          client.frame(type, 0, 0, type == PING ? bytes(8) : setting(4, 100));
        }
        outcome = client.verdict();
      }
    } catch (SocketException ended) {
      outcome = "closed";
    }
    assertThat(outcome).as("not ended after " + sent).matches("goaway \\d+|closed");
    assertStillServes();
  }

  /** Negative control: good frames are not ended, by the same eyes. */
  @Test
  void usual_isServed() throws Exception {
    try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
      for (Http2Headers head : List.of(get(), get("te", "trailers"), get("x-a", "1"))) {
        client.request(head, "");
        assertThat(client.outcome()).isEqualTo("200");
      }
      client.request(get("content-length", "4"), "body");
      assertThat(client.outcome()).isEqualTo("200");
    }
  }
}
