package io.trafficgovernor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.operator.OperatorFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line drives every row of the operator table against a running node. */
final class CtlIT {
  @TempDir private Path folder;
  private OperatorFixture node;

  @BeforeEach
  void start() throws Exception {
    node = new OperatorFixture(folder, OperatorFixture.OPEN_DOOR);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> run("status").out.contains("effective cluster"));
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  private record Ran(int code, String out, String err) {}

  private Ran run(String... words) {
    List<String> all = new ArrayList<>(List.of("--url", node.url().toString()));
    all.addAll(List.of(words));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Ctl.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(all.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private void phase(String expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(run("status").out).contains("phase " + expected));
  }

  private void done(String... words) {
    Ran ran = run(words);
    assertThat(ran.code).as(ran.err).isZero();
    assertThat(ran.out).contains("\"before\"").contains("\"after\"");
  }

  @Test
  void everyVerb_ofTheOperatorTable() {
    done("close", "--reason", "the store burns");
    phase("OUTAGE");
    done("begin", "--reason", "it is back");
    done("hold", "--reason", "let us see");
    phase("HOLD");
    done("advance", "--reason", "a step");
    done("rollback", "--reason", "too far");
    done("hold", "--reason", "again");
    done("resume", "--reason", "go on");
    done("pin", "--reason", "exactly this", "--rps", "50");
    phase("FROZEN");
    done("unpin", "--reason", "enough");
    phase("HOLD");
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(run("finish", "--reason", "all is well").code).isZero());
    done("abort", "--reason", "no");
    phase("OUTAGE");
    Ran audit = run("audit");
    assertThat(audit.code).isZero();
    for (String verb :
        List.of(
            "close",
            "begin",
            "hold",
            "advance",
            "rollback",
            "resume",
            "pin",
            "unpin",
            "finish",
            "abort")) {
      assertThat(audit.out).contains("\"verb\":\"" + verb + "\"");
    }
  }

  /** What the node shows, all files of its folder, and both once a line was changed. */
  @Test
  void audit_isVerified() throws IOException {
    done("close", "--reason", "the store burns");
    done("begin", "--reason", "it is back");
    Ran shown = run("audit", "--verify");
    assertThat(shown.code).as(shown.err).isZero();
    assertThat(shown.out).contains("2 lines, the chain holds");
    Ran files = run("audit", "--verify", folder.toString());
    assertThat(files.code).as(files.err).isZero();
    assertThat(files.out).contains("2 lines, the chain holds");
    Path file = folder.resolve("audit.jsonl");
    Files.writeString(file, Files.readString(file).replace("burns", "is fine"));
    Ran changed = run("audit", "--verify", folder.toString());
    assertThat(changed.code).isEqualTo(1);
    assertThat(changed.out).contains("damaged: ").contains("line 2: does not follow");
    Ran nowhere = run("audit", "--verify", folder.resolve("none").toString());
    assertThat(nowhere.code).isEqualTo(2);
  }

  @Test
  void status_asJson() {
    Ran ran = run("status", "--json");
    assertThat(ran.code).isZero();
    assertThat(ran.out).contains("\"ceiling_rps\"");
  }

  @Test
  void status_tellsHowOftenClientsTryAndWhenAllIsOpen() {
    assertThat(run("status").out).contains("offered/s  tries").containsPattern("full (in|at|not) ");
    done("close", "--reason", "test");
    assertThat(run("status").out).contains("full not in sight: operator");
  }

  /** Only while something may be missing. */
  @Test
  void status_tellsSinceWhenTokensAreRemembered() {
    assertThat(run("status").out).doesNotContain("one-time");
    JsonObject verify =
        new JsonObject()
            .put("class", "verify")
            .put("whole", false)
            .put("remembers_since", "2026-06-12T18:00:00Z")
            .put("whole_at", "2026-06-12T18:10:00Z");
    node.oneTime.add(verify).add(new JsonObject().put("class", "new").put("whole", false));
    assertThat(run("status").out)
        .contains(
            "one-time tokens of verify: remembered since 2026-06-12T18:00:00Z;"
                + " whole at 2026-06-12T18:10:00Z")
        .contains("one-time tokens of new: remembered since nobody knows when");
    verify.put("whole", true);
    assertThat(run("status").out).doesNotContain("of verify");
  }

  @Test
  void plan_showsTheRampThatWouldBe() {
    done("close", "--reason", "test");
    Ran ran = run("plan", "--demand", "config=10", "--demand", "rest=90", "--from", "20");
    assertThat(ran.code).as(ran.err).isZero();
    assertThat(ran.out)
        .contains("plan adaptive, begun anew")
        .contains("from 20.0/s, growing by 70.0 % a second at first: full in 48 s")
        .containsPattern("config +10.0  at once")
        .containsPattern("rest +90.0  in 16 s");
    assertThat(run("plan", "--json").out).contains("\"worst_excess_tokens\"");
    assertThat(run("plan", "--body", "{\"plan\": \"500-50-5\"}").out).contains("plan 500-50-5");
  }

  @Test
  void plan_saysWhatIsWrong() {
    Ran ran = run("plan", "--nodes", "0", "--demand", "nobody=1");
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.err).contains("nodes: got \"0\"").contains("demand_rps.nobody: no such key");
    assertThat(run("plan", "--body", "[]").code).isEqualTo(2);
  }

  @Test
  void watch_repeats() {
    Ran ran = run("watch", "--times", "2", "--seconds", "0");
    assertThat(ran.code).isZero();
    assertThat(ran.out.split("effective cluster", -1)).hasSize(3);
  }

  private static JsonObject store(String name) {
    return new JsonObject()
        .put("name", name)
        .put("phase", "PROBING")
        .put("why", "")
        .put("ceiling_rps", 1.0)
        .put("window", 1.0);
  }

  /** It would take the command for its first store, which nobody meant. */
  @Test
  void backend_ofANodeThatKnowsOfNone_getsNoCommand() {
    node.each(new JsonArray().add(store("kv")).add(store("spare")));
    for (String match : List.of("*", "\"0\"")) {
      Ran ran = run("close", "--backend", "spare", "--reason", "x", "--if-match", match);
      assertThat(ran.code).isEqualTo(2);
      assertThat(ran.err).contains("--backend: got spare, allowed none");
    }
    assertThat(run("close", "--backend", "spare", "--reason", "x").code).isEqualTo(2);
    assertThat(run("audit").out).isEmpty();
  }

  @Test
  void backend_isTheOneNamed() {
    node.each(new JsonArray().add(store("kv").put("epoch", 1)).add(store("spare").put("epoch", 1)));
    Ran wrong = run("close", "--backend", "spar", "--reason", "x");
    assertThat(wrong.code).isEqualTo(2);
    assertThat(wrong.err).contains("--backend: got spar, allowed kv, spare");
    done("close", "--backend", "spare", "--reason", "x");
    assertThat(run("audit").out).contains("\"backend\":\"spare\"").hasLineCount(1);
  }

  @Test
  void illegalMove_saysWhatIsAllowedAndExitsWithOne() {
    Ran ran = run("unpin", "--reason", "test");
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.err).contains("409").contains("allowed here: close");
  }

  @Test
  void staleEpoch_exitsWithOne() {
    Ran ran = run("pin", "--reason", "test", "--rps", "10", "--if-match", "999");
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.err).contains("412");
  }

  @Test
  void wrongUsage_exitsWithTwo() {
    assertThat(run("close").code).isEqualTo(2);
    assertThat(run("explode").code).isEqualTo(2);
    assertThat(run("pin", "--reason", "x", "--rps", "many").code).isEqualTo(2);
    assertThat(run().code).isEqualTo(2);
  }

  @Test
  void noAnswer_exitsWithThree() {
    StringWriter err = new StringWriter();
    CommandLine line = Ctl.commandLine();
    line.setErr(new PrintWriter(err, true));
    assertThat(line.execute("--url", "http://127.0.0.1:1", "status")).isEqualTo(3);
    assertThat(err.toString()).contains("no answer from http://127.0.0.1:1");
  }
}
