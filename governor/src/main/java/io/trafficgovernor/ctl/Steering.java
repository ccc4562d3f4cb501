package io.trafficgovernor.ctl;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Option;

/** A subcommand that changes something: the audit trail is told why. */
abstract sealed class Steering extends Asking
    permits FreezeCommand, FreezeCommand.Undo, OverrideCommand, RampCommand {
  @Option(names = "--reason", required = true, description = "why; goes to the audit trail")
  private String reason = "";

  /** The request's body. */
  JsonObject body() {
    return new JsonObject().put("reason", reason);
  }
}
