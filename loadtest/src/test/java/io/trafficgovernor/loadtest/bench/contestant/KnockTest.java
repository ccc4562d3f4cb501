package io.trafficgovernor.loadtest.bench.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of a bench, and whether somebody serves with it. */
final class KnockTest {
  @TempDir private static Path folder;
  private static ShownCertificate shown;

  private final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void make() throws Exception {
    shown = ShownCertificate.make(folder);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private int listening(HttpServerOptions options, int status) throws Exception {
    return vertx
        .createHttpServer(options)
        .requestHandler(request -> request.response().setStatusCode(status).end())
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS)
        .actualPort();
  }

  private static HttpServerOptions tls(String version, ShownCertificate of) {
    return new HttpServerOptions()
        .setSsl(true)
        .setEnabledSecureTransportProtocols(Set.of(version))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(of.cert().toString())
                .setKeyPath(of.key().toString()));
  }

  private static Optional<SSLContext> trust() {
    return Optional.of(shown.trusting());
  }

  @Test
  void terms_areToldOfWhoServes() throws Exception {
    assertThat(Knock.at(listening(tls("TLSv1.3", shown), 200), trust()))
        .hasValueSatisfying(terms -> assertThat(terms).startsWith("TLSv1.3 TLS_AES_"));
    assertThat(Knock.at(listening(new HttpServerOptions(), 200), Optional.empty()))
        .contains("clear text");
  }

  /** Ratios between contestants on different terms would say nothing. */
  @Test
  void otherTerms_areNoService() throws Exception {
    int plain = listening(new HttpServerOptions(), 200);
    assertThat(Knock.at(plain, trust())).isEmpty();
    assertThat(Knock.at(listening(tls("TLSv1.3", shown), 200), Optional.empty())).isEmpty();
    assertThat(Knock.at(listening(tls("TLSv1.2", shown), 200), trust())).isEmpty();
  }

  @Test
  void refusal_isNoService() throws Exception {
    assertThat(Knock.at(listening(new HttpServerOptions(), 503), Optional.empty())).isEmpty();
    assertThat(Knock.at(listening(tls("TLSv1.3", shown), 503), trust())).isEmpty();
  }

  @Test
  void certificate_isMadeAnew_andItsKeyKept() throws Exception {
    Path own = folder.resolve("anew");
    String before = Files.readString(ShownCertificate.make(own).cert());
    ShownCertificate made = ShownCertificate.make(own);
    assertThat(Files.readString(made.cert())).isNotEqualTo(before);
    assertThat(made.both())
        .hasContent(Files.readString(made.cert()) + Files.readString(made.key()));
    for (Path secret : new Path[] {made.key(), made.both()}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
    }
    assertThat(Knock.at(listening(tls("TLSv1.3", made), 200), trust())).isEmpty();
    assertThat(own).isDirectoryNotContaining(file -> file.toString().endsWith(".p12"));
  }
}
