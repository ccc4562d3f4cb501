package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.answers.Order;
import io.trafficgovernor.ctl.Ctl;
import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Orders for a class, as an operator gives them. Class rest has max-stale and no open-answer. */
final class OverrideIT {
  private static final String PATH = "/v1/classes/rest/override";

  @TempDir private Path folder;
  private OperatorFixture node;
  private OperatorClient client;

  @BeforeEach
  void start() throws Exception {
    node = new OperatorFixture(folder, "");
    client = new OperatorClient(node.url(), Optional.empty());
    Awaitility.await().until(() -> epoch() > 0);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private long epoch() throws Exception {
    return client.get("/v1/status").json().getLong("epoch");
  }

  private JsonObject row() throws Exception {
    return client.get("/v1/status").json().getJsonArray("classes").getJsonObject(1);
  }

  private static JsonObject body(String action, String ttl) {
    return new JsonObject().put("action", action).put("ttl", ttl).put("reason", "drill");
  }

  @Test
  void order_isShown_audited_andTakenBack() throws Exception {
    OperatorClient.Reply put =
        client.send("PUT", PATH, "\"" + epoch() + "\"", body("stale", "10m"));
    assertThat(put.status()).as(put.body()).isEqualTo(200);
    assertThat(put.json().getValue("before")).isNull();
    assertThat(put.json().getJsonObject("after").getString("action")).isEqualTo("stale");
    assertThat(row().getJsonObject("override").getString("reason")).isEqualTo("drill");

    OperatorClient.Reply delete =
        client.send("DELETE", PATH, "\"" + epoch() + "\"", new JsonObject().put("reason", "over"));
    assertThat(delete.status()).as(delete.body()).isEqualTo(200);
    assertThat(delete.json().getJsonObject("before").getString("action")).isEqualTo("stale");
    assertThat(row().getValue("override")).isNull();
    assertThat(client.get("/v1/audit").json().getJsonArray("audit").stream())
        .extracting(line -> ((JsonObject) line).getString("verb"))
        .containsExactly("override", "override-end");
  }

  @ParameterizedTest
  @CsvSource({
    "stale, 10m, '', 428",
    "stale, 10m, *, 400",
    "stale, 10m, now, 400",
    "stale, 10m, '\"999999\"', 412",
    "drop, 10m, *, 400",
    "fail-open, 10m, epoch, 409",
    "shed, , epoch, 400",
    "shed, 0s, epoch, 400",
    "shed, 25h, epoch, 400",
    "shed, 10m, *, 200",
    "admit, 24h, epoch, 200"
  })
  void order_isChecked(String action, String ttl, String match, int status) throws Exception {
    JsonObject body = body(action, ttl);
    String ifMatch = match.equals("epoch") ? "\"" + epoch() + "\"" : match;
    OperatorClient.Reply reply =
        ifMatch.isEmpty()
            ? client.send("PUT", PATH, body)
            : client.send("PUT", PATH, ifMatch, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(row().getValue("override") != null).isEqualTo(status == 200);
  }

  @Test
  void class_thatIsNone_isTold() throws Exception {
    OperatorClient.Reply reply =
        client.send("PUT", "/v1/classes/none/override", "*", body("shed", "1m"));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body()).contains("allowed config, rest");
  }

  @Test
  void gridAway_isSaid_andAudited() throws Exception {
    node.book.away = true;
    assertThat(client.send("PUT", PATH, "*", body("shed", "1m")).status()).isEqualTo(503);
    JsonObject line = client.get("/v1/audit").json().getJsonArray("audit").getJsonObject(0);
    assertThat(line.getString("outcome")).isEqualTo("the grid did not answer");
  }

  /** Of two operators who saw the same, one is told so: the epoch alone would not tell. */
  @Test
  void order_thatWasOvertaken_isRefused() throws Exception {
    Order other = new Order(Order.Action.SHED, Long.MAX_VALUE, "night", "real trouble");
    node.book.elsewhere("rest", other);
    OperatorClient.Reply put =
        client.send("PUT", PATH, "\"" + epoch() + "\"", body("admit", "10m"));
    assertThat(put.status()).as(put.body()).isEqualTo(412);
    assertThat(put.body()).contains("another order came first");
    JsonObject line = client.get("/v1/audit").json().getJsonArray("audit").getJsonObject(0);
    assertThat(line.getString("outcome")).isEqualTo("another order came first");
    // once this node follows it, it can be replaced
    node.orders.replace(Map.of("rest", other));
    OperatorClient.Reply seen =
        client.send("PUT", PATH, "\"" + epoch() + "\"", body("admit", "10m"));
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    assertThat(seen.json().getJsonObject("before").getString("actor")).isEqualTo("night");
  }

  private int ctl(String... words) {
    CommandLine line = Ctl.commandLine();
    line.setOut(new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(new StringWriter()));
    String[] all = new String[words.length + 2];
    all[0] = "--url";
    all[1] = node.url().toString();
    System.arraycopy(words, 0, all, 2, words.length);
    return line.execute(all);
  }

  @Test
  void ctl_givesAndEndsIt() throws Exception {
    assertThat(ctl("override", "rest", "--action", "shed", "--ttl", "5m", "--reason", "drill"))
        .isZero();
    assertThat(row().getJsonObject("override").getString("action")).isEqualTo("shed");
    assertThat(ctl("override", "rest", "--off", "--reason", "over")).isZero();
    assertThat(row().getValue("override")).isNull();
    assertThat(ctl("override", "none", "--off", "--reason", "over")).isEqualTo(1);
    assertThat(ctl("override", "rest", "--reason", "neither")).isEqualTo(2);
  }
}
