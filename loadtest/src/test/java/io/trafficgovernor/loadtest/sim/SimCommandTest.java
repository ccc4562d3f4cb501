package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.testing.CapturedConsole;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SimCommandTest {
  @TempDir private Path folder;
  private final CapturedConsole console = new CapturedConsole();

  private int run(String... words) {
    return new CommandLine(new SimCommand(console.console())).execute(words);
  }

  @Test
  void run_printsSeedsAndWritesTheResult() throws Exception {
    int code = run("S4", "--nodes", "3", "--seeds", "1", "--seed", "42", "--out", "" + folder);
    assertThat(code).isBetween(0, 1);
    assertThat(console.out()).contains("seed 42").contains("S4, governed, 3 nodes");
    assertThat(Files.readString(folder.resolve("result.json")))
        .contains("\"id\" : \"S4-n3-I2\"")
        .contains("\"fingerprint\"");
    assertThat(Files.readString(folder.resolve("result.md"))).contains("| S4 | governed | 3 |");
    assertThat(Files.readString(folder.resolve("index.html"))).contains("<svg");
  }

  @Test
  void run_saysAllFaultsAtOnce() {
    assertThat(run("S9", "S1", "--nodes", "0", "--seeds", "0", "--beside", "x", "--without", "y"))
        .isEqualTo(2);
    assertThat(console.err())
        .contains("scenario: got S9, allowed the path of a file, or S1")
        .contains("--nodes: got 0")
        .contains("--seeds: got 0")
        .contains("--beside: got x")
        .contains("--without: got y, allowed slow-start, ");
  }
}
