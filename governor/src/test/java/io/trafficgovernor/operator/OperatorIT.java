package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.cluster.testing.MemoryGrid;
import io.trafficgovernor.ctl.OperatorClient;
import io.trafficgovernor.observe.LeaseTrouble;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator API over a real socket: what the contract says of status, commands and errors. */
final class OperatorIT {
  @TempDir private Path folder;
  private OperatorFixture node;
  private OperatorClient client;

  @BeforeEach
  void start() throws Exception {
    node = new OperatorFixture(folder, OperatorFixture.OPEN_DOOR);
    client = new OperatorClient(node.url(), Optional.empty());
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> status().getString("effective").equals("cluster"));
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  private JsonObject status() throws IOException {
    return client.get("/v1/status").json();
  }

  private String epoch() throws IOException {
    return "\"" + status().getLong("epoch") + "\"";
  }

  private OperatorClient.Reply say(String verb, String ifMatch) throws IOException {
    return client.ramp(verb, ifMatch, new JsonObject().put("reason", "test"));
  }

  private HttpResponse<String> raw(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.url().resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void status_hasEveryMemberOfTheContract() throws Exception {
    JsonObject status = status();
    assertThat(status.fieldNames())
        .contains(
            "phase",
            "mode",
            "plan",
            "effective",
            "epoch",
            "ceiling_rps",
            "window",
            "reference_rps",
            "cutoff",
            "classes",
            "nodes",
            "forecast",
            "amplification",
            "grid_members",
            "one_time",
            "surge");
    assertThat(status.getJsonObject("forecast").fieldNames())
        .containsExactlyInAnyOrder("full_in_s", "blocked_by");
    JsonObject first = status.getJsonArray("classes").getJsonObject(0);
    assertThat(first.fieldNames())
        .contains(
            "name",
            "open",
            "blocked_by",
            "offered_rps",
            "admitted_rps",
            "shed_rps",
            "amplification",
            "opens_in_s",
            "degraded_rps",
            "success_ratio",
            "p50_ms",
            "p99_ms");
    JsonObject of = status.getJsonArray("nodes").getJsonObject(0);
    assertThat(of.fieldNames()).contains("name", "lease_rps", "lease_age_ms", "in_flight");
    assertThat(of.getString("name")).isEqualTo("gw-1");
    HttpResponse<String> raw = raw("GET", "/v1/status", "");
    assertThat(raw.headers().firstValue("ETag")).contains(epoch());
  }

  @Test
  void status_saysIsolatedWhenTheGridIsAway() throws Exception {
    node.grid.away(true);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> status().getString("effective").equals("isolated"));
    assertThat(status().getString("phase")).isEqualTo("ISOLATED");
    node.grid.away(false);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> status().getString("effective").equals("cluster"));
  }

  @Test
  void command_answersWithBeforeAndAfter() throws Exception {
    OperatorClient.Reply reply = say("close", "*");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getJsonObject("after").getString("phase")).isEqualTo("OUTAGE");
    assertThat(reply.json().getJsonObject("before").getLong("epoch"))
        .isLessThan(reply.json().getJsonObject("after").getLong("epoch"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> status().getString("phase").equals("OUTAGE"));
  }

  @Test
  void command_staleEpoch() throws Exception {
    OperatorClient.Reply reply = say("pin", "\"9999\"");
    assertThat(reply.status()).as("pin needs rps").isEqualTo(400);
    OperatorClient.Reply stale =
        client.ramp("pin", "\"9999\"", new JsonObject().put("reason", "test").put("rps", 10));
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.json().getLong("epoch")).isEqualTo(status().getLong("epoch"));
    assertThat(stale.json().getString("phase")).isNotEmpty();
  }

  @Test
  void command_illegalMove() throws Exception {
    OperatorClient.Reply reply = say("unpin", epoch());
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().getString("to")).isEqualTo("HOLD");
    assertThat(reply.json().getJsonArray("allowed").contains("close")).isTrue();
  }

  @Test
  void command_starIsForStoppingOnly() throws Exception {
    assertThat(say("begin", "*").status()).isEqualTo(400);
    for (String verb : List.of("hold", "rollback", "abort", "close")) {
      assertThat(say(verb, "*").status()).as(verb).isIn(200, 409);
    }
  }

  @Test
  void command_needsIfMatchAndReason() throws Exception {
    HttpResponse<String> noMatch = raw("POST", "/v1/ramp/close", "{\"reason\": \"x\"}");
    assertThat(noMatch.statusCode()).isEqualTo(428);
    assertThat(noMatch.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(raw("POST", "/v1/ramp/close", "", "If-Match", "*").statusCode()).isEqualTo(400);
    assertThat(raw("POST", "/v1/ramp/close", "{}", "If-Match", "*").statusCode()).isEqualTo(400);
    assertThat(raw("POST", "/v1/ramp/close", "[1]", "If-Match", "*").statusCode()).isEqualTo(400);
    assertThat(raw("POST", "/v1/ramp/close", "{\"reason\":\"x\",\"y\":1}", "If-Match", "*").body())
        .contains("got y, allowed reason");
    assertThat(
            raw("POST", "/v1/ramp/resume", "{\"reason\":\"x\"}", "If-Match", "seven").statusCode())
        .isEqualTo(400);
  }

  @Test
  void command_unknownVerb() throws Exception {
    OperatorClient.Reply reply = say("explode", "*");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().getString("detail"))
        .contains("got explode")
        .contains("close, begin, hold, resume");
  }

  /** Only the named one moves; the trail says which. */
  @Test
  void command_forASecondBackend() throws Exception {
    JsonObject reason = new JsonObject().put("reason", "test");
    OperatorClient.Reply reply = client.ramp("close", Optional.of("spare"), "*", reason);
    assertThat(reply.json().getString("backend")).isEqualTo("spare");
    assertThat(reply.json().getJsonObject("after").getString("phase")).isEqualTo("OUTAGE");
    assertThat(reply.json().getBoolean("shadow")).isFalse();
    assertThat(reply.json().containsKey("note")).isFalse();
    assertThat(phase(node.grid)).isNotEqualTo(Phase.OUTAGE);
    assertThat(phase(node.spare)).isEqualTo(Phase.OUTAGE);
    assertThat(say("close", "*").json().getString("backend")).isEqualTo("kv");
    List<String> lines = Files.readAllLines(folder.resolve("audit.jsonl"));
    assertThat(lines.stream().map(line -> new JsonObject(line).getString("backend")))
        .containsExactly("spare", "kv");
  }

  private static Phase phase(MemoryGrid grid) throws Exception {
    return grid.view().toCompletableFuture().get().orElseThrow().recovery().phase();
  }

  @Test
  void command_unknownBackend_saysWhichThereAre() throws Exception {
    OperatorClient.Reply reply =
        client.ramp("close", Optional.of("kw"), "*", new JsonObject().put("reason", "test"));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().getString("detail")).isEqualTo("backend: got kw, allowed kv, spare");
  }

  /** Whoever means another backend and mistypes it must not close the first one. */
  @Test
  void command_unknownQuery_isNotReadAsIfThereWereNone() throws Exception {
    String body = "{\"reason\": \"test\"}";
    for (String query : List.of("backnd=spare", "backend=spare&force=1", "force")) {
      HttpResponse<String> no = raw("POST", "/v1/ramp/close?" + query, body, "If-Match", "*");
      assertThat(no.statusCode()).as(query).isEqualTo(400);
      assertThat(no.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(new JsonObject(no.body()).getString("detail"))
          .matches("query parameter: got (backnd|force), allowed backend");
    }
    HttpResponse<String> both =
        raw("POST", "/v1/ramp/close?backend=spare&backend=kv", body, "If-Match", "*");
    assertThat(both.body()).contains("backend: got 2 of them, allowed one");
    HttpResponse<String> plan = raw("POST", "/v1/ramp/plan?backend=spare", "{}");
    assertThat(plan.statusCode()).isEqualTo(400);
    assertThat(plan.body()).contains("query parameter: got backend, allowed none");
    assertThat(phase(node.grid)).isNotEqualTo(Phase.OUTAGE);
    assertThat(node.spare.view().toCompletableFuture().get()).as("never used").isEmpty();
    assertThat(folder.resolve("audit.jsonl")).isEmptyFile();
  }

  /** Those that are of the first backend, or of this node, know no parameter at all. */
  @ParameterizedTest
  @ValueSource(strings = {"/v1/classes/rest/override", "/v1/local/freeze"})
  void order_withAQuery_isNotReadAsIfThereWereNone(String path) throws Exception {
    String shed = "{\"action\": \"shed\", \"ttl\": \"10m\", \"reason\": \"test\"}";
    String stop = "{\"rps\": 0, \"reason\": \"test\"}";
    String begin = path.contains("freeze") ? stop : shed;
    for (String method : List.of("PUT", "DELETE")) {
      String body = method.equals("PUT") ? begin : "{\"reason\": \"test\"}";
      HttpResponse<String> no = raw(method, path + "?backend=spare", body, "If-Match", "*");
      assertThat(no.statusCode()).as(method).isEqualTo(400);
      assertThat(no.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(no.body()).contains("query parameter: got backend, allowed none");
    }
    assertThat(status().getValue("frozen")).isNull();
    assertThat(folder.resolve("audit.jsonl")).isEmptyFile();
    HttpResponse<String> yes = raw("PUT", path, begin, "If-Match", "*");
    assertThat(yes.statusCode()).as(yes.body()).isEqualTo(200);
  }

  @Test
  void command_inShadowMode_saysThatNothingIsEnforced() throws Exception {
    try (OperatorFixture shadow =
        new OperatorFixture(folder.resolve("shadow"), OperatorFixture.OPEN_DOOR, true)) {
      OperatorClient.Reply reply =
          new OperatorClient(shadow.url(), Optional.empty())
              .ramp("close", "*", new JsonObject().put("reason", "test"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().getBoolean("shadow")).isTrue();
      assertThat(reply.json().getString("note")).contains("nothing is refused");
    }
  }

  @Test
  void command_whenTheGridIsAwaySaysSo() throws Exception {
    node.grid.away(true);
    OperatorClient.Reply reply = say("close", "*");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().getString("detail")).contains("may or may not");
  }

  @Test
  void audit_hasALineForEachCommandAndIsChained() throws Exception {
    say("close", "*");
    say("unpin", epoch());
    List<String> lines = Files.readAllLines(folder.resolve("audit.jsonl"));
    assertThat(lines).hasSize(2);
    JsonObject first = new JsonObject(lines.get(0));
    assertThat(first.getString("actor")).isEqualTo("local");
    assertThat(first.getString("verb")).isEqualTo("close");
    assertThat(first.getString("reason")).isEqualTo("test");
    assertThat(first.getString("outcome")).isEqualTo("done");
    assertThat(first.getString("previous")).isEqualTo("0".repeat(64));
    JsonObject second = new JsonObject(lines.get(1));
    assertThat(second.getString("outcome")).isEqualTo("illegal move");
    assertThat(second.getString("previous")).hasSize(64).isNotEqualTo("0".repeat(64));
    assertThat(client.get("/v1/audit").json().getJsonArray("audit")).hasSize(2);
  }

  @Test
  void status_saysWhyThereIsNoLease() throws Exception {
    assertThat(status().getValue("no_lease")).isNull();
    long now = node.ticker.nanos();
    node.trouble =
        Optional.of(new LeaseTrouble.Present("members in view: got 1", now - 4_000_000_000L, 40));
    JsonObject told = status().getJsonObject("no_lease");
    assertThat(told.getString("why")).isEqualTo("members in view: got 1");
    assertThat(told.getLong("for_ms")).isGreaterThanOrEqualTo(4_000);
    assertThat(told.getLong("renewals")).isEqualTo(40);
  }

  @Test
  void health_readyOnlyWhenServing() throws Exception {
    assertThat(client.get("/health/live").status()).isEqualTo(200);
    assertThat(client.get("/health/ready").status()).isEqualTo(503);
    node.readiness = OperatorVerticle.Readiness.READY;
    assertThat(client.get("/health/ready").status()).isEqualTo(200);
    say("close", "*");
    node.grid.away(true);
    assertThat(client.get("/health/ready").status()).as("in OUTAGE and isolated").isEqualTo(200);
    node.readiness = OperatorVerticle.Readiness.DRAINING;
    assertThat(client.get("/health/ready").status()).isEqualTo(503);
  }

  @Test
  void metrics_haveEveryMeterOfTheContract() throws Exception {
    String scrape = client.get("/metrics").body();
    assertThat(scrape)
        .contains(
            "governor_requests_total{class=\"config\",outcome=\"success\"}",
            "governor_shed_total{class=\"rest\",reason=\"cutoff\"}",
            "governor_backend_requests_total{class=\"config\"}",
            "governor_ceiling ",
            "governor_window ",
            "governor_lease_rate ",
            "governor_lease_age ",
            "governor_granted_tokens_total ",
            "governor_admitted_tokens_total ",
            "governor_phase{phase=\"probing\"}",
            "governor_retry_share ",
            "governor_cluster_members 1",
            "governor_latency_seconds");
  }

  @Test
  void unknownPath_saysWhatThereIs() throws Exception {
    OperatorClient.Reply reply = client.get("/v1/nothing");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().getString("detail")).contains("GET /v1/nothing").contains("/v1/status");
    assertThat(raw("DELETE", "/v1/status", "").statusCode()).isEqualTo(405);
  }

  @Test
  void body_tooLarge() throws Exception {
    String reason = "x".repeat(20_000);
    HttpResponse<String> response =
        raw("POST", "/v1/ramp/close", "{\"reason\": \"" + reason + "\"}", "If-Match", "*");
    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void tokens_decideWhoMayWhat() throws Exception {
    try (OperatorFixture guarded = new OperatorFixture(folder, OperatorFixture.WITH_TOKENS)) {
      URI url = guarded.url();
      JsonObject reason = new JsonObject().put("reason", "test");
      OperatorClient nobody = new OperatorClient(url, Optional.empty());
      assertThat(nobody.get("/v1/status").status()).isEqualTo(401);
      assertThat(nobody.get("/metrics").status()).isEqualTo(401);
      assertThat(nobody.get("/health/live").status()).isEqualTo(200);
      OperatorClient wrong = new OperatorClient(url, Optional.of("guess"));
      assertThat(wrong.ramp("close", "*", reason).status()).isEqualTo(401);
      OperatorClient viewer = new OperatorClient(url, Optional.of("look"));
      assertThat(viewer.get("/v1/status").status()).isEqualTo(200);
      assertThat(viewer.ramp("close", "*", reason).status()).isEqualTo(403);
      OperatorClient operator = new OperatorClient(url, Optional.of("steer"));
      assertThat(operator.ramp("close", "*", reason).status()).isEqualTo(200);
      JsonObject pin = reason.copy().put("rps", 50);
      assertThat(operator.ramp("pin", "\"1\"", pin).status()).isEqualTo(403);
      OperatorClient admin = new OperatorClient(url, Optional.of("rule"));
      assertThat(admin.ramp("pin", "\"1\"", pin).status()).isEqualTo(412);
      JsonObject last = guarded.audit.last(1).get(0);
      assertThat(last.getString("actor")).isEqualTo("anna");
    }
  }
}
