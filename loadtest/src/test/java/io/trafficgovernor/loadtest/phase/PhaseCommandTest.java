package io.trafficgovernor.loadtest.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.testing.CapturedConsole;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class PhaseCommandTest {
  @TempDir private Path folder;
  private final CapturedConsole console = new CapturedConsole();

  private int run(String... words) {
    return new CommandLine(new PhaseCommand(console.console())).execute(words);
  }

  /** One column of the diagram with a trigger that the store survives, and one that it does not. */
  @Test
  void phase_isMappedAndDrawn() throws Exception {
    int code =
        run(
            "--capacity",
            "1632",
            "--seeds",
            "1",
            "--demands",
            "0.4",
            "--lengths",
            "2,15",
            "--out",
            "" + folder);
    JsonObject result = new JsonObject(Files.readString(folder.resolve("result.json")));
    assertThat(code).as(result.encodePrettily()).isZero();
    JsonObject shorter = result.getJsonArray("cells").getJsonObject(0);
    JsonObject longer = result.getJsonArray("cells").getJsonObject(1);
    assertThat(shorter.getJsonObject("ungoverned").getBoolean("recovered")).isTrue();
    assertThat(longer.getJsonObject("ungoverned").getBoolean("recovered")).isFalse();
    assertThat(longer.getJsonObject("governed").getBoolean("recovered")).isTrue();
    assertThat(result.getJsonArray("threshold_s").getDouble(0)).isBetween(5.0, 20.0);
    assertThat(Files.readString(folder.resolve("result.md")))
        .contains("With the governor")
        .contains("| 15 s |");
    assertThat(Files.readString(folder.resolve("index.html")))
        .contains("class='down'")
        .contains("class='up'")
        .contains("Answers in time per second");
  }

  @Test
  void phase_saysAllFaultsAtOnce() {
    int code = run("--seeds", "0", "--capacity", "-1", "--demands", "0,3", "--lengths", "0");
    assertThat(code).isEqualTo(2);
    assertThat(console.err())
        .contains("--seeds: got 0, allowed 1 to 1000")
        .contains("--capacity: got -1.0, allowed more than 0")
        .contains("--demands: got [0.0, 3.0], allowed")
        .contains("--lengths: got [0.0], allowed");
  }
}
