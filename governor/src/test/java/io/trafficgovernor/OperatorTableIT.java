package io.trafficgovernor;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.ctl.Ctl;
import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ctl} drives every row of the operator table against the real jar, yes and no. */
final class OperatorTableIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final Vertx backend = Vertx.vertx();
  private JarProcess node;
  private OperatorClient operator;
  private OperatorClient door;

  @BeforeEach
  void start() throws Exception {
    int origin =
        backend
            .createHttpServer()
            .requestHandler(request -> request.response().end("here"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get()
            .actualPort();
    int grid = JarProcess.freePort();
    Path file = folder.resolve("governor.yaml");
    Files.writeString(
        file,
        """
        node: { name: gw-1 }
        listen: { host: 127.0.0.1, port: 0, event-loops: 1 }
        operator: { host: 127.0.0.1, port: 0 }
        backends: [ { name: kv, origins: [ "http://127.0.0.1:%d" ], reference-rate: 100/s } ]
        classes: [ { name: all, default: true } ]
        cluster: { name: it-%d, port: %d, members: [ "127.0.0.1:%d" ], data-dir: data }
        """
            .formatted(origin, grid, grid, grid));
    node = new JarProcess(folder, "node", List.of("run", "--config", file.toString())).started();
    operator = new OperatorClient(node.operator(), Optional.empty());
    door =
        new OperatorClient(URI.create("http://127.0.0.1:" + node.listenPort()), Optional.empty());
    Awaitility.await().atMost(SOON).until(() -> run("status").out.contains("effective cluster"));
  }

  @AfterEach
  void stop() {
    node.close();
    backend.close().toCompletionStage().toCompletableFuture().join();
  }

  private record Ran(int code, String out, String err) {}

  private Ran run(String... words) {
    List<String> all = new ArrayList<>(List.of("--url", node.operator().toString()));
    all.addAll(List.of(words));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Ctl.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return new Ran(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  private static String[] words(Verb verb) {
    return verb == Verb.PIN
        ? new String[] {verb.word(), "--reason", "test", "--rps", "50"}
        : new String[] {verb.word(), "--reason", "test"};
  }

  private void accepted(Verb verb, String phase) {
    Ran ran = run(words(verb));
    assertThat(ran.code).as(verb + ": " + ran.err).isZero();
    assertThat(new JsonObject(ran.out).getJsonObject("after").getString("phase"))
        .as(verb.word())
        .isEqualTo(phase);
  }

  /** Illegal here: ctl says no, and the API says from where, to where, and what is allowed. */
  private void refused(String phase, Verb... verbs) throws IOException {
    for (Verb verb : verbs) {
      Ran ran = run(words(verb));
      assertThat(ran.code).as(verb + " in " + phase + ": " + ran.out).isEqualTo(1);
      assertThat(ran.err).contains("409").contains("got phase " + phase).contains("allowed here: ");
      OperatorClient.Reply reply = operator.ramp(verb.word(), epoch(), body(verb));
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.json().getString("from")).isEqualTo(phase);
      assertThat(reply.json().getString("to")).isEqualTo(verb.target().name());
      JsonArray allowed = reply.json().getJsonArray("allowed");
      assertThat(allowed.contains("close") && allowed.contains("abort")).isTrue();
      assertThat(allowed.contains(verb.word())).isFalse();
    }
  }

  private static JsonObject body(Verb verb) {
    JsonObject body = new JsonObject().put("reason", "test");
    return verb == Verb.PIN ? body.put("rps", 50) : body;
  }

  private String epoch() throws IOException {
    return "\"" + operator.get("/v1/status").json().getLong("epoch") + "\"";
  }

  @Test
  void everyRow_acceptedAndRefused() throws Exception {
    accepted(Verb.CLOSE, "OUTAGE");
    refused(
        "OUTAGE",
        Verb.HOLD,
        Verb.RESUME,
        Verb.ADVANCE,
        Verb.ROLLBACK,
        Verb.FINISH,
        Verb.PIN,
        Verb.UNPIN);
    accepted(Verb.BEGIN, "PROBING");
    refused("PROBING", Verb.BEGIN, Verb.RESUME, Verb.ADVANCE, Verb.ROLLBACK, Verb.UNPIN);
    accepted(Verb.HOLD, "HOLD");
    refused("HOLD", Verb.BEGIN, Verb.UNPIN);
    accepted(Verb.RESUME, "RAMPING");
    refused("RAMPING", Verb.RESUME, Verb.BEGIN, Verb.UNPIN);
    accepted(Verb.ADVANCE, "RAMPING");
    accepted(Verb.ROLLBACK, "ROLLBACK");
    refused("ROLLBACK", Verb.ROLLBACK, Verb.ADVANCE, Verb.FINISH, Verb.UNPIN);
    accepted(Verb.PIN, "FROZEN");
    refused("FROZEN", Verb.HOLD, Verb.RESUME, Verb.ADVANCE, Verb.ROLLBACK, Verb.FINISH);
    accepted(Verb.UNPIN, "HOLD");
    finishOnceGreen();
    refused("OPEN", Verb.HOLD, Verb.RESUME, Verb.ADVANCE, Verb.ROLLBACK, Verb.FINISH);
    accepted(Verb.ABORT, "OUTAGE");

    Ran audit = run("audit");
    for (Verb verb : Verb.values()) {
      assertThat(audit.out.lines())
          .as("an accepted line of " + verb)
          .anyMatch(
              line ->
                  line.contains("\"verb\":\"" + verb.word() + "\"")
                      && line.contains("\"outcome\":\"done\""));
    }
  }

  /** Without traffic nothing is green, and the answer says what is not. */
  private void finishOnceGreen() throws Exception {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              for (int i = 0; i < 10; i++) {
                door.get("/thing");
              }
              Ran ran = run(words(Verb.FINISH));
              assertThat(ran.code).isIn(0, 1);
              assertThat(ran.code == 0 || ran.err.contains("409 not green")).as(ran.err).isTrue();
              return ran.code == 0;
            });
    assertThat(operator.get("/v1/status").json().getString("phase")).isEqualTo("OPEN");
  }

  @Test
  void everyRow_staleOrWithoutIfMatch() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    long before = operator.get("/v1/status").json().getLong("epoch");
    for (Verb verb : Verb.values()) {
      OperatorClient.Reply stale = operator.ramp(verb.word(), "\"987654\"", body(verb));
      assertThat(stale.status()).as(verb.word()).isEqualTo(412);
      assertThat(stale.json().getLong("epoch")).isEqualTo(before);
      assertThat(stale.json().getString("phase")).isNotEmpty();
      HttpRequest unmatched =
          HttpRequest.newBuilder(node.operator().resolve("/v1/ramp/" + verb.word()))
              .POST(HttpRequest.BodyPublishers.ofString(body(verb).encode()))
              .build();
      assertThat(http.send(unmatched, HttpResponse.BodyHandlers.ofString()).statusCode())
          .as(verb.word())
          .isEqualTo(428);
      if (!verb.stops()) {
        assertThat(operator.ramp(verb.word(), "*", body(verb)).status()).isEqualTo(400);
      }
    }
    assertThat(operator.get("/v1/status").json().getLong("epoch")).isEqualTo(before);
  }
}
