package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.gateway.head.ClassClaims;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service between two governors calls on behalf of what it was asked: over sockets, a critical
 * request keeps its class, and nobody else gets one.
 */
final class ClassInheritanceIT {
  private static final int CONFIG = 0;
  private static final int REST = 2;
  private static final String SECRET = "0123456789abcdef-shared";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CLAIM = ClassClaims.HEADER;

  private static GatewayFixture.Setup trusting(String secret) {
    return GatewayFixture.Setup.usual().sections("inherit: { secret: " + secret + ", valid: 10s }");
  }

  private static RawOrigin echo() throws Exception {
    return new RawOrigin(
        (request, peer) ->
            peer.send(
                "HTTP/1.1 200 OK|Content-Length: 2|"
                    + CLAIM
                    + ": "
                    + request.header(CLAIM)
                    + "||ok"));
  }

  private static RawClient.Reply get(GatewayFixture gateway, String path, String headers)
      throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send("GET " + path + " HTTP/1.1|Host: shop|" + headers + "|").read();
    }
  }

  /** What the first governor says to the service behind it. */
  private static String saidOf(GatewayFixture first, RawOrigin service, String path)
      throws Exception {
    assertThat(get(first, path, "").status()).isEqualTo(200);
    return service.last().header(CLAIM);
  }

  private static double claims(GatewayFixture gateway, String result) {
    String line = "governor_class_claims_total{result=\"" + result + "\"} ";
    String text = gateway.meters.scrape();
    int at = text.indexOf(line) + line.length();
    assertThat(at).as(result).isGreaterThanOrEqualTo(line.length());
    return Double.parseDouble(text.substring(at, text.indexOf('\n', at)));
  }

  @Test
  void request_onBehalfOfACriticalOne_keepsItsClass() throws Exception {
    try (RawOrigin service = echo();
        RawOrigin store = echo();
        GatewayFixture first = new GatewayFixture(trusting(SECRET), service.port());
        GatewayFixture second = new GatewayFixture(trusting(SECRET), store.port())) {
      String claim = saidOf(first, service, "/config/a");
      RawClient.Reply reply = get(second, "/lookup", CLAIM + ": " + claim + "|");

      assertThat(reply.status()).isEqualTo(200);
      assertThat(second.counts(CONFIG).sent()).isEqualTo(1);
      assertThat(second.counts(REST).sent()).isZero();
      assertThat(store.last().header(CLAIM)).as("passed on as it came").isEqualTo(claim);
      assertThat(reply.header(CLAIM)).as("never shown to clients").isEmpty();
      assertThat(claims(second, "inherited")).isEqualTo(1);

      // the same call without it is what it looks like, and on behalf of the lowest it is that
      get(second, "/lookup", "");
      get(second, "/config/a", CLAIM + ": " + saidOf(first, service, "/bulk") + "|");
      assertThat(second.counts(REST).sent()).isEqualTo(2);
      assertThat(second.counts(CONFIG).sent()).isEqualTo(1);
    }
  }

  @Test
  void stranger_getsNoClass_andTheBackendSeesNothingOfIt() throws Exception {
    try (RawOrigin service = echo();
        RawOrigin store = echo();
        GatewayFixture first = new GatewayFixture(trusting(SECRET), service.port());
        GatewayFixture stranger =
            new GatewayFixture(trusting("fedcba9876543210-other"), service.port());
        GatewayFixture second = new GatewayFixture(trusting(SECRET), store.port())) {
      String good = saidOf(first, service, "/config/a");
      String other = saidOf(stranger, service, "/config/a");
      String[][] asserted = {
        {"malformed", CLAIM + ": config|"},
        {"malformed", CLAIM + ": " + good.substring(0, good.length() - 1) + "|"},
        {"forged", CLAIM + ": " + other + "|"},
        {"forged", CLAIM + ": " + good.replace("config.", "auth.") + "|"},
        {"duplicate", CLAIM + ": " + good + "|" + CLAIM.toLowerCase(Locale.ROOT) + ": x|"},
        {"duplicate", CLAIM + ": " + good + "|" + CLAIM + ": " + good + "|"}
      };
      for (String[] each : asserted) {
        double before = claims(second, each[0]);
        assertThat(get(second, "/lookup", each[1]).status()).isEqualTo(200);
        assertThat(claims(second, each[0])).as(each[1]).isEqualTo(before + 1);
        assertThat(store.last().header(CLAIM)).as("its own word").startsWith("rest.");
      }
      String underscored = CLAIM.replace('-', '_');
      get(second, "/lookup", underscored + ": " + good + "|");
      assertThat(store.last().header(underscored)).as("read with _ for -").isEmpty();
      second.wallShiftMillis.addAndGet(10_001);
      get(second, "/lookup", CLAIM + ": " + good + "|");
      assertThat(claims(second, "expired")).as("shown again later").isEqualTo(1);
      second.wallShiftMillis.addAndGet(-60_000);
      get(second, "/lookup", CLAIM + ": " + good + "|");
      assertThat(claims(second, "early")).isEqualTo(1);

      assertThat(second.counts(REST).sent()).isEqualTo(asserted.length + 3);
      assertThat(second.counts(CONFIG).sent()).isZero();
      assertThat(claims(second, "inherited")).isZero();
    }
  }

  /** Without the section nothing is believed, said or passed on. */
  @Test
  void withoutASecret_theHeaderMeansNothing() throws Exception {
    try (RawOrigin service = echo();
        RawOrigin store = echo();
        GatewayFixture first = new GatewayFixture(trusting(SECRET), service.port());
        GatewayFixture second = new GatewayFixture(store.port())) {
      get(second, "/lookup", CLAIM + ": " + saidOf(first, service, "/config/a") + "|");
      assertThat(store.last().header(CLAIM)).isEmpty();
      assertThat(second.counts(REST).sent()).isEqualTo(1);
      assertThat(second.counts(CONFIG).sent()).isZero();
    }
  }

  /** However critical its path is: behind it, too, it comes after everybody else. */
  @Test
  void delivery_ofTheJournal_isOfTheLowestClass(@TempDir Path folder) throws Exception {
    try (RawOrigin store = echo();
        GatewayFixture second = new GatewayFixture(trusting(SECRET), store.port());
        GatewayFixture first =
            new GatewayFixture(journaling(trusting(SECRET), folder), second.port())) {
      deliver(first, store);
      assertThat(store.last().header(CLAIM)).startsWith("rest.");
      assertThat(claims(second, "inherited")).isEqualTo(1);
      assertThat(second.counts(REST).sent()).isEqualTo(1);
      assertThat(second.counts(CONFIG).sent()).isZero();
    }
  }

  @Test
  void delivery_withoutASecret_saysNothing(@TempDir Path folder) throws Exception {
    try (RawOrigin store = echo();
        GatewayFixture first =
            new GatewayFixture(journaling(GatewayFixture.Setup.usual(), folder), store.port())) {
      deliver(first, store);
      assertThat(store.last().header(CLAIM)).isEmpty();
    }
  }

  private static GatewayFixture.Setup journaling(GatewayFixture.Setup setup, Path folder) {
    return setup.config("on-shed: journal").folder(folder);
  }

  /** A critical write is journaled in an outage, and delivered after it. */
  private static void deliver(GatewayFixture first, RawOrigin store) throws Exception {
    first.lease(Leases.ample().phase(Phase.OUTAGE));
    try (RawClient client = first.client()) {
      String put = "PUT /config/a HTTP/1.1|Host: shop|Content-Length: 0|" + CLAIM + ": config.1||";
      assertThat(client.send(put).read().status()).isEqualTo(202);
    }
    first.replay();
    first.lease(Leases.ample());
    await().atMost(SOON).until(() -> !store.requests().isEmpty());
  }

  @Test
  void http2_isNoOtherWayIn() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RawOrigin service = echo();
        RawOrigin store = echo();
        GatewayFixture first = new GatewayFixture(trusting(SECRET), service.port());
        GatewayFixture second =
            new GatewayFixture(trusting(SECRET).listen("http2: true"), store.port())) {
      String good = saidOf(first, service, "/config/a");
      assertThat(overHttp2(vertx, second.port(), good)).isEqualTo(200);
      assertThat(second.counts(CONFIG).sent()).isEqualTo(1);
      assertThat(overHttp2(vertx, second.port(), good.replace('c', 'd'))).isEqualTo(200);
      assertThat(second.counts(REST).sent()).isEqualTo(1);
      assertThat(store.last().header(CLAIM)).startsWith("rest.");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static int overHttp2(Vertx vertx, int port, String claim) throws Exception {
    HttpClientConfig config =
        new HttpClientConfig()
            .setVersions(HttpVersion.HTTP_2)
            .setHttp2Config(new Http2ClientConfig().setClearTextUpgrade(false));
    // a client that nobody holds any more is closed by the collector, with its connection
    HttpClientAgent client = vertx.httpClientBuilder().with(config).build();
    try {
      return client
          .connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(port))
          .compose(
              wire ->
                  wire.request(new RequestOptions().setMethod(HttpMethod.GET).setURI("/lookup"))
                      .compose(request -> request.putHeader(CLAIM, claim).send()))
          .map(answer -> answer.statusCode())
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } finally {
      client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}
