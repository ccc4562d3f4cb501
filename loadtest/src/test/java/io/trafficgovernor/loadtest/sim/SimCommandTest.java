package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.shell.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SimCommandTest {
  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return new CommandLine(new SimCommand(console, () -> 0)).execute(words);
  }

  @Test
  void run_printsSeedsAndWritesTheResult() throws Exception {
    int code = run("S4", "--nodes", "3", "--seeds", "1", "--seed", "42", "--out", "" + folder);
    assertThat(code).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("seed 42").contains("S4, 3 nodes");
    assertThat(Files.readString(folder.resolve("result.json")))
        .contains("\"verdict\" : \"pass\"")
        .contains("\"id\" : \"S4-excess-1s\"");
  }

  @Test
  void run_saysAllFaultsAtOnce() {
    assertThat(run("S9", "S1", "--nodes", "0", "--seeds", "0")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("scenario: got S9, allowed S1")
        .contains("--nodes: got 0")
        .contains("--seeds: got 0");
  }
}
