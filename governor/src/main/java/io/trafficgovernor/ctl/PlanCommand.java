package io.trafficgovernor.ctl;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl plan}. */
@Command(
    name = "plan",
    description = "Shows what a ramp would look like, from now or from its start; changes nothing.")
final class PlanCommand extends Asking {
  @Option(names = "--from", description = "ceiling to begin at, tokens per second")
  private @Nullable Double from;

  @Option(
      names = "--growth",
      description = "part of itself the ceiling grows by in the first second")
  private @Nullable Double growth;

  @Option(names = "--nodes", description = "nodes in the cluster")
  private @Nullable Integer nodes;

  @Option(names = "--demand", description = "first attempts per second of a class: name=rate")
  private Map<String, Double> demand = Map.of();

  @Option(
      names = "--body",
      description = "the whole request as JSON, for another plan; see POST /v1/ramp/plan")
  private @Nullable String body;

  @Option(names = "--json", description = "as the API says it")
  private boolean json;

  private JsonObject request() {
    JsonObject request = body == null ? new JsonObject() : new JsonObject(body);
    if (from != null) {
      request.put("from_rps", from);
    }
    if (growth != null) {
      request.put("growth_per_s", growth);
    }
    if (nodes != null) {
      request.put("nodes", nodes);
    }
    if (!demand.isEmpty()) {
      request.put("demand_rps", new JsonObject(new TreeMap<>(demand)));
    }
    return request;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      var unused = request();
    } catch (DecodeException e) {
      err().println("--body: got no JSON object: " + e.getMessage());
      return USAGE;
    }
    return super.call();
  }

  @Override
  OperatorClient.Reply ask(OperatorClient client) throws IOException {
    return client.send("POST", "/v1/ramp/plan", request());
  }

  @Override
  String text(OperatorClient.Reply reply) {
    return json ? reply.body() : PlanText.render(reply.json());
  }
}
