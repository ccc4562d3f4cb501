package io.trafficgovernor.gateway;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.gateway.origin.Origins;
import io.trafficgovernor.observe.Meters;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The door for clients. One instance for each event loop, all of one deployment: they share the
 * port, and each has its own connections to the backend.
 */
public final class GatewayVerticle extends VerticleBase {
  /** Any free port, the same for all instances of a deployment. */
  private static final int ANY_SHARED_PORT = -1;

  private final GovernorConfig config;
  private final Parts parts;
  private @Nullable HttpServer server;
  private @Nullable Origins origins;

  /** What the data path decides by, and what it tells. */
  public record Parts(AdmissionController admission, Ticker ticker, Meters meters) {
    public Parts {
      requireNonNull(admission, "admission");
      requireNonNull(ticker, "ticker");
      requireNonNull(meters, "meters");
    }
  }

  /** A door for that node; it listens once it is deployed. */
  public GatewayVerticle(GovernorConfig config, Parts parts) {
    this.config = requireNonNull(config, "config");
    this.parts = requireNonNull(parts, "parts");
  }

  /** The port it listens on. */
  public int port() {
    return requireNonNull(server, "not listening yet").actualPort();
  }

  @Override
  public Future<?> start() {
    Origins ways = new Origins(vertx, parts.ticker(), config.backend());
    origins = ways;
    Loop loop =
        new Loop(
            vertx,
            context,
            parts.ticker(),
            parts.admission(),
            parts.meters(),
            ways,
            new Classifier(config.classes()),
            new SessionHash(config.sessionKey()),
            new ForwardedHeaders(config.listen().trustedProxies(), config.node().name()),
            new ShedResponse(config.classes().stream().map(ClassConfig::name).toList()),
            config.classTable(),
            config.backend().sentStamp());
    server = vertx.createHttpServer(serverConfig()).requestHandler(r -> Exchange.begin(loop, r));
    int port = config.listen().port() == 0 ? ANY_SHARED_PORT : config.listen().port();
    return server.listen(port, config.listen().host());
  }

  private HttpServerConfig serverConfig() {
    return new HttpServerConfig()
        .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
        .setIdleTimeout(config.listen().idleTimeout());
  }

  /** Refuses what comes from now on, lets what is under way finish, then closes. */
  @Override
  public Future<?> stop() {
    parts.admission().drain(parts.ticker().nanos());
    Future<?> closed =
        server == null ? Future.succeededFuture() : server.shutdown(config.listen().drainTimeout());
    return closed.onComplete(
        ignored -> {
          if (origins != null) {
            origins.close();
          }
        });
  }
}
