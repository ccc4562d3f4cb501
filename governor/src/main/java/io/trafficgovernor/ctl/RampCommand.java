package io.trafficgovernor.ctl;

import io.trafficgovernor.admission.recovery.Verb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
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
    return client.ramp(verb.word(), Optional.ofNullable(backend), match(client), body());
  }

  /** Stopping needs no fresh read; everything else is for the state the operator sees now. */
  private String match(OperatorClient client) throws IOException {
    if (ifMatch != null) {
      return ifMatch.equals("*") || ifMatch.startsWith("\"") ? ifMatch : "\"" + ifMatch + "\"";
    }
    if (verb.stops()) {
      return "*";
    }
    OperatorClient.Reply status = client.get("/v1/status");
    return "\"" + (status.ok() ? epoch(status.json()) : 0) + "\"";
  }

  /** Each backend has epochs of its own; of one that there is not the node will say so. */
  private long epoch(JsonObject status) {
    if (backend == null) {
      return status.getLong("epoch");
    }
    for (Object each : status.getJsonObject("stores").getJsonArray("each")) {
      JsonObject store = (JsonObject) each;
      if (backend.equals(store.getString("name"))) {
        return store.getLong("epoch");
      }
    }
    return 0;
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
