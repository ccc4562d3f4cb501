package io.trafficgovernor.operator;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * An error of the operator API, as RFC 9457 problem+json.
 *
 * @param status HTTP status, 4xx or 5xx
 * @param title what kind of problem it is
 * @param detail what was got and what is allowed
 * @param more further members
 */
record Problem(int status, String title, String detail, JsonObject more) {
  Problem(int status, String title, String detail) {
    this(status, title, detail, new JsonObject());
  }

  void answer(HttpServerResponse response) {
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
