package io.trafficgovernor.operator.door;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;

/**
 * An answer of the API that is no problem.
 *
 * @param epoch that the body is of, sent as ETag; empty if it is of none
 */
public record JsonAnswer(OptionalLong epoch, JsonObject body) {
  /** One that is of no epoch. */
  public static JsonAnswer of(JsonObject body) {
    return new JsonAnswer(OptionalLong.empty(), body);
  }

  /** Sends it; ends the response. */
  public void answer(HttpServerResponse response) {
    if (epoch.isPresent()) {
      response.putHeader("ETag", "\"" + epoch.getAsLong() + "\"");
    }
    response
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.encodePrettily() + "\n");
  }
}
