package io.trafficgovernor.tls;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server whose certificates follow their files, or a plain one. Confined to the event loop that
 * makes it.
 */
public final class TlsDoor {
  private final Vertx vertx;
  private final Optional<Certificates> certificates;
  private final Duration handshake;

  /**
   * For servers with those certificates.
   *
   * @param certificates empty for a plain one
   * @param handshake how long a client may take to come to terms
   */
  public TlsDoor(Vertx vertx, Optional<Certificates> certificates, Duration handshake) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.certificates = requireNonNull(certificates, "certificates");
    this.handshake = requireNonNull(handshake, "handshake");
  }

  /** A server that does not listen yet. */
  public HttpServer server(HttpServerConfig config) {
    boolean http2 = config.getVersions().contains(HttpVersion.HTTP_2);
    return certificates
        .map(keys -> secure(config, options(keys.current(), http2)))
        .orElseGet(() -> vertx.createHttpServer(config))
        // a client that cannot come to terms says nothing about this node
        .exceptionHandler(failure -> {});
  }

  /**
   * A handshake's arithmetic takes half a millisecond or more: on the event loop a crowd that comes
   * back would hold up every request that is under way, and the answers of the store.
   */
  private HttpServer secure(HttpServerConfig config, ServerSSLOptions options) {
    return vertx
        .httpServerBuilder()
        .with(config)
        .with(options)
        .with(new JdkSSLEngineOptions().setUseWorkerThread(true))
        .build();
  }

  /** Whoever connects to that server from now on sees the certificates of that time. */
  public void follow(HttpServer listening, boolean http2) {
    Context context = vertx.getOrCreateContext();
    certificates.ifPresent(
        keys ->
            keys.onChange(
                pem ->
                    context.runOnContext(
                        ignored -> {
                          var unused = listening.updateSSLOptions(options(pem, http2));
                        })));
  }

  private ServerSSLOptions options(Pem pem, boolean http2) {
    return pem.server(http2)
        .setSslHandshakeTimeout(handshake.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
  }
}
