package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.world.Breakage;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing in a run may hang on hash codes, addresses or the order of a JVM's own sets. */
final class OtherProcessTest {
  private static final long SEED = 21;
  private static final long LONGEST_SECONDS = 120;

  @TempDir private Path folder;

  @Test
  void sameSeed_sameRunInAnotherProcess() throws Exception {
    Run here =
        new Simulation(Scenarios.named("random-faults"), SEED).run(new Governed(Breakage.NONE), 5);
    String there = fingerprintElsewhere();
    assertThat(there).isEqualTo(Long.toHexString(here.log().fingerprint()));
  }

  private String fingerprintElsewhere() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    LoadTest.class.getName(),
                    "sim",
                    "random-faults",
                    "--nodes",
                    "5",
                    "--seed",
                    Long.toString(SEED),
                    "--seeds",
                    "1",
                    "--out",
                    folder.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new JsonObject(Files.readString(folder.resolve("result.json")))
        .getJsonArray("scenarios")
        .getJsonObject(0)
        .getJsonArray("runs")
        .getJsonObject(0)
        .getString("fingerprint");
  }
}
