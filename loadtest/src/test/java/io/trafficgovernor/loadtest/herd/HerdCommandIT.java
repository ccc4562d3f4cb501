package io.trafficgovernor.loadtest.herd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import io.trafficgovernor.loadtest.shell.Console;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code loadtest herd} with a small herd, and all its processes. */
final class HerdCommandIT {
  private static final Path GOVERNOR = Path.of("../governor/target/governor.jar").toAbsolutePath();

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return new CommandLine(new HerdCommand(console, LoadTest.class)).execute(arguments);
  }

  @Test
  void smallHerd_isServedWithoutASurge() throws Exception {
    int code = run("--users=300", "--governor=" + GOVERNOR, "--out=" + folder);
    String written = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    assertThat(Files.exists(folder.resolve("result.json"))).as(written).isTrue();
    JsonObject result = new JsonObject(Files.readString(folder.resolve("result.json")));
    assertThat(code).isEqualTo(result.getString("verdict").equals("pass") ? 0 : 1);
    assertThat(result.getJsonObject("sockets").getInteger("served")).as(written).isEqualTo(300);
    assertThat(result.getJsonArray("checks").stream().map(JsonObject.class::cast))
        .as(written)
        .noneMatch(check -> check.getString("outcome").equals("fail"));
    assertThat(Files.readString(folder.resolve("index.html"))).contains("<svg", "real sockets");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void wrongOptions_areToldAllAtOnce() {
    assertThat(run("--users=0", "--honouring=2", "--governor=/no/such.jar")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--users: got 0, allowed 1 to 5000")
        .contains("--honouring: got 2.0, allowed 0 to 1")
        .contains("no governor at /no/such.jar");
  }
}
