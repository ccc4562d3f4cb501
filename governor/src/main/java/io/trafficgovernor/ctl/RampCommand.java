package io.trafficgovernor.ctl;

import io.trafficgovernor.admission.recovery.Verb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A verb of the operator table: {@code ctl hold} and its like. */
@Command
sealed class RampCommand extends Steering {
  private final Verb verb;

  @Option(
      names = "--if-match",
      description = "epoch the command is for, or *; default: the present one is read first")
  private @Nullable String ifMatch;

  @Option(
      names = "--backend",
      description = "which backend it is for, by its name; default: the first one")
  private @Nullable String backend;

  RampCommand(Verb verb) {
    this.verb = verb;
  }

  /** The command of a verb, with its line in the usage. */
  static CommandLine line(Verb verb) {
    CommandLine line = new CommandLine(verb == Verb.PIN ? new Pin() : new RampCommand(verb));
    line.getCommandSpec().usageMessage().description(meaning(verb));
    return line;
  }

  private static String meaning(Verb verb) {
    return switch (verb) {
      case CLOSE -> "Lets nothing but probes through, until begin.";
      case BEGIN -> "Lets a trickle through, to see how the backend takes it.";
      case HOLD -> "Keeps the ceiling from rising, until resume.";
      case RESUME -> "Lets the ceiling rise again.";
      case ADVANCE -> "Takes the plan's next step now, at most what the evidence allows.";
      case ROLLBACK -> "Goes back to the last step that went well.";
      case ABORT -> "Ends the ramp: nothing but probes, until begin.";
      case FINISH -> "Opens, if everything is green.";
      case PIN -> "Fixes the ceiling at a rate, whatever the signals say; role admin.";
      case UNPIN -> "Takes a fixed ceiling off, and holds.";
    };
  }

  @Override
  final OperatorClient.Reply ask(OperatorClient client) throws IOException {
    boolean fresh = ifMatch == null && !verb.stops();
    if (backend == null && !fresh) {
      return client.ramp(verb.word(), match(0), body());
    }
    OperatorClient.Reply status = client.get("/v1/status");
    if (!status.ok()) {
      return status;
    }
    long epoch = epoch(status.json());
    return client.ramp(verb.word(), Optional.ofNullable(backend), match(epoch), body());
  }

  /** Stopping needs no fresh read; everything else is for the state the operator sees now. */
  private String match(long epoch) {
    if (ifMatch != null) {
      return ifMatch.equals("*") || ifMatch.startsWith("\"") ? ifMatch : "\"" + ifMatch + "\"";
    }
    return verb.stops() ? "*" : "\"" + epoch + "\"";
  }

  /**
   * Each backend has epochs of its own. A node that tells none does not know that a command can be
   * for a backend, and would take it for the first: such a command never leaves.
   */
  private long epoch(JsonObject status) {
    if (backend == null) {
      return status.getLong("epoch");
    }
    Map<String, Long> epochs = epochs(status);
    Long epoch = epochs.get(backend);
    if (epoch == null) {
      String allowed =
          epochs.isEmpty()
              ? "none: this node takes commands for its first backend only"
              : String.join(", ", epochs.keySet());
      throw wrong("--backend: got " + backend + ", allowed " + allowed);
    }
    return epoch;
  }

  /** By name, of those that can be commanded. */
  private static Map<String, Long> epochs(JsonObject status) {
    Map<String, Long> epochs = new LinkedHashMap<>();
    JsonObject stores = status.getJsonObject("stores", new JsonObject());
    for (Object each : stores.getJsonArray("each", new JsonArray())) {
      JsonObject store = (JsonObject) each;
      Long epoch = store.getLong("epoch");
      if (epoch != null) {
        epochs.put(store.getString("name"), epoch);
      }
    }
    return epochs;
  }

  /** {@code ctl pin}. */
  @Command
  static final class Pin extends RampCommand {
    @Option(names = "--rps", required = true, description = "the ceiling, tokens per second")
    private double rps;

    Pin() {
      super(Verb.PIN);
    }

    @Override
    JsonObject body() {
      return super.body().put("rps", rps);
    }
  }
}
