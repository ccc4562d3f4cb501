package io.trafficgovernor.ctl;

import io.trafficgovernor.admission.recovery.Verb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A verb of the operator table: {@code ctl pause} and its like. */
@Command(description = "POST /v1/ramp/{verb}")
sealed class RampCommand extends Steering {
  private final Verb verb;

  @Option(
      names = "--if-match",
      description = "epoch the command is for, or *; default: the present one is read first")
  private @Nullable String ifMatch;

  RampCommand(Verb verb) {
    this.verb = verb;
  }

  @Override
  final OperatorClient.Reply ask(OperatorClient client) throws IOException {
    return client.ramp(verb.word(), match(client), body());
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
    return status.ok() ? "\"" + status.json().getLong("epoch") + "\"" : "\"0\"";
  }

  /** {@code ctl pin}. */
  @Command(description = "POST /v1/ramp/pin")
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
