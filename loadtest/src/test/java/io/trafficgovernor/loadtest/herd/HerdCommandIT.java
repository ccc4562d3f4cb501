package io.trafficgovernor.loadtest.herd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import io.trafficgovernor.loadtest.testing.CapturedConsole;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code loadtest herd} with a small herd, and all its processes. */
final class HerdCommandIT {
  private static final Path GOVERNOR = Path.of("../governor/target/governor.jar").toAbsolutePath();

  @TempDir private Path folder;

  private final CapturedConsole console = new CapturedConsole();

  private int run(String... arguments) {
    return new CommandLine(new HerdCommand(console.console(), LoadTest.class)).execute(arguments);
  }

  @Test
  void smallHerd_isServedWithoutASurge() throws Exception {
    int code = run("--users=300", "--governor=" + GOVERNOR, "--out=" + folder);
    String written = console.out() + console.err();
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
    assertThat(console.err())
        .contains("--users: got 0, allowed 1 to 5000")
        .contains("--honouring: got 2.0, allowed 0 to 1")
        .contains("no governor at /no/such.jar");
  }
}
