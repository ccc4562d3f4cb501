package io.trafficgovernor.operator.door;

import io.trafficgovernor.config.Fault;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An error of the operator API, as RFC 9457 problem+json.
 *
 * @param status HTTP status, 4xx or 5xx
 * @param title what kind of problem it is
 * @param detail what was got and what is allowed
 * @param more further members
 */
public record Problem(int status, String title, String detail, JsonObject more) {
  /** One without further members. */
  public Problem(int status, String title, String detail) {
    this(status, title, detail, new JsonObject());
  }

  /** What is wrong with a body: all of it at once, in words and as a list. */
  public static Problem of(List<Fault> faults) {
    JsonArray list = new JsonArray();
    for (Fault fault : faults) {
      list.add(new JsonObject().put("path", fault.path()).put("message", fault.message()));
    }
    String detail =
        faults.stream()
            .map(fault -> (fault.path().isEmpty() ? "body" : fault.path()) + ": " + fault.message())
            .collect(Collectors.joining("; "));
    return new Problem(400, "malformed body", detail, new JsonObject().put("faults", list));
  }

  /** Sends it; ends the response. */
  public void answer(HttpServerResponse response) {
    JsonObject body =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .mergeIn(more);
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer realm=\"governor\"");
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer().appendString("\n"));
  }
}
