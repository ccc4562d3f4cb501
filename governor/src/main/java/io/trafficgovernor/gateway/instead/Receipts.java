package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.journal.Receipt;
import io.trafficgovernor.answers.journal.WriteJournal;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Answers {@code GET} of the status URL of a journaled write, on the clients' port. Who has the URL
 * may read it; nobody can guess it. The node that gave the receipt answers; others say 421 (RFC
 * 9110 section 15.5.20) and name it.
 */
public final class Receipts {
  /** Path of all receipts; what follows is the id. */
  public static final String PATH = "/.well-known/traffic-governor/writes/";

  /** Names of nodes, as the configuration allows them. */
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private final Context context;
  private final WriteJournal journal;
  private final String node;
  private final WallClock wall;

  Receipts(Context context, WriteJournal journal, String node, WallClock wall) {
    this.context = requireNonNull(context, "context");
    this.journal = requireNonNull(journal, "journal");
    this.node = requireNonNull(node, "node");
    this.wall = requireNonNull(wall, "wall");
  }

  /** The id of a new receipt: it names the node that has it. */
  String newId(String random) {
    return node + '~' + random;
  }

  /** Whether the request is for a receipt; then it is answered. */
  boolean answers(HttpServerRequest request) {
    String uri = request.uri();
    if (!uri.startsWith(PATH)) {
      return false;
    }
    request.handler(chunk -> {});
    HttpServerResponse response = request.response();
    String method = request.method().name();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      problem(response, 405, "not allowed", "method: got " + method + ", allowed GET and HEAD");
      return true;
    }
    String id = uri.substring(PATH.length());
    int tilde = id.lastIndexOf('~');
    String of = id.substring(0, Math.max(0, tilde));
    if (!NODE.matcher(of).matches()) {
      problem(response, 404, "no such receipt", "id: got another form, allowed <node>~<number>");
      return true;
    }
    if (!of.equals(node)) {
      response.putHeader("Governor-Node", of);
      String detail =
          "receipts are kept by the node that gave them: this is " + node + ", ask " + of;
      problem(response, 421, "not here", detail);
      return true;
    }
    var unused =
        journal
            .receipt(id)
            .whenComplete(
                (found, failure) ->
                    context.runOnContext(
                        ignored -> {
                          if (!response.closed() && !response.ended()) {
                            told(response, failure != null, found);
                          }
                        }));
    return true;
  }

  private void told(HttpServerResponse response, boolean failed, Optional<Receipt> found) {
    if (failed) {
      problem(response, 503, "busy", "the journal did not answer; ask again");
    } else if (found.isEmpty()) {
      problem(response, 404, "no such receipt", "it was never given, or is forgotten");
    } else {
      write(response, 200, found.get());
    }
  }

  void write(HttpServerResponse response, int status, Receipt receipt) {
    JsonObject body =
        new JsonObject()
            .put("id", receipt.id())
            .put("state", receipt.state().tag())
            .put("class", receipt.className())
            .put("idempotency_key", receipt.idempotencyKey())
            .put("accepted", Instant.ofEpochMilli(receipt.acceptedMillis()).toString())
            .put("age_ms", Math.max(0, wall.millis() - receipt.acceptedMillis()))
            .put("url", PATH + receipt.id());
    if (receipt.finishedMillis() > 0) {
      body.put("finished", Instant.ofEpochMilli(receipt.finishedMillis()).toString());
    }
    if (receipt.status() > 0) {
      body.put("status", receipt.status());
    }
    response.setStatusCode(status);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    var unused = response.end(body.toBuffer().appendString("\n"));
  }

  static void problem(HttpServerResponse response, int status, String title, String detail) {
    response.setStatusCode(status);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    JsonObject body =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail);
    var unused = response.end(body.toBuffer().appendString("\n"));
  }
}
