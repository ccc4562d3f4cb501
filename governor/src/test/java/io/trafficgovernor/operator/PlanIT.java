package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dry run over a real socket. */
final class PlanIT {
  @TempDir private Path folder;

  private static OperatorClient.Reply plan(OperatorClient client, String json) throws IOException {
    return client.send("POST", "/v1/ramp/plan", new JsonObject(json));
  }

  private static OperatorClient client(OperatorFixture node, String token) {
    return new OperatorClient(node.url(), Optional.of(token).filter(text -> !text.isEmpty()));
  }

  @Test
  void changesNothingAndKnowsTheCluster() throws Exception {
    try (OperatorFixture node = new OperatorFixture(folder, OperatorFixture.OPEN_DOOR)) {
      OperatorClient client = client(node, "");
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> plan(client, "{}").json().getString("basis").equals("cluster"));
      client.ramp("close", "*", new JsonObject().put("reason", "test"));
      JsonObject before = client.get("/v1/status").json();
      OperatorClient.Reply reply =
          plan(client, "{\"demand_rps\": {\"config\": 10, \"rest\": 100}, \"nodes\": 3}");

      assertThat(reply.status()).isEqualTo(200);
      JsonObject shown = reply.json();
      assertThat(shown.getString("begins")).as("in OUTAGE").isEqualTo("anew");
      assertThat(shown.getDouble("full_in_s")).isPositive();
      assertThat(shown.getJsonArray("classes").getJsonObject(1).getDouble("opens_in_s"))
          .isLessThanOrEqualTo(shown.getDouble("full_in_s"));
      JsonObject after = client.get("/v1/status").json();
      assertThat(after.getLong("epoch")).isEqualTo(before.getLong("epoch"));
      assertThat(after.getJsonObject("forecast").getString("blocked_by")).isEqualTo("operator");
      assertThat(client.get("/v1/audit").json().getJsonArray("audit")).as("close").hasSize(1);
    }
  }

  @Test
  void badInput_isAProblemThatListsEverything() throws Exception {
    try (OperatorFixture node = new OperatorFixture(folder, OperatorFixture.OPEN_DOOR)) {
      OperatorClient.Reply reply =
          plan(client(node, ""), "{\"plan\": \"steps\", \"nodes\": 0, \"speed\": 1}");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().getString("title")).isEqualTo("malformed body");
      assertThat(reply.json().getJsonArray("faults")).hasSize(3);
      assertThat(reply.json().getString("detail"))
          .contains("steps: is missing")
          .contains("nodes: got \"0\", allowed: a whole number from 1 to 1000")
          .contains("speed: no such key here");
      try (RawClient raw = new RawClient(node.url().getPort())) {
        String answer =
            raw.send(
                    "POST /v1/ramp/plan HTTP/1.1",
                    "Host: localhost",
                    "Content-Length: 3",
                    "",
                    "{,}")
                .until("\r\n\r\n");
        assertThat(answer).contains("400").contains("application/problem+json");
      }
    }
  }

  @Test
  void viewersMayAsk_strangersMayNot() throws Exception {
    try (OperatorFixture node = new OperatorFixture(folder, OperatorFixture.WITH_TOKENS)) {
      List<Integer> answers =
          List.of(
              plan(client(node, "look"), "{}").status(),
              plan(client(node, "wrong"), "{}").status(),
              plan(client(node, ""), "{}").status());
      assertThat(answers).containsExactly(200, 401, 401);
    }
  }
}
