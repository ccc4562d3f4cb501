package io.trafficgovernor.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.trafficgovernor.loadtest.process.Children;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.trafficgovernor.loadtest.process.JavaCommand;
import io.trafficgovernor.loadtest.testing.CapturedConsole;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo in short, with all its processes; and a Ctrl-C in the middle of it. */
final class ReplayIT {
  private static final int SIGINT = 2;
  private static final Path GOVERNOR = Path.of("../governor/target/governor.jar").toAbsolutePath();

  @TempDir private Path folder;

  private final CapturedConsole console = new CapturedConsole();

  private int run(String... arguments) {
    return LoadTest.commandLine(console.console()).execute(arguments);
  }

  private String written() {
    return console.out();
  }

  /** Of a short run on a busy machine only what cannot depend on its speed is asked. */
  @Test
  void shortReplay_tellsEverySystemAndLeavesNoProcess() throws IOException {
    int code =
        run(
            "replay",
            "june-12",
            "--runs=HALF",
            "--outage=5s",
            "--quota=off",
            "--seed=4",
            "--governor=" + GOVERNOR,
            "--out=" + folder);
    JsonObject result = new JsonObject(Files.readString(folder.resolve("result.json")));
    assertThat(code).isEqualTo(result.getString("verdict").equals("pass") ? 0 : 1);
    assertThat(pass(result, "half-meters-agree")).as(written()).isTrue();
    assertThat(pass(result, "half-no-second-collapse")).as(written()).isTrue();
    assertThat(pass(result, "half-probes-first")).as(written()).isTrue();
    for (String promise : List.of("half-stale-age", "half-writes-lost", "half-tokens-twice")) {
      assertThat(check(result, promise).getString("outcome")).as(written()).isNotEqualTo("fail");
    }
    assertThat(written()).doesNotContain("not built");
    assertThat(result.getJsonArray("runs").getJsonObject(0).getJsonArray("systems")).hasSize(20);
    assertThat(written()).contains("operator: http://127.0.0.1:").contains("verdict: ");
    assertThat(Files.readString(folder.resolve("index.html"))).contains("Zaraz").contains("<svg");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static boolean pass(JsonObject result, String id) {
    return check(result, id).getBoolean("pass");
  }

  private static JsonObject check(JsonObject result, String id) {
    JsonArray checks = result.getJsonArray("checks");
    for (int i = 0; i < checks.size(); i++) {
      if (checks.getJsonObject(i).getString("id").equals(id)) {
        return checks.getJsonObject(i);
      }
    }
    throw new AssertionError("no check " + id + " in " + checks);
  }

  @Test
  void interrupt_takesAllProcessesAlong() throws Exception {
    try (Children children = new Children()) {
      Child replay =
          children.start(
              "replay",
              folder,
              interruptible(
                  JavaCommand.ofClass(
                      LoadTest.class,
                      List.of(
                          "replay",
                          "june-12",
                          "--governor=" + GOVERNOR,
                          "--out=" + folder.resolve("out")))));
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> Files.readString(replay.log()).contains("operator: "));
      List<ProcessHandle> started = replay.process().descendants().toList();
      assertThat(started).as("a store and three governors").hasSize(4);
      replay.signal("INT");
      assertThat(replay.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  /**
   * A build that a shell runs in the background ignores SIGINT, and so would every process it
   * starts: no Ctrl-C reaches them. Whoever presses one has a terminal, where it is not ignored.
   */
  private static List<String> interruptible(List<String> command) throws Exception {
    if (!ignoresInterrupts()) {
      return command;
    }
    List<String> atDefault = new ArrayList<>(List.of("env", "--default-signal=INT"));
    Process trial = new ProcessBuilder(atDefault.get(0), atDefault.get(1), "true").start();
    assumeThat(trial.waitFor())
        .as("SIGINT is ignored here, and this env, older than coreutils 8.31, cannot undo it")
        .isZero();
    atDefault.addAll(command);
    return atDefault;
  }

  private static boolean ignoresInterrupts() throws IOException {
    String ignored =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    return new BigInteger(ignored.substring("SigIgn:".length()).trim(), 16).testBit(SIGINT - 1);
  }

  @Test
  void wrongCalls_endWithTwo() {
    assertThat(run("replay", "june-13")).isEqualTo(2);
    assertThat(run("replay", "june-12", "--governor=/no/such.jar")).isEqualTo(2);
    assertThat(run("replay", "june-12", "--outage=1s")).isEqualTo(2);
    assertThat(console.err())
        .contains("incident: got 'june-13', allowed [june-12]")
        .contains("there is no governor at /no/such.jar")
        .contains("--outage: got PT1S, allowed PT4S or more");
  }
}
