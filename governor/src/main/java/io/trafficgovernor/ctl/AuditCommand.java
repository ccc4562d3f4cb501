package io.trafficgovernor.ctl;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code ctl audit}. */
@Command(name = "audit", description = "Shows the last commands, oldest first.")
final class AuditCommand extends Asking {
  @Override
  OperatorClient.Reply ask(OperatorClient client) throws IOException {
    return client.get("/v1/audit");
  }

  @Override
  String text(OperatorClient.Reply reply) {
    StringBuilder text = new StringBuilder();
    for (Object line : reply.json().getJsonArray("audit")) {
      text.append(((JsonObject) line).encode()).append('\n');
    }
    return text.toString();
  }
}
