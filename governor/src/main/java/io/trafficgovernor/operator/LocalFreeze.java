package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.config.GovernorConfig.Token;
import io.trafficgovernor.observe.Figures;
import io.trafficgovernor.operator.CommandService.Answer;
import io.trafficgovernor.operator.Reasons.Malformed;
import io.trafficgovernor.operator.door.Problem;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Break-glass: bounds what this node alone sends, without asking the grid. The bound is a rate; the
 * lower of it and the lease counts, so it can only ever take away. It lasts until it is taken off,
 * or the process ends. Used on the operator's event loop only.
 */
final class LocalFreeze {
  private final AdmissionController admission;
  private final Ticker ticker;
  private final CommandService commands;
  private @Nullable JsonObject frozen;

  LocalFreeze(AdmissionController admission, Ticker ticker, CommandService commands) {
    this.admission = requireNonNull(admission, "admission");
    this.ticker = requireNonNull(ticker, "ticker");
    this.commands = requireNonNull(commands, "commands");
  }

  /** What holds now: who, why, and how many requests per second; null if nothing is frozen. */
  @Nullable JsonObject shown() {
    return frozen;
  }

  /**
   * Freezes. It works first and is written down then: a full disk must not keep an operator from
   * stopping a node.
   *
   * @param body reason and, if wanted, {@code rps}: 0 stops the node; without it the node stays at
   *     what its lease gives it now, if that is more than 0
   */
  Future<Answer> put(Token actor, @Nullable String body) {
    JsonObject json;
    double rate;
    try {
      json = Reasons.read(body, "rps");
      rate = rate(json.getValue("rps"));
    } catch (Malformed e) {
      return Future.succeededFuture(new Answer.Not(e.problem()));
    }
    admission.cap(rate, ticker.nanos());
    JsonObject before = frozen;
    frozen =
        new JsonObject()
            .put("rps", Figures.rounded(rate))
            .put("actor", actor.name())
            .put("reason", json.getString("reason"));
    return told("freeze", actor, json.getString("reason"), before);
  }

  private double rate(@Nullable Object given) {
    if (given == null) {
      double leased = admission.snapshot(ticker.nanos()).ratePerSecond();
      if (leased > 0) {
        return leased;
      }
      throw new Malformed(
          new Problem(
              400,
              "no rate",
              "rps: got none, and the lease gives this node 0 now; allowed: 0 or more"));
    }
    if (given instanceof Number number
        && number.doubleValue() >= 0
        && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw new Malformed(
        new Problem(400, "no rate", "rps: got " + given + ", allowed a number of 0 or more"));
  }

  /** Takes it off: the lease alone counts again. */
  Future<Answer> delete(Token actor, @Nullable String body) {
    JsonObject json;
    try {
      json = Reasons.read(body);
    } catch (Malformed e) {
      return Future.succeededFuture(new Answer.Not(e.problem()));
    }
    admission.cap(Double.POSITIVE_INFINITY, ticker.nanos());
    JsonObject before = frozen;
    frozen = null;
    return told("unfreeze", actor, json.getString("reason"), before);
  }

  private Future<Answer> told(
      String verb, Token actor, String reason, @Nullable JsonObject before) {
    JsonObject body = new JsonObject().put("verb", verb).put("before", before).put("after", frozen);
    JsonObject entry =
        new JsonObject()
            .put("actor", actor.name())
            .put("verb", verb)
            .put("scope", "node")
            .put("reason", reason)
            .put("outcome", "done")
            .put("before", before)
            .put("after", frozen);
    return commands
        .written(entry)
        .map(line -> (Answer) new Answer.Done(OptionalLong.empty(), body))
        .otherwise(failure -> CommandService.unwritten(entry, failure));
  }
}
