package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.answers.OrderBook;
import io.trafficgovernor.answers.Orders;
import io.trafficgovernor.audit.AuditTrail;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.GovernorConfig.Role;
import io.trafficgovernor.config.RampWish;
import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.observe.LeaseTrouble;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.operator.door.Guard;
import io.trafficgovernor.operator.door.JsonAnswer;
import io.trafficgovernor.operator.door.Problem;
import io.trafficgovernor.operator.forecast.Moment;
import io.trafficgovernor.operator.forecast.Prospect;
import io.trafficgovernor.tls.Certificates;
import io.trafficgovernor.tls.TlsDoor;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operator API.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /v1/status</td><td>one snapshot; ETag is the epoch</td><td>viewer</td></tr>
 *   <tr><td>POST /v1/ramp/plan</td><td>a dry run; changes nothing</td><td>viewer</td></tr>
 *   <tr><td>POST /v1/ramp/{verb}</td><td>a command</td><td>operator; pin: admin</td></tr>
 *   <tr><td>PUT, DELETE /v1/classes/{name}/override</td><td>an order for a class</td><td>operator
 *   </td></tr>
 *   <tr><td>PUT, DELETE /v1/local/freeze</td><td>bounds this node alone</td><td>operator</td></tr>
 *   <tr><td>GET /v1/audit</td><td>the last commands</td><td>viewer</td></tr>
 *   <tr><td>GET /v1/events</td><td>what happens, as it happens</td><td>viewer</td></tr>
 *   <tr><td>GET /metrics</td><td>Prometheus text</td><td>viewer</td></tr>
 *   <tr><td>GET /v1/openapi.yaml</td><td>this table for programs</td><td>anybody</td></tr>
 *   <tr><td>GET /, /dashboard.js, /dashboard.css</td><td>the dashboard</td><td>anybody</td></tr>
 *   <tr><td>GET /health/live, /health/ready</td><td>200 or 503</td><td>anybody</td></tr>
 * </table>
 */
public final class OperatorVerticle extends VerticleBase {
  private static final int MAX_BODY_BYTES = 16 * 1024;
  private static final int AUDIT_LINES = 200;

  /** A status that waits for a grid that is away is no status. */
  private static final long VIEW_MILLIS = 400;

  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final GovernorConfig config;
  private final Guard guard;
  private final Parts parts;
  private final StatusView view;
  private final Prospect prospect;
  private final Optional<Certificates> certificates;
  private @Nullable HttpServer server;
  private @Nullable Router router;

  /**
   * What the API reads from and writes to.
   *
   * @param exclusion why the ledger refuses this node as it is; empty if it does not
   * @param trouble why this node has no lease; empty if it has one
   * @param listenPort the port clients come in by; 0 while there is none
   */
  public record Parts(
      AdmissionController admission,
      Steered steered,
      AuditTrail audit,
      EventLog events,
      Ticker ticker,
      Meters meters,
      Supplier<Readiness> readiness,
      Supplier<Optional<String>> exclusion,
      Supplier<Optional<LeaseTrouble.Present>> trouble,
      IntSupplier listenPort,
      Ordering ordering,
      Supplier<JsonObject> journal,
      Supplier<@Nullable JsonObject> quota,
      Supplier<JsonObject> stores,
      Supplier<JsonArray> oneTime) {}

  /**
   * Orders for classes.
   *
   * @param orders that hold
   * @param book where they are put
   * @param wall the clock by which they end
   */
  public record Ordering(Orders orders, OrderBook book, WallClock wall) {}

  /** Whether this node should get traffic. */
  public enum Readiness {
    STARTING,
    READY,
    /** The ledger gives this node no lease, and will not as things are. */
    REFUSED,
    DRAINING
  }

  /** A plain door for that node; it listens once it is deployed. */
  public OperatorVerticle(GovernorConfig config, Parts parts) {
    this(config, parts, Optional.empty());
  }

  /** A door for that node, in TLS if there are certificates; it listens once it is deployed. */
  public OperatorVerticle(GovernorConfig config, Parts parts, Optional<Certificates> certificates) {
    this.certificates = requireNonNull(certificates, "certificates");
    this.config = requireNonNull(config, "config");
    this.parts = requireNonNull(parts, "parts");
    this.guard = new Guard(config.operator());
    this.view = new StatusView(config, parts.meters(), parts.ordering().orders());
    this.prospect = new Prospect(config);
  }

  /** The port it listens on. */
  public int port() {
    return requireNonNull(server, "not listening yet").actualPort();
  }

  @Override
  public Future<?> start() {
    CommandService commands = new CommandService(vertx, parts.steered(), parts.audit());
    LocalFreeze freeze = new LocalFreeze(parts.admission(), parts.ticker(), commands);
    OverrideService overrides =
        new OverrideService(
            vertx, config.classes(), parts.steered().grid(), parts.ordering(), commands);
    CommandRoutes changes = new CommandRoutes(guard, commands, freeze, overrides);
    EventStream events = new EventStream(vertx, parts.events());
    BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
    Router routes = Router.router(vertx);
    routes.get("/health/live").handler(context -> context.response().end("live\n"));
    routes.get("/health/ready").handler(this::ready);
    routes.route().handler(guard::check);
    routes.get("/v1/status").handler(viewing(context -> status(context, freeze)));
    routes.get("/v1/audit").handler(viewing(this::audit));
    routes.get("/v1/events").handler(viewing(events::open));
    routes.get("/metrics").handler(viewing(this::metrics));
    routes.post("/v1/ramp/plan").handler(body).handler(viewing(Steered.notNamed(this::plan)));
    changes.add(routes, body);
    routes.get("/v1/openapi.yaml").handler(Page.of("openapi.yaml", "application/yaml")::serve);
    routes.get("/").handler(Page.of("dashboard.html", "text/html; charset=utf-8")::serve);
    routes.get("/dashboard.js").handler(Page.of("dashboard.js", "text/javascript")::serve);
    routes.get("/dashboard.css").handler(Page.of("dashboard.css", "text/css")::serve);
    routes.errorHandler(404, OperatorVerticle::unknownPath);
    routes.errorHandler(405, OperatorVerticle::unknownPath);
    router = routes;
    return listen(routes);
  }

  private Future<HttpServer> listen(Router routes) {
    TlsDoor door = new TlsDoor(vertx, certificates, HANDSHAKE);
    HttpServer listening =
        door.server(
                // 1.1 only: with HTTP/2 about, a connection that says nothing is not told of
                new HttpServerConfig()
                    .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
                    .setIdleTimeout(IDLE))
            .connectionHandler(guard::opened)
            .requestHandler(
                request -> {
                  guard.used(request.connection());
                  routes.handle(request);
                });
    server = listening;
    return listening
        .listen(config.operator().port(), config.operator().host())
        .onSuccess(open -> door.follow(open, false));
  }

  /** Method and path of each route, as in {@code GET /v1/status}. */
  List<String> routes() {
    return requireNonNull(router, "not listening yet").getRoutes().stream()
        .filter(route -> route.getPath() != null && route.methods() != null)
        .flatMap(route -> route.methods().stream().map(m -> m + " " + route.getPath()))
        .toList();
  }

  private Handler<RoutingContext> viewing(Handler<RoutingContext> then) {
    return context -> guard.permitted(context, Role.VIEWER, who -> then.handle(context));
  }

  private static void unknownPath(RoutingContext context) {
    new Problem(
            context.statusCode(),
            "no such route",
            context.request().method()
                + " "
                + context.request().path()
                + ": GET /v1/openapi.yaml tells what there is: /v1/status, /v1/audit, /v1/events,"
                + " /metrics, /health/live, /health/ready, /v1/local/freeze, POST /v1/ramp/plan"
                + " and POST /v1/ramp/{verb}")
        .answer(context.response());
  }

  private void ready(RoutingContext context) {
    Readiness readiness = parts.readiness().get();
    context
        .response()
        .setStatusCode(readiness == Readiness.READY ? 200 : 503)
        .end(readiness.name().toLowerCase(Locale.ROOT) + "\n");
  }

  /** The entry; empty if the grid is away: then what this node knows is shown, and that it is. */
  private Future<Optional<LedgerState>> ledger() {
    return Future.fromCompletionStage(parts.steered().grid().view(), vertx.getOrCreateContext())
        .timeout(VIEW_MILLIS, TimeUnit.MILLISECONDS)
        .otherwise(Optional.empty());
  }

  private void status(RoutingContext context, LocalFreeze freeze) {
    var unused =
        ledger()
            .onSuccess(
                state -> {
                  long now = parts.ticker().nanos();
                  NodeSnapshot node = parts.admission().snapshot(now);
                  JsonObject body =
                      view.render(node, state, now)
                          .put("frozen", freeze.shown())
                          .put("journal", parts.journal().get())
                          .put("quota", parts.quota().get())
                          .put("stores", parts.stores().get())
                          .put("one_time", parts.oneTime().get())
                          .put("excluded", parts.exclusion().get().orElse(""))
                          .put("no_lease", LeaseTrouble.shown(parts.trouble().get(), now))
                          .put("readiness", parts.readiness().get().name().toLowerCase(Locale.ROOT))
                          .put("listen_port", parts.listenPort().getAsInt())
                          .put("operator_port", port());
                  new JsonAnswer(OptionalLong.of(body.getLong("epoch")), body)
                      .answer(context.response());
                });
  }

  /** A dry run. */
  private void plan(RoutingContext context) {
    String body = Objects.requireNonNullElse(context.body().asString(), "");
    List<String> names = config.classes().stream().map(ClassConfig::name).toList();
    RampWish.Result result = RampWish.read(body, names);
    if (result instanceof RampWish.Faulty faulty) {
      Problem.of(faulty.faults()).answer(context.response());
      return;
    }
    RampWish wish = ((RampWish.Understood) result).wish();
    var unused =
        ledger()
            .onSuccess(
                state -> {
                  NodeSnapshot node = parts.admission().snapshot(parts.ticker().nanos());
                  JsonObject shown = prospect.dryRun(Moment.of(node, state), wish);
                  JsonAnswer.of(shown).answer(context.response());
                });
  }

  private void audit(RoutingContext context) {
    List<JsonObject> lines = parts.audit().last(AUDIT_LINES);
    JsonAnswer.of(new JsonObject().put("audit", new JsonArray(lines))).answer(context.response());
  }

  private void metrics(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(parts.meters().scrape());
  }
}
