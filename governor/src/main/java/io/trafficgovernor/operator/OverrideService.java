package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.Order;
import io.trafficgovernor.answers.OrderBook;
import io.trafficgovernor.answers.Orders;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig.Token;
import io.trafficgovernor.operator.CommandService.Answer;
import io.trafficgovernor.operator.Reasons.Malformed;
import io.trafficgovernor.operator.door.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Orders for one class, on every node, for a while: {@code PUT} and {@code DELETE
 * /v1/classes/{name}/override}. The epoch is compared first; then the grid puts the order in the
 * place of the one that this node followed, in one step, and of no other: of two operators who saw
 * the same, one is told 412. Used on the operator's event loop only.
 */
final class OverrideService {
  private static final Pattern TTL = Pattern.compile("(\\d{1,6})(s|m|h)");
  private static final Pattern EPOCH = Pattern.compile("\"(\\d{1,18})\"");
  private static final Duration MOST = Duration.ofHours(24);
  private static final String ALLOWED_TTL = "1s to 24h: 90s, 10m, 2h";

  private final Vertx vertx;
  private final List<ClassConfig> classes;
  private final LedgerGrid grid;
  private final OrderBook book;
  private final Orders orders;
  private final CommandService commands;
  private final WallClock wall;

  OverrideService(
      Vertx vertx,
      List<ClassConfig> classes,
      LedgerGrid grid,
      OperatorVerticle.Ordering ordering,
      CommandService commands) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.classes = List.copyOf(classes);
    this.grid = requireNonNull(grid, "grid");
    this.book = ordering.book();
    this.orders = ordering.orders();
    this.wall = ordering.wall();
    this.commands = requireNonNull(commands, "commands");
  }

  /** Gives an order. */
  Future<Answer> put(String name, Token actor, @Nullable String ifMatch, @Nullable String text) {
    ClassConfig of;
    Order order;
    OptionalLong epoch;
    try {
      of = named(name);
      JsonObject body = Reasons.read(text, "action", "ttl");
      Order.Action action = action(of, body.getValue("action"));
      long until = wall.millis() + ttl(body.getValue("ttl")).toMillis();
      order = new Order(action, until, actor.name(), body.getString("reason"));
      epoch = epoch(ifMatch, action == Order.Action.SHED);
    } catch (Malformed e) {
      return Future.succeededFuture(new Answer.Not(e.problem()));
    }
    Optional<Order> before = Optional.ofNullable(orders.all().get(name));
    JsonObject entry = entry("override", name, actor, order.reason());
    return carriedOut(
        epoch,
        () -> Future.fromCompletionStage(book.put(name, before, order), vertx.getOrCreateContext()),
        entry.put("before", shown(before)).put("after", shown(order)));
  }

  /** Takes the order back. */
  Future<Answer> delete(String name, Token actor, @Nullable String ifMatch, @Nullable String text) {
    OptionalLong epoch;
    String reason;
    try {
      named(name);
      reason = Reasons.read(text).getString("reason");
      epoch = epoch(ifMatch, false);
    } catch (Malformed e) {
      return Future.succeededFuture(new Answer.Not(e.problem()));
    }
    Optional<Order> before = Optional.ofNullable(orders.all().get(name));
    return carriedOut(
        epoch,
        () ->
            before
                .map(
                    each ->
                        Future.fromCompletionStage(
                            book.remove(name, each), vertx.getOrCreateContext()))
                .orElse(Future.succeededFuture(true)),
        entry("override-end", name, actor, reason).put("before", shown(before)).putNull("after"));
  }

  /** Changes the book; false if another order stood there than was seen. */
  private interface Step {
    Future<Boolean> take();
  }

  private Future<Answer> carriedOut(OptionalLong epoch, Step step, JsonObject entry) {
    return checked(epoch)
        .compose(
            problem ->
                problem == null
                    ? step.take()
                        .map(done -> done ? null : overtaken(entry))
                        .otherwise(OverrideService::unknown)
                    : Future.succeededFuture(problem))
        .compose(
            problem -> {
              entry.put("outcome", problem == null ? "done" : problem.title());
              Answer answer =
                  problem == null
                      ? new Answer.Done(
                          epoch,
                          new JsonObject()
                              .put("verb", entry.getString("verb"))
                              .put("class", entry.getString("class"))
                              .put("before", entry.getValue("before"))
                              .put("after", entry.getValue("after")))
                      : new Answer.Not(problem);
              return commands
                  .written(entry)
                  .map(answer)
                  .otherwise(failure -> CommandService.unwritten(entry, failure));
            });
  }

  /** What is wrong with the epoch now; null if nothing. */
  private Future<@Nullable Problem> checked(OptionalLong epoch) {
    if (epoch.isEmpty()) {
      return Future.succeededFuture(null);
    }
    return Future.fromCompletionStage(grid.view(), vertx.getOrCreateContext())
        .map(
            state -> {
              long now = state.map(s -> s.view(List.of(), List.of()).epoch()).orElse(0L);
              return now == epoch.getAsLong()
                  ? null
                  : new Problem(
                      412,
                      "the state has changed",
                      "If-Match: got \"" + epoch.getAsLong() + "\", the epoch is " + now,
                      new JsonObject().put("epoch", now));
            })
        .otherwise(OverrideService::unknown);
  }

  private static Problem overtaken(JsonObject entry) {
    return new Problem(
        412,
        "another order came first",
        "class: got "
            + entry.getString("class")
            + ", whose order is not the one this node has shown; read /v1/status again",
        new JsonObject().put("before", entry.getValue("before")));
  }

  private static Problem unknown(Throwable failure) {
    return new Problem(
        503,
        "the grid did not answer",
        "the order may or may not hold; read /v1/status before you repeat it ("
            + failure.getMessage()
            + ")");
  }

  private ClassConfig named(String name) {
    return classes.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Malformed(
                    new Problem(
                        404,
                        "no such class",
                        "class: got "
                            + name
                            + ", allowed "
                            + String.join(
                                ", ", classes.stream().map(ClassConfig::name).toList()))));
  }

  private static Order.Action action(ClassConfig of, @Nullable Object given) {
    Order.Action action = given instanceof String word ? Order.Action.of(word).orElse(null) : null;
    boolean has =
        action != null
            && switch (action) {
              case SHED, ADMIT -> true;
              case STALE -> of.instead().maxStale().isPresent();
              case FAIL_OPEN -> of.instead().openAnswer().isPresent();
            };
    if (action != null && has) {
      return action;
    }
    List<String> words = Arrays.stream(Order.Action.values()).map(Order.Action::word).toList();
    throw new Malformed(
        new Problem(
            action == null ? 400 : 409,
            action == null ? "no action" : "not configured",
            "action: got "
                + given
                + ", allowed "
                + String.join(", ", words)
                + "; stale needs max-stale, fail-open needs open-answer in the class"));
  }

  private static Duration ttl(@Nullable Object given) {
    Matcher matcher = TTL.matcher(given instanceof String text ? text : "");
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration ttl =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
          };
      if (!ttl.isZero() && ttl.compareTo(MOST) <= 0) {
        return ttl;
      }
    }
    throw new Malformed(
        new Problem(400, "no ttl", "ttl: got " + given + ", allowed " + ALLOWED_TTL));
  }

  private static OptionalLong epoch(@Nullable String ifMatch, boolean stops) {
    String allowed = stops ? "\"<epoch>\" or *" : "\"<epoch>\", the ETag of /v1/status";
    if (ifMatch == null) {
      throw new Malformed(
          new Problem(428, "If-Match is required", "If-Match: got nothing, allowed " + allowed));
    }
    if (stops && ifMatch.strip().equals("*")) {
      return OptionalLong.empty();
    }
    Matcher matcher = EPOCH.matcher(ifMatch.strip());
    if (!matcher.matches()) {
      throw new Malformed(
          new Problem(
              400, "If-Match is malformed", "If-Match: got " + ifMatch + ", allowed " + allowed));
    }
    return OptionalLong.of(Long.parseLong(matcher.group(1)));
  }

  private static JsonObject entry(String verb, String name, Token actor, String reason) {
    return new JsonObject()
        .put("actor", actor.name())
        .put("verb", verb)
        .put("class", name)
        .put("reason", reason);
  }

  private @Nullable JsonObject shown(Optional<Order> before) {
    return before.filter(orders::holds).map(OverrideService::shown).orElse(null);
  }

  /** An order in the words of the status. */
  static JsonObject shown(Order order) {
    return new JsonObject()
        .put("action", order.action().word())
        .put("until", Instant.ofEpochMilli(order.untilMillis()).toString())
        .put("actor", order.actor())
        .put("reason", order.reason());
  }
}
