package io.trafficgovernor.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WitnessLogTest {
  @TempDir private Path folder;
  private final VirtualTime time = new VirtualTime();
  private final AdmissionController admission =
      new AdmissionController(Classes.chain(2), time, false);

  private void look(WitnessLog log) {
    log.add(time.nanos(), admission.snapshot(time.nanos()));
  }

  /** What was granted and sent, in the words that the offline check reads. */
  @Test
  void lines_holdWhatWasGrantedAndSent() throws IOException {
    try (WitnessLog log = WitnessLog.open(folder)) {
      look(log);
      admission.adopt(Leases.ample().rate(50).sent(0), 0);
      time.advanceMillis(500);
      Decision decision =
          admission.decide(new Arrival(1, 7, time.nanos(), true, (d, n) -> {}), time.nanos());
      ((Decision.Admitted) decision).permit().send(time.nanos());
      ((Decision.Admitted) decision).permit().end(Outcome.SUCCESS, 1_000_000, time.nanos());
      look(log);
    }
    assertThat(Files.readAllLines(folder.resolve("witness.log")))
        .containsExactly("0 0.000 0 0.000 0.000 1", "500000000 25.000 1 50.000 50.000 1");
  }

  @Test
  void open_goesOnWithTheFile() throws IOException {
    for (int life = 0; life < 2; life++) {
      try (WitnessLog log = WitnessLog.open(folder)) {
        look(log);
      }
    }
    assertThat(Files.readAllLines(folder.resolve("witness.log"))).hasSize(2);
  }

  /** The log is bounded: the older half moves aside, and what was older still is gone. */
  @Test
  void aFullFile_movesAside() throws IOException {
    Files.writeString(folder.resolve("witness.log"), "x".repeat(15_999_990));
    try (WitnessLog log = WitnessLog.open(folder)) {
      look(log);
    }
    assertThat(Files.size(folder.resolve("witness.log.1"))).isEqualTo(15_999_990);
    assertThat(Files.readAllLines(folder.resolve("witness.log"))).hasSize(1);
  }
}
