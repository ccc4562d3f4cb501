package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.config.GovernorConfig.Role;
import io.trafficgovernor.config.GovernorConfig.Token;
import io.trafficgovernor.operator.door.Guard;
import io.trafficgovernor.operator.door.JsonAnswer;
import io.trafficgovernor.operator.door.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The routes that change something: who may, what of the request a command is made of, and its
 * answer. None passes over a query parameter that it does not know: a command must not be read as
 * another one. Used on the operator's event loop only.
 */
final class CommandRoutes {
  private final Guard guard;
  private final CommandService commands;
  private final LocalFreeze freeze;
  private final OverrideService overrides;

  CommandRoutes(
      Guard guard, CommandService commands, LocalFreeze freeze, OverrideService overrides) {
    this.guard = requireNonNull(guard, "guard");
    this.commands = requireNonNull(commands, "commands");
    this.freeze = requireNonNull(freeze, "freeze");
    this.overrides = requireNonNull(overrides, "overrides");
  }

  /**
   * Adds them.
   *
   * @param body reads a request's body, up to a bound
   */
  void add(Router routes, Handler<RoutingContext> body) {
    routes.post("/v1/ramp/:verb").handler(body).handler(this::ramp);
    routes.put("/v1/local/freeze").handler(body).handler(steering(freeze::put));
    routes.delete("/v1/local/freeze").handler(body).handler(steering(freeze::delete));
    String override = "/v1/classes/:name/override";
    routes.put(override).handler(body).handler(ordering(overrides::put));
    routes.delete(override).handler(body).handler(ordering(overrides::delete));
  }

  /** Something that an operator may do to this node. */
  private interface Steering {
    Future<CommandService.Answer> run(Token who, @Nullable String body);
  }

  private Handler<RoutingContext> steering(Steering then) {
    return operator((context, who) -> then.run(who, context.body().asString()));
  }

  /** Something that an operator may order for a class. */
  private interface ForClass {
    Future<CommandService.Answer> run(
        String name, Token who, @Nullable String ifMatch, @Nullable String body);
  }

  private Handler<RoutingContext> ordering(ForClass then) {
    return operator(
        (context, who) ->
            then.run(
                context.pathParam("name"),
                who,
                context.request().getHeader("If-Match"),
                context.body().asString()));
  }

  /** What an operator may ask for in a request without parameters. */
  private interface Request {
    Future<CommandService.Answer> run(RoutingContext context, Token who);
  }

  private Handler<RoutingContext> operator(Request then) {
    return asked ->
        guard.permitted(
            asked,
            Role.OPERATOR,
            who ->
                Steered.notNamed(context -> answered(context, then.run(context, who)))
                    .handle(asked));
  }

  private void ramp(RoutingContext context) {
    String word = context.pathParam("verb");
    Optional<Verb> verb = Verb.of(word);
    if (verb.isEmpty()) {
      List<String> words = Arrays.stream(Verb.values()).map(Verb::word).toList();
      new Problem(
              404, "no such verb", "verb: got " + word + ", allowed " + String.join(", ", words))
          .answer(context.response());
      return;
    }
    guard.permitted(
        context,
        verb.get() == Verb.PIN ? Role.ADMIN : Role.OPERATOR,
        who ->
            answered(
                context,
                commands.carryOut(
                    verb.get(),
                    who,
                    context.queryParams(),
                    context.request().getHeader("If-Match"),
                    context.body().asString())));
  }

  private static void answered(RoutingContext context, Future<CommandService.Answer> future) {
    var unused =
        future
            .onSuccess(
                answer -> {
                  if (answer instanceof CommandService.Answer.Done done) {
                    new JsonAnswer(done.epoch(), done.body()).answer(context.response());
                  } else if (answer instanceof CommandService.Answer.Not not) {
                    not.problem().answer(context.response());
                  }
                })
            .onFailure(context::fail);
  }
}
