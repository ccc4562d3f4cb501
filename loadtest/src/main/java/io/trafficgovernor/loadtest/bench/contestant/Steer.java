package io.trafficgovernor.loadtest.bench.contestant;

import io.trafficgovernor.ctl.OperatorClient;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** A governor's operator during a bench: asks for its phase, and commands it. Blocks. */
public final class Steer {
  private final OperatorClient operator;

  /** For the operator API at that port of the loopback address. */
  Steer(int port) {
    this.operator = new OperatorClient(URI.create("http://127.0.0.1:" + port), Optional.empty());
  }

  /**
   * The name of its phase.
   *
   * @throws RunFailedException if it does not say
   */
  public String phase() {
    return status().getString("phase", "none");
  }

  /**
   * Gives a command.
   *
   * @param verb such as pin
   * @throws RunFailedException if it is not taken
   */
  public void command(String verb, JsonObject body) {
    try {
      String epoch = status().getValue("epoch").toString();
      OperatorClient.Reply reply =
          operator.ramp(verb, "\"" + epoch + "\"", body.put("reason", "bench"));
      if (!reply.ok()) {
        throw new RunFailedException(verb + ": " + reply.status() + " " + reply.body());
      }
    } catch (IOException e) {
      throw new RunFailedException(verb + ": " + e, e);
    }
  }

  private JsonObject status() {
    try {
      return operator.get("/v1/status").json();
    } catch (IOException e) {
      throw new RunFailedException("status: " + e, e);
    }
  }
}
