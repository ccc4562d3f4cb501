package io.trafficgovernor.gateway.origin;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.config.GovernorConfig.Backend;
import io.trafficgovernor.config.Origin;
import io.trafficgovernor.tls.Certificates;
import io.trafficgovernor.tls.Pem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to origins: plain or in TLS, HTTP/1.1 or HTTP/2, with what the node shows of
 * itself now. Confined to its event loop.
 */
public final class Dialer {
  private final HttpClientAgent client;
  private final Backend backend;
  private final long timeoutMillis;
  private final Optional<Certificates> certificates;
  private @Nullable Pem shown;
  private ClientSSLOptions options = new ClientSSLOptions();

  /**
   * For the origins of that backend.
   *
   * @param certificates for origins with TLS
   * @param timeout for a connection to stand; the handshake of TLS has it once more
   */
  public Dialer(
      Vertx vertx, Backend backend, Optional<Certificates> certificates, Duration timeout) {
    this.backend = requireNonNull(backend, "backend");
    this.certificates = requireNonNull(certificates, "certificates");
    this.timeoutMillis = Math.max(1, timeout.toMillis());
    HttpClientConfig config =
        new HttpClientConfig()
            .setVersions(version())
            .setConnectTimeout(Duration.ofMillis(timeoutMillis))
            .setIdleTimeout(backend.idleTimeout())
            .setDecompressionEnabled(false);
    if (backend.wire().http2()) {
      config.setHttp2Config(new Http2ClientConfig().setClearTextUpgrade(false));
    }
    this.client = vertx.httpClientBuilder().with(config).build();
  }

  private HttpVersion version() {
    return backend.wire().http2() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
  }

  /** A new connection; fails if there is none in time. */
  public Future<HttpClientConnection> dial(Origin origin) {
    HttpConnectOptions connect =
        new HttpConnectOptions()
            .setHost(origin.host())
            .setPort(origin.port())
            .setConnectTimeout(timeoutMillis);
    if (origin.tls() && certificates.isPresent()) {
      connect
          .setServer(SocketAddress.inetSocketAddress(origin.port(), origin.host()))
          .setHost(backend.wire().serverName().orElse(origin.host()))
          .setSsl(true)
          .setSslOptions(options(certificates.get().current()));
    }
    return client.connect(connect);
  }

  private ClientSSLOptions options(Pem current) {
    if (!current.equals(shown)) {
      shown = current;
      options =
          current
              .client(backend.wire().http2())
              .setSslHandshakeTimeout(timeoutMillis)
              .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }
    return options;
  }

  /** Ends what it has made. */
  public void close() {
    var unused = client.close();
  }
}
