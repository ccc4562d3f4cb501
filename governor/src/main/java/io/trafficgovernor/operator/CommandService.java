package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.audit.AuditTrail;
import io.trafficgovernor.config.GovernorConfig.Token;
import io.trafficgovernor.observe.Figures;
import io.trafficgovernor.operator.Reasons.Malformed;
import io.trafficgovernor.operator.door.Problem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns an operator's request into a command, puts it to the ledger, and writes the audit line
 * before it answers. Runs on the operator's event loop; nothing here blocks it.
 */
final class CommandService {
  private static final Pattern EPOCH = Pattern.compile("\"(\\d{1,18})\"");

  /** Whoever closes must not believe that it is closed. */
  private static final String SHADOW =
      "ramp.shadow is true: the ledger follows the command, but nothing is refused or held back";

  private final Vertx vertx;
  private final Steered steered;
  private final AuditTrail audit;

  CommandService(Vertx vertx, Steered steered, AuditTrail audit) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.steered = requireNonNull(steered, "steered");
    this.audit = requireNonNull(audit, "audit");
  }

  /** The answer to a command: a body with before and after, or a problem. */
  sealed interface Answer {
    /** Done; the epoch after it, where it changed one. */
    record Done(OptionalLong epoch, JsonObject body) implements Answer {}

    record Not(Problem problem) implements Answer {}
  }

  /**
   * Carries out one request.
   *
   * @param query of the request: {@code backend}, or nothing for the first
   * @param ifMatch the If-Match header; null if there was none
   * @param body the request's body as text; may be empty
   */
  Future<Answer> carryOut(
      Verb verb, Token actor, MultiMap query, @Nullable String ifMatch, @Nullable String body) {
    Command command;
    String backend;
    try {
      backend = steered.backend(query);
      command = command(verb, actor.name(), ifMatch, body);
    } catch (Malformed e) {
      return Future.succeededFuture(new Answer.Not(e.problem()));
    }
    return Future.fromCompletionStage(
            steered.ledger(backend).command(command), vertx.getOrCreateContext())
        .map(reply -> answer(backend, command, reply))
        .otherwise(failure -> new Answer.Not(unknown(failure)))
        .compose(answer -> audited(backend, command, answer));
  }

  private static Command command(
      Verb verb, String actor, @Nullable String ifMatch, @Nullable String text) {
    JsonObject body = verb == Verb.PIN ? Reasons.read(text, "rps") : Reasons.read(text);
    OptionalLong epoch = epoch(verb, ifMatch);
    Object rps = body.getValue("rps");
    boolean usable =
        rps instanceof Number number
            && number.doubleValue() > 0
            && Double.isFinite(number.doubleValue());
    if (verb == Verb.PIN && !usable) {
      throw new Malformed(
          new Problem(400, "no rate", "rps: got " + rps + ", allowed a number above 0"));
    }
    double rate = rps instanceof Number number ? number.doubleValue() : 0;
    return new Command(verb, actor, body.getString("reason"), epoch, rate);
  }

  private static OptionalLong epoch(Verb verb, @Nullable String ifMatch) {
    if (ifMatch == null) {
      throw new Malformed(
          new Problem(
              428, "If-Match is required", "If-Match: got nothing, allowed " + allowedMatch(verb)));
    }
    if (ifMatch.strip().equals("*") && verb.stops()) {
      return OptionalLong.empty();
    }
    Matcher matcher = EPOCH.matcher(ifMatch.strip());
    if (!matcher.matches()) {
      throw new Malformed(
          new Problem(
              400,
              "If-Match is malformed",
              "If-Match of "
                  + verb.word()
                  + ": got "
                  + ifMatch
                  + ", allowed "
                  + allowedMatch(verb)));
    }
    return OptionalLong.of(Long.parseLong(matcher.group(1)));
  }

  private static String allowedMatch(Verb verb) {
    return verb.stops() ? "\"<epoch>\" or *" : "\"<epoch>\", the ETag of /v1/status";
  }

  private Answer answer(String backend, Command command, CommandReply reply) {
    if (reply instanceof CommandReply.Accepted accepted) {
      JsonObject body =
          new JsonObject()
              .put("verb", command.verb().word())
              .put("backend", backend)
              .put("shadow", steered.shadow())
              .put("before", position(accepted.before()))
              .put("after", position(accepted.after()));
      if (steered.shadow()) {
        body.put("note", SHADOW);
      }
      return new Answer.Done(OptionalLong.of(accepted.after().epoch()), body);
    }
    if (reply instanceof CommandReply.Stale stale) {
      return new Answer.Not(
          new Problem(
              412,
              "the state has changed",
              "If-Match: got \""
                  + command.ifMatch().orElse(0)
                  + "\", the epoch is "
                  + stale.epoch(),
              new JsonObject().put("epoch", stale.epoch()).put("phase", stale.phase().name())));
    }
    if (reply instanceof CommandReply.Illegal illegal) {
      List<String> allowed = illegal.allowed().stream().map(Verb::word).toList();
      return new Answer.Not(
          new Problem(
              409,
              "illegal move",
              command.verb().word()
                  + ": got phase "
                  + illegal.from()
                  + ", allowed here: "
                  + String.join(", ", allowed),
              new JsonObject()
                  .put("from", illegal.from().name())
                  .put("to", illegal.to().name())
                  .put("allowed", new JsonArray(allowed))
                  .put("epoch", illegal.epoch())));
    }
    CommandReply.NotGreen notGreen = (CommandReply.NotGreen) reply;
    return new Answer.Not(
        new Problem(
            409,
            "not green",
            String.join("; ", notGreen.faults()),
            new JsonObject()
                .put("from", notGreen.phase().name())
                .put("to", command.verb().target().name())
                .put("not_green", new JsonArray(notGreen.faults()))
                .put("epoch", notGreen.epoch())));
  }

  private static JsonObject position(CommandReply.Position position) {
    return new JsonObject()
        .put("epoch", position.epoch())
        .put("phase", position.phase().name())
        .put("ceiling_rps", Figures.rounded(position.ceilingPerSecond()));
  }

  /** No answer of the grid: the command may or may not have been carried out. */
  private static Problem unknown(Throwable failure) {
    String cause = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return new Problem(
        503,
        "the grid did not answer",
        "the command may or may not have been carried out; read /v1/status before you repeat it ("
            + cause
            + ")");
  }

  /** One line for each command, accepted or not; a command that cannot be written fails loudly. */
  private Future<Answer> audited(String backend, Command command, Answer answer) {
    JsonObject entry =
        new JsonObject()
            .put("actor", command.actor())
            .put("verb", command.verb().word())
            .put("backend", backend)
            .put("reason", command.reason());
    if (command.verb() == Verb.PIN) {
      entry.put("rps", command.ratePerSecond());
    }
    if (answer instanceof Answer.Done done) {
      entry
          .put("outcome", "done")
          .put("before", done.body().getJsonObject("before"))
          .put("after", done.body().getJsonObject("after"));
    } else if (answer instanceof Answer.Not not) {
      entry
          .put("outcome", not.problem().title().toLowerCase(Locale.ROOT))
          .put("detail", not.problem().detail());
    }
    return written(entry).map(answer).otherwise(failure -> unwritten(entry, failure));
  }

  /** Puts a line to the trail, off the event loop. */
  Future<JsonObject> written(JsonObject entry) {
    return vertx.executeBlocking(() -> audit.append(entry));
  }

  static Answer unwritten(JsonObject entry, Throwable failure) {
    return new Answer.Not(
        new Problem(
            500,
            "the audit line was not written",
            "it had this answer: " + entry.encode() + "; writing failed: " + failure.getMessage()));
  }
}
