package io.trafficgovernor.ctl;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl override}: an order for one class on every node, or its end. */
@Command(
    name = "override",
    description = "Orders what a class's requests get, on every node, for a while; or ends that.")
final class OverrideCommand extends Steering {
  @Parameters(index = "0", paramLabel = "CLASS", description = "name of the class")
  private String name = "";

  @Option(names = "--action", description = "shed, fail-open, stale or admit")
  private @Nullable String action;

  @Option(names = "--ttl", description = "how long: 90s, 10m, 2h")
  private @Nullable String ttl;

  @Option(names = "--off", description = "ends the order that holds")
  private boolean off;

  @Option(
      names = "--if-match",
      description = "epoch the order is for, or * to shed; default: the present one is read first")
  private @Nullable String ifMatch;

  @Override
  public Integer call() throws InterruptedException {
    if (off == (action != null) || off == (ttl != null)) {
      err().println("override: got both or none of --off and --action with --ttl, allowed: one");
      return USAGE;
    }
    return once();
  }

  @Override
  JsonObject body() {
    return off ? super.body() : super.body().put("action", action).put("ttl", ttl);
  }

  @Override
  OperatorClient.Reply ask(OperatorClient client) throws IOException {
    String path = "/v1/classes/" + name + "/override";
    return client.send(off ? "DELETE" : "PUT", path, match(client), body());
  }

  private String match(OperatorClient client) throws IOException {
    String given = ifMatch;
    if (given != null) {
      return given.equals("*") || given.startsWith("\"") ? given : "\"" + given + "\"";
    }
    if ("shed".equals(action)) {
      return "*";
    }
    OperatorClient.Reply status = client.get("/v1/status");
    return status.ok() ? "\"" + status.json().getLong("epoch") + "\"" : "\"0\"";
  }
}
