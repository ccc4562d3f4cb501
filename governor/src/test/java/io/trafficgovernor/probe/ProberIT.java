package io.trafficgovernor.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.GovernorConfig.Backend;
import io.trafficgovernor.config.GovernorConfig.Probe;
import io.trafficgovernor.config.GovernorConfig.Wire;
import io.trafficgovernor.config.Origin;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a living backend, on raw sockets. */
final class ProberIT {
  private static final Duration LONG = Duration.ofSeconds(1);
  private final SystemTicker ticker = new SystemTicker();
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Prober prober(int expect, Duration timeout, Duration longest, Integer... ports) {
    List<Origin> origins = new ArrayList<>();
    for (int port : ports) {
      origins.add(new Origin("127.0.0.1", port));
    }
    Backend backend =
        new Backend(
            "kv",
            origins,
            Duration.ofMillis(250),
            new Probe("/health?deep=1", expect, timeout),
            100,
            1,
            0,
            Duration.ofSeconds(60),
            false,
            Wire.usual(),
            Optional.empty(),
            1);
    return new Prober(vertx, backend, Optional.empty(), longest);
  }

  private Prober prober(RawOrigin origin) {
    return prober(200, Duration.ofMillis(500), LONG, origin.port());
  }

  /** The one answer; fails if there is none in time, or more than one. */
  private static boolean answer(Prober prober) throws InterruptedException {
    BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();
    prober.probe(answers::add);
    Boolean good = answers.poll(5, TimeUnit.SECONDS);
    assertThat(good).as("an answer").isNotNull();
    assertThat(answers.poll(100, TimeUnit.MILLISECONDS)).as("a second answer").isNull();
    return good;
  }

  private static String status(int code) {
    return "HTTP/1.1 " + code + " X\r\nContent-Length: 0\r\n\r\n";
  }

  @ParameterizedTest
  @CsvSource({
    "200, 200, true",
    "200, 204, true",
    "200, 302, true",
    "200, 404, true",
    "200, 429, true",
    "200, 500, false",
    "200, 503, false",
    "503, 503, true",
    "503, 500, false",
    "503, 200, true"
  })
  void probe_byStatus(int expected, int got, boolean good) throws Exception {
    try (RawOrigin origin = new RawOrigin(status(got))) {
      Prober prober = prober(expected, Duration.ofMillis(500), LONG, origin.port());
      assertThat(answer(prober)).isEqualTo(good);
    }
  }

  @Test
  void probe_asksForThePathOnAConnectionOfItsOwn() throws Exception {
    try (RawOrigin origin = new RawOrigin(status(200))) {
      Prober prober = prober(origin);
      assertThat(answer(prober)).isTrue();
      assertThat(answer(prober)).isTrue();
      assertThat(origin.heads()).hasSize(2);
      assertThat(origin.heads().get(0))
          .startsWith("GET /health?deep=1 HTTP/1.1")
          .containsIgnoringCase("host: 127.0.0.1:" + origin.port())
          .containsIgnoringCase("connection: close");
      assertThat(origin.left()).isTrue();
    }
  }

  @Test
  void probe_nobodyListens() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    assertThat(answer(prober(200, Duration.ofMillis(500), LONG, port))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 103 Early Hints\r\n\r\n"})
  void probe_noWholeHeadInTime(String part) throws Exception {
    try (RawOrigin origin = new RawOrigin(part)) {
      Prober prober = prober(200, Duration.ofMillis(150), LONG, origin.port());
      long before = ticker.nanos();
      assertThat(answer(prober)).isFalse();
      assertThat(Duration.ofNanos(ticker.nanos() - before))
          .isBetween(Duration.ofMillis(140), Duration.ofSeconds(3));
      assertThat(origin.left()).as("gives the connection up").isTrue();
    }
  }

  @Test
  void probe_waitsNoLongerThanTheLongestRequest() throws Exception {
    try (RawOrigin origin = new RawOrigin("")) {
      Prober prober = prober(200, Duration.ofMillis(500), Duration.ofMillis(20), origin.port());
      long before = ticker.nanos();
      assertThat(answer(prober)).isFalse();
      assertThat(Duration.ofNanos(ticker.nanos() - before)).isLessThan(Duration.ofMillis(450));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 two hundred\r\n\r\n", "\u0000\u0001\r\n"})
  void probe_brokenHead(String bytes) throws Exception {
    try (RawOrigin origin = new RawOrigin(bytes)) {
      assertThat(answer(prober(origin))).isFalse();
    }
  }

  @Test
  void probe_theBodyMayNeverEnd() throws Exception {
    try (RawOrigin origin =
        new RawOrigin("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nabc")) {
      assertThat(answer(prober(origin))).isTrue();
      assertThat(origin.left()).as("gives the connection up").isTrue();
    }
  }

  @Test
  void probe_theOriginsTakeTurns() throws Exception {
    try (RawOrigin well = new RawOrigin(status(200));
        RawOrigin ill = new RawOrigin(status(500))) {
      Prober prober = prober(200, Duration.ofMillis(500), LONG, well.port(), ill.port());
      List<Boolean> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(answer(prober));
      }
      assertThat(answers).containsExactly(false, true, false, true);
    }
  }

  @Test
  void probe_manyAtOnceAreBounded() throws IOException, InterruptedException {
    try (RawOrigin origin = new RawOrigin("")) {
      Prober prober = prober(200, Duration.ofMillis(200), LONG, origin.port());
      BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();
      for (int i = 0; i < 50; i++) {
        prober.probe(answers::add);
      }
      for (int i = 0; i < 50; i++) {
        assertThat(answers.poll(5, TimeUnit.SECONDS)).isFalse();
      }
      assertThat(origin.heads().size()).isLessThanOrEqualTo(8);
    }
  }
}
