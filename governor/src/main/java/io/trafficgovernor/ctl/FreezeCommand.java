package io.trafficgovernor.ctl;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl freeze}. */
@Command(name = "freeze", description = "Bounds what this node alone sends; needs no grid.")
final class FreezeCommand extends Steering {
  static final String PATH = "/v1/local/freeze";

  @Option(
      names = "--rps",
      description = "tokens per second, 0 stops the node; default: what its lease gives it now")
  private @Nullable Double rps;

  @Override
  JsonObject body() {
    return rps == null ? super.body() : super.body().put("rps", rps);
  }

  @Override
  OperatorClient.Reply ask(OperatorClient client) throws IOException {
    return client.send("PUT", PATH, body());
  }

  /** {@code ctl unfreeze}. */
  @Command(name = "unfreeze", description = "Takes the bound of this node alone off.")
  static final class Undo extends Steering {
    @Override
    OperatorClient.Reply ask(OperatorClient client) throws IOException {
      return client.send("DELETE", PATH, body());
    }
  }
}
