package io.trafficgovernor.loadtest.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Figures;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.rival.PriorityProxy;
import io.trafficgovernor.loadtest.scenario.Measure;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ours beside the strongest rival. */
final class ProofTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  @TempDir private Path folder;

  private static Summary summary(String control, double backSeconds) {
    Figures figures =
        new Figures(
            control,
            1,
            Map.of(Measure.CRITICAL_BACK, backSeconds),
            Map.of(),
            Map.of(),
            List.of(),
            0,
            1,
            0,
            0,
            0,
            0);
    return new Summary(Scenarios.named("S1"), 8, List.of(figures), 1);
  }

  private static Check beside(double ours, double theirs) {
    Proof proof = new Proof();
    proof.ours(summary("governed", ours));
    proof.beside(summary("no control", 0));
    proof.beside(summary(PriorityProxy.NAME, theirs));
    return proof.checks().stream()
        .filter(check -> check.id().equals("S1-critical-back-beside"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ours_mayBeALittleLater() {
    assertThat(beside(2.4, 1).pass()).isTrue();
    assertThat(beside(2.6, 1).pass()).isFalse();
  }

  @Test
  void aRivalThatNeverComesBack_isNoExcuseForNone() {
    assertThat(beside(100, NEVER).pass()).isTrue();
    assertThat(beside(NEVER, 3).pass()).isFalse();
    assertThat(beside(NEVER, NEVER).pass()).isFalse();
  }

  @Test
  void withoutTheRival_nothingIsCompared() {
    Proof proof = new Proof();
    proof.ours(summary("governed", 9));
    proof.beside(summary("no control", 0));
    assertThat(proof.checks()).noneMatch(check -> check.id().endsWith("-beside"));
  }

  @Test
  void files_bearARivalThatNeverComesBack() throws Exception {
    Proof proof = new Proof();
    proof.ours(summary("governed", 1));
    proof.beside(summary(PriorityProxy.NAME, NEVER));
    ProofFiles.write(proof, folder);
    assertThat(Files.readString(folder.resolve("result.json"))).doesNotContain("Infinity,");
    assertThat(Files.readString(folder.resolve("index.html"))).contains("S1-critical-back-beside");
  }
}
