package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.GovernorConfig.Role;
import io.trafficgovernor.config.GovernorConfig.Token;
import io.trafficgovernor.observe.LatencyView;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operator API.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /v1/status</td><td>one snapshot; ETag is the epoch</td><td>viewer</td></tr>
 *   <tr><td>POST /v1/ramp/{verb}</td><td>a command</td><td>operator; pin: admin</td></tr>
 *   <tr><td>GET /v1/audit</td><td>the last commands</td><td>viewer</td></tr>
 *   <tr><td>GET /metrics</td><td>Prometheus text</td><td>viewer</td></tr>
 *   <tr><td>GET /health/live, /health/ready</td><td>200 or 503</td><td>anybody</td></tr>
 * </table>
 */
public final class OperatorVerticle extends VerticleBase {
  private static final int MAX_BODY_BYTES = 16 * 1024;
  private static final int AUDIT_LINES = 200;

  private final GovernorConfig config;
  private final Tokens tokens;
  private final Parts parts;
  private final StatusView view;
  private @Nullable HttpServer server;

  /** What the API reads from and writes to. */
  public record Parts(
      AdmissionController admission,
      LedgerGrid grid,
      AuditTrail audit,
      Ticker ticker,
      LatencyView latencies,
      Supplier<String> scrape,
      Supplier<Readiness> readiness) {}

  /** Whether this node should get traffic. */
  public enum Readiness {
    STARTING,
    READY,
    DRAINING
  }

  /** A door for that node; it listens once it is deployed. */
  public OperatorVerticle(GovernorConfig config, Parts parts) {
    this.config = requireNonNull(config, "config");
    this.parts = requireNonNull(parts, "parts");
    this.tokens = new Tokens(config.operator().tokens());
    this.view = new StatusView(config, parts.latencies());
  }

  /** The port it listens on. */
  public int port() {
    return requireNonNull(server, "not listening yet").actualPort();
  }

  @Override
  public Future<?> start() {
    CommandService commands = new CommandService(vertx, parts.grid(), parts.audit());
    Router router = Router.router(vertx);
    router.get("/health/live").handler(context -> context.response().end("live\n"));
    router.get("/health/ready").handler(this::ready);
    router
        .get("/v1/status")
        .handler(context -> permitted(context, Role.VIEWER, who -> status(context)));
    router
        .get("/v1/audit")
        .handler(context -> permitted(context, Role.VIEWER, who -> audit(context)));
    router
        .get("/metrics")
        .handler(context -> permitted(context, Role.VIEWER, who -> metrics(context)));
    router
        .post("/v1/ramp/:verb")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(context -> ramp(context, commands));
    router.errorHandler(404, OperatorVerticle::unknownPath);
    router.errorHandler(405, OperatorVerticle::unknownPath);
    server = vertx.createHttpServer(new HttpServerOptions()).requestHandler(router);
    return server.listen(config.operator().port(), config.operator().host());
  }

  private static void unknownPath(RoutingContext context) {
    new Problem(
            context.statusCode(),
            "no such route",
            context.request().method()
                + " "
                + context.request().path()
                + ": allowed are GET /v1/status, /v1/audit, /metrics, /health/live,"
                + " /health/ready and POST /v1/ramp/{verb}")
        .answer(context.response());
  }

  private void ready(RoutingContext context) {
    Readiness readiness = parts.readiness().get();
    context
        .response()
        .setStatusCode(readiness == Readiness.READY ? 200 : 503)
        .end(readiness.name().toLowerCase(java.util.Locale.ROOT) + "\n");
  }

  private interface Allowed {
    void run(Token who);
  }

  private void permitted(RoutingContext context, Role needed, Allowed then) {
    Optional<Token> who = tokens.holder(context.request().getHeader("Authorization"));
    if (who.isEmpty()) {
      new Problem(
              401,
              "who are you?",
              "Authorization: got no known token, allowed Bearer and a token of the configuration")
          .answer(context.response());
    } else if (who.get().role().compareTo(needed) < 0) {
      new Problem(
              403,
              "not your role",
              "role of "
                  + who.get().name()
                  + ": got "
                  + who.get().role()
                  + ", allowed "
                  + needed
                  + " or more")
          .answer(context.response());
    } else {
      then.run(who.get());
    }
  }

  /** The grid may be away: then the status shows what this node knows, and says so. */
  private void status(RoutingContext context) {
    Future<Optional<LedgerState>> ledger =
        Future.fromCompletionStage(parts.grid().view(), vertx.getOrCreateContext())
            .otherwise(Optional.empty());
    var unused =
        ledger.onSuccess(
            state -> {
              long now = parts.ticker().nanos();
              NodeSnapshot node = parts.admission().snapshot(now);
              JsonObject body = view.render(node, state, now);
              json(context, "\"" + body.getLong("epoch") + "\"", body.encodePrettily());
            });
  }

  private void audit(RoutingContext context) {
    List<JsonObject> lines = parts.audit().last(AUDIT_LINES);
    json(context, null, new JsonObject().put("audit", new JsonArray(lines)).encodePrettily());
  }

  private void metrics(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(parts.scrape().get());
  }

  private void ramp(RoutingContext context, CommandService commands) {
    String word = context.pathParam("verb");
    Optional<Verb> verb = Verb.of(word);
    if (verb.isEmpty()) {
      List<String> words = java.util.Arrays.stream(Verb.values()).map(Verb::word).toList();
      new Problem(
              404, "no such verb", "verb: got " + word + ", allowed " + String.join(", ", words))
          .answer(context.response());
      return;
    }
    Role needed = verb.get() == Verb.PIN ? Role.ADMIN : Role.OPERATOR;
    permitted(context, needed, who -> ramp(context, commands, verb.get(), who));
  }

  private static void ramp(RoutingContext context, CommandService commands, Verb verb, Token who) {
    var unused =
        commands
            .carryOut(verb, who, context.request().getHeader("If-Match"), context.body().asString())
            .onSuccess(
                answer -> {
                  if (answer instanceof CommandService.Answer.Done done) {
                    json(context, "\"" + done.epoch() + "\"", done.body().encodePrettily());
                  } else if (answer instanceof CommandService.Answer.Not not) {
                    not.problem().answer(context.response());
                  }
                })
            .onFailure(context::fail);
  }

  private static void json(RoutingContext context, @Nullable String etag, String body) {
    if (etag != null) {
      context.response().putHeader("ETag", etag);
    }
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body + "\n");
  }
}
