package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFreezeIT {
  private static final String PATH = "/v1/local/freeze";

  @TempDir private Path folder;
  private OperatorFixture node;
  private OperatorClient client;

  @BeforeEach
  void start() throws Exception {
    node = new OperatorFixture(folder, OperatorFixture.OPEN_DOOR);
    client = new OperatorClient(node.url(), Optional.empty());
    Awaitility.await().until(() -> !node.admission.snapshot(node.ticker.nanos()).isolated());
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  private static JsonObject because(String reason) {
    return new JsonObject().put("reason", reason);
  }

  private Optional<ShedReason> refusal() {
    Decision decision =
        node.admission.decide(
            new Arrival(0, 1, node.ticker.nanos(), true, (told, now) -> {}), node.ticker.nanos());
    return decision instanceof Decision.Shed shed ? Optional.of(shed.reason()) : Optional.empty();
  }

  @Test
  void put_zeroStopsTheNodeWithoutTheGrid() throws IOException {
    node.grid.away(true);
    OperatorClient.Reply reply = client.send("PUT", PATH, because("it burns").put("rps", 0));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(refusal()).contains(ShedReason.FROZEN);
    JsonObject frozen = client.get("/v1/status").json().getJsonObject("frozen");
    assertThat(frozen.getDouble("rps")).isZero();
    assertThat(frozen.getString("reason")).isEqualTo("it burns");
    assertThat(frozen.getString("actor")).isEqualTo("local");

    assertThat(client.send("DELETE", PATH, because("it is out")).status()).isEqualTo(200);
    assertThat(refusal()).isNotEqualTo(Optional.of(ShedReason.FROZEN));
    assertThat(client.get("/v1/status").json().getJsonObject("frozen")).isNull();
    List<JsonObject> lines = node.audit.last(2);
    assertThat(lines)
        .extracting(line -> line.getString("verb"))
        .containsExactly("freeze", "unfreeze");
    assertThat(lines).allMatch(line -> line.getString("scope").equals("node"));
  }

  @Test
  void put_withoutARateKeepsThePresentOne() throws IOException {
    Awaitility.await().until(() -> rate() > 0);
    JsonObject after =
        client.send("PUT", PATH, because("no further")).json().getJsonObject("after");
    assertThat(rate()).isLessThanOrEqualTo(after.getDouble("rps") + 0.001);
  }

  private double rate() {
    return node.admission.snapshot(node.ticker.nanos()).ratePerSecond();
  }

  /** It would stay stopped long after the ramp has begun. */
  @Test
  void put_withoutARateWhenTheLeaseGivesNone() throws IOException {
    assertThat(client.ramp("close", "*", because("it is away")).ok()).isTrue();
    Awaitility.await().until(() -> rate() == 0);
    OperatorClient.Reply reply = client.send("PUT", PATH, because("no further"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("rps: got none, and the lease gives this node 0 now");
    assertThat(client.get("/v1/status").json().getJsonObject("frozen")).isNull();
  }

  @Test
  void put_saysWhatIsAllowed() throws IOException {
    assertThat(client.send("PUT", PATH, new JsonObject()).status()).isEqualTo(400);
    assertThat(client.send("PUT", PATH, because("x").put("rps", -1)).json().getString("detail"))
        .isEqualTo("rps: got -1, allowed a number of 0 or more");
    assertThat(client.send("PUT", PATH, because("x").put("ttl", "5m")).json().getString("detail"))
        .isEqualTo("body: got ttl, allowed reason and rps");
    assertThat(client.send("DELETE", PATH, because("x").put("rps", 1)).status()).isEqualTo(400);
    assertThat(node.audit.last(9)).isEmpty();
  }

  @Test
  void put_needsAnOperator() throws Exception {
    try (OperatorFixture guarded = new OperatorFixture(folder, OperatorFixture.WITH_TOKENS)) {
      JsonObject stop = because("x").put("rps", 0);
      assertThat(
              new OperatorClient(guarded.url(), Optional.empty()).send("PUT", PATH, stop).status())
          .isEqualTo(401);
      assertThat(
              new OperatorClient(guarded.url(), Optional.of("look"))
                  .send("PUT", PATH, stop)
                  .status())
          .isEqualTo(403);
      assertThat(
              new OperatorClient(guarded.url(), Optional.of("steer"))
                  .send("PUT", PATH, stop)
                  .status())
          .isEqualTo(200);
    }
  }
}
