package io.trafficgovernor.loadtest.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.incident.IncidentFile;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.runtime.SystemTicker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of one of three governors in the ramp: the others carry on. */
final class GovernorKilledIT {
  private static final long SEED = 9;
  private static final int KILLED = 1;
  private static final Duration WHEN = Duration.ofMillis(2_500);
  private static final double BOUND_SECONDS = 90;

  @TempDir private Path folder;

  private Settings settings() {
    Incident june = IncidentFile.named("june-12");
    Incident.Replay small =
        new Incident.Replay(
            350,
            Duration.ofSeconds(5),
            Double.POSITIVE_INFINITY,
            Duration.ofSeconds(1),
            june.replay().honouring(),
            june.replay().backoff(),
            new Incident.Store(12, Duration.ofMillis(8), Duration.ofMillis(80), 2_000, 0.8, 2_000));
    return new Settings(
        june.replayedBy(small),
        SEED,
        folder,
        Path.of("../governor/target/governor.jar").toAbsolutePath(),
        LoadTest.class);
  }

  @Test
  void others_carryOnInsideTheEnvelope() {
    RunRecord run;
    try (Bench bench = new Bench(Console.ofProcess(), new SystemTicker().nanos())) {
      run =
          new LiveRun(
                  bench,
                  settings(),
                  LiveRun.Plan.governed("killed", 1, false)
                      .disturbed(List.of(new Disturbance(WHEN, KILLED, Disturbance.Kind.KILL))))
              .run();
    }
    long killed = run.moments().returnedNanos() + WHEN.toNanos();
    assertThat(phaseBefore(run, killed)).as("killed in the ramp").isEqualTo("RAMPING");
    assertThat(run.nodes().stream().filter(each -> each.node() == KILLED))
        .allMatch(each -> each.askedNanos() < killed + 1_000_000_000L);
    assertThat(run.nodes().stream().filter(each -> each.askedNanos() > killed + 5_000_000_000L))
        .extracting(NodeSample::node)
        .as("the others carry on")
        .contains(0, 2)
        .doesNotContain(KILLED);
    List<Check> checks =
        new Judgement(new Judgement.Bars(Settings.NODES, Governors.EVENT_LOOPS, BOUND_SECONDS))
            .disturbed(run);
    assertThat(checks).as("%s", checks).noneMatch(check -> check.outcome() == Check.Outcome.FAIL);
    assertThat(checks).anyMatch(check -> check.id().equals("killed-all-back") && check.pass());
  }

  private static String phaseBefore(RunRecord run, long atNanos) {
    return run.nodes().stream()
        .filter(each -> each.node() == KILLED && each.toldNanos() < atNanos)
        .reduce((first, second) -> second)
        .map(NodeSample::phase)
        .orElseThrow();
  }
}
