package io.trafficgovernor.ctl;

import io.trafficgovernor.audit.AuditTrail;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl audit}, which can also tell whether a line was taken out or changed. */
@Command(name = "audit", description = "Shows the last commands, oldest first.")
final class AuditCommand extends Asking {
  @Option(
      names = "--verify",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "FOLDER",
      description = {
        "follows the chain of hashes instead: through all files of a node's data folder,",
        "or, without one, through the lines that the node shows; exits 1 if it is broken"
      })
  private @Nullable String verify;

  @Override
  OperatorClient.Reply ask(OperatorClient client) throws IOException {
    return client.get("/v1/audit");
  }

  @Override
  public Integer call() {
    return verify == null || verify.isEmpty() ? once() : folder(Path.of(verify));
  }

  private int folder(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        err().println("--verify: got " + folder + ", allowed a data folder of a node");
        return USAGE;
      }
      AuditTrail.Inspection found = AuditTrail.inspect(folder);
      out().print(words(found));
      out().flush();
      return found.damage().isEmpty() ? 0 : REFUSED;
    } catch (IOException e) {
      err().println("the trail in " + folder + " cannot be read: " + e.getMessage());
      return REFUSED;
    }
  }

  private static List<JsonObject> lines(OperatorClient.Reply reply) {
    List<JsonObject> lines = new ArrayList<>();
    reply.json().getJsonArray("audit").forEach(line -> lines.add((JsonObject) line));
    return lines;
  }

  private static String words(AuditTrail.Inspection found) {
    return found
        .damage()
        .map(damage -> "damaged: " + damage)
        .orElse(found.lines() + " lines, the chain holds")
        .concat("\n");
  }

  @Override
  boolean sound(OperatorClient.Reply reply) {
    return verify == null || AuditTrail.inspect(lines(reply)).damage().isEmpty();
  }

  @Override
  String text(OperatorClient.Reply reply) {
    if (verify != null) {
      return words(AuditTrail.inspect(lines(reply)));
    }
    StringBuilder text = new StringBuilder();
    lines(reply).forEach(line -> text.append(line.encode()).append('\n'));
    return text.toString();
  }
}
