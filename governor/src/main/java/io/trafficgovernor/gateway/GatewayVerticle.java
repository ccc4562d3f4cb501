package io.trafficgovernor.gateway;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.herd.ReturnTickets;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.gateway.comeback.Attempts;
import io.trafficgovernor.gateway.comeback.NodeHerd;
import io.trafficgovernor.gateway.comeback.Refusals;
import io.trafficgovernor.gateway.fallback.Diversion;
import io.trafficgovernor.gateway.fallback.Store;
import io.trafficgovernor.gateway.fallback.Stores;
import io.trafficgovernor.gateway.head.ClassClaims;
import io.trafficgovernor.gateway.head.ForwardedHeaders;
import io.trafficgovernor.gateway.head.RequestTarget;
import io.trafficgovernor.gateway.head.SessionHash;
import io.trafficgovernor.gateway.head.TenantDoor;
import io.trafficgovernor.gateway.instead.Answers;
import io.trafficgovernor.gateway.instead.Standbys;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import io.trafficgovernor.gateway.origin.Origins;
import io.trafficgovernor.gateway.upload.Uploads;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.observe.TurnedAway;
import io.trafficgovernor.runtime.Alarms;
import io.trafficgovernor.tls.Certificates;
import io.trafficgovernor.tls.Keyring;
import io.trafficgovernor.tls.TlsDoor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The door for clients. One instance for each event loop, all of one deployment: they share the
 * port, and each has its own connections to the backend.
 */
public final class GatewayVerticle extends VerticleBase {
  /** Any free port, the same for all instances of a deployment. */
  private static final int ANY_SHARED_PORT = -1;

  /** Requests of one connection in HTTP/2 at a time. */
  private static final int MAX_STREAMS = 100;

  /** As in HTTP/1.1. */
  private static final int MAX_HEAD_BYTES = 8 * 1024;

  /** Sockets pass through unread: nobody here needs to look for their extensions in each head. */
  private static final WebSocketServerConfig UNREAD =
      new WebSocketServerConfig()
          .setUsePerMessageCompression(false)
          .setUsePerFrameCompression(false);

  private final GovernorConfig config;
  private final Parts parts;
  private @Nullable HttpServer server;
  private volatile @Nullable Loop loop;

  /** What the data path decides by, and what it tells. */
  public record Parts(
      AdmissionController admission,
      Ticker ticker,
      WallClock wall,
      Meters meters,
      Keyring keyring,
      Answers answers,
      TenantDoor tenants,
      Diversion diversion,
      ConnectRamp connects) {
    public Parts {
      requireNonNull(admission, "admission");
      requireNonNull(ticker, "ticker");
      requireNonNull(wall, "wall");
      requireNonNull(meters, "meters");
      requireNonNull(keyring, "keyring");
      requireNonNull(answers, "answers");
      requireNonNull(tenants, "tenants");
      requireNonNull(diversion, "diversion");
      requireNonNull(connects, "connects");
    }
  }

  /** A door for that node; it listens once it is deployed. */
  public GatewayVerticle(GovernorConfig config, Parts parts) {
    this.config = requireNonNull(config, "config");
    this.parts = requireNonNull(parts, "parts");
  }

  /** The port it listens on; the same for all instances of a deployment. */
  public int port() {
    return requireNonNull(server, "not listening yet").actualPort();
  }

  @Override
  public Future<?> start() {
    Loop mine = loop();
    loop = mine;
    TlsDoor door = new TlsDoor(vertx, parts.keyring().listen(), config.listen().headTimeout());
    HttpServer listening =
        door.server(serverConfig())
            .connectionHandler(mine.clients()::connected)
            .invalidRequestHandler(request -> malformed(mine, request))
            .requestHandler(request -> take(mine, request));
    server = listening;
    int port = config.listen().port() == 0 ? ANY_SHARED_PORT : config.listen().port();
    return listening
        .listen(port, config.listen().host())
        .onSuccess(open -> door.follow(open, config.listen().http2()));
  }

  private HttpServerConfig serverConfig() {
    HttpServerConfig server =
        new HttpServerConfig()
            .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
            .setWebSocketConfig(UNREAD)
            .setIdleTimeout(config.listen().idleTimeout());
    if (config.listen().http2()) {
      Http2Settings settings =
          new Http2Settings()
              .setMaxConcurrentStreams(MAX_STREAMS)
              .setMaxHeaderListSize(MAX_HEAD_BYTES);
      server
          .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)
          .setHttp2Config(new Http2ServerConfig().setInitialSettings(settings));
    }
    return server;
  }

  private Loop loop() {
    NodeHerd herd =
        vertx
            .sharedData()
            .<String, NodeHerd>getLocalMap("gateway-herd")
            .computeIfAbsent(deploymentID(), id -> NodeHerd.empty());
    ReturnTickets tickets = new ReturnTickets(config.retries().ticketSecret());
    Alarms alarms =
        new Alarms(parts.ticker(), (millis, then) -> vertx.setTimer(millis, ignored -> then.run()));
    return new Loop(
        vertx,
        context,
        parts.ticker(),
        alarms,
        parts.admission(),
        parts.meters(),
        clients(),
        new Tunnel.Places(config.backend().wire().http2() ? 0 : config.backend().maxSockets()),
        uploads(),
        stores(),
        new ClassClaims(
            config.classes(), config.inherit(), parts.wall(), parts.meters()::classClaim),
        new SessionHash(config.sessionKey()),
        new ForwardedHeaders(config.listen().trustedProxies(), config.node().name()),
        new ShedResponse(config.classes().stream().map(ClassConfig::name).toList()),
        new Attempts(tickets, herd.seen(), parts.wall()),
        new Refusals(alarms, herd.held(), tickets, parts.wall()),
        new Standbys(vertx, context, config, parts.answers(), parts.meters()),
        parts.tenants(),
        config.classTable(),
        config.listen().transferTimeout().toNanos(),
        config.backend().sentStamp());
  }

  private Stores stores() {
    Store first =
        Store.first(
            config.backend().name(),
            parts.admission(),
            origins(config.backend(), parts.keyring().backend(), parts.connects()));
    return parts
        .diversion()
        .second()
        .map(
            second ->
                new Stores(
                    first,
                    Store.second(
                        second.backend().name(),
                        second.admission(),
                        origins(second.backend(), parts.keyring().fallback(), second.connects())),
                    parts.diversion()))
        .orElseGet(() -> new Stores(first));
  }

  private Origins origins(
      GovernorConfig.Backend backend, Optional<Certificates> certificates, ConnectRamp connects) {
    return new Origins(vertx, parts.ticker(), backend, certificates, connects);
  }

  private Uploads uploads() {
    return vertx
        .sharedData()
        .<String, Uploads>getLocalMap("gateway-uploads")
        .computeIfAbsent(deploymentID(), id -> new Uploads(!config.ramp().shadow()));
  }

  private Clients clients() {
    Clients.Places places =
        vertx
            .sharedData()
            .<String, Clients.Places>getLocalMap("gateway-clients")
            .computeIfAbsent(
                deploymentID(), id -> new Clients.Places(config.listen().maxConnections()));
    return new Clients(
        vertx,
        parts.ticker(),
        places,
        new Clients.Times(
            config.listen().headTimeout().toNanos(), config.listen().idleTimeout().toNanos()),
        parts.meters()::turnedAway);
  }

  private static void take(Loop loop, HttpServerRequest request) {
    long now = loop.ticker().nanos();
    if (!loop.clients().begun(request.connection())) {
      return;
    }
    if (request.version() == HttpVersion.HTTP_2) {
      loop.clients().pushHead(request);
    }
    RequestTarget target;
    try {
      target = RequestTarget.of(request);
    } catch (RequestTarget.BadRequestException bad) {
      refuse(loop, request, bad.status(), String.valueOf(bad.getMessage()));
      return;
    }
    request.response().endHandler(ignored -> loop.clients().ended(request.connection()));
    if (loop.instead().answers(request)) {
      return;
    }
    Exchange.begin(loop, request, target, now);
  }

  /** What the codec could not read. */
  private static void malformed(Loop loop, HttpServerRequest request) {
    if (!loop.clients().begun(request.connection())) {
      return;
    }
    Throwable cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      refuse(loop, request, 414, "the request line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      refuse(loop, request, 431, "the header fields are too long");
    } else {
      refuse(loop, request, 400, "this is no HTTP request");
    }
  }

  private static void refuse(Loop loop, HttpServerRequest request, int status, String detail) {
    loop.meters().turnedAway(TurnedAway.of(status));
    request.handler(chunk -> {});
    boolean alone = request.version() != HttpVersion.HTTP_2;
    request.response().endHandler(ignored -> loop.clients().ended(request.connection()));
    Future<Void> written = ShedResponse.bad(request.response(), status, detail, alone);
    if (alone) {
      loop.clients().closeSoon(request.connection());
    } else {
      written.onSuccess(ignored -> resetRest(request));
    }
  }

  private static void resetRest(HttpServerRequest request) {
    if (!request.isEnded()) {
      var unused = request.response().reset(0);
    }
  }

  /**
   * The node will shut down soon and serves on till then: each answer says that its connection
   * closes, so that clients find another node while this one can still answer. Thread-safe.
   */
  public void leave() {
    Loop mine = loop;
    if (mine != null) {
      mine.context().runOnContext(ignored -> mine.clients().leave());
    }
  }

  /**
   * Refuses what comes from now on, lets what is under way finish within a bound, then closes the
   * door and the ways to the backend.
   */
  @Override
  public Future<?> stop() {
    HttpServer listening = server;
    Loop mine = loop;
    if (listening == null || mine == null) {
      return Future.succeededFuture();
    }
    parts.admission().drain(parts.ticker().nanos());
    parts.diversion().second().ifPresent(each -> each.admission().drain(parts.ticker().nanos()));
    return mine.clients()
        .drain(config.listen().drainTimeout())
        .timeout(config.listen().drainTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .transform(drained -> listening.close())
        .onComplete(
            closed -> {
              mine.clients().close();
              mine.stores().close();
            });
  }
}
