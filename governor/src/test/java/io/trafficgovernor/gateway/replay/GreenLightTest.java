package io.trafficgovernor.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Class 1 of 2 is journaled. */
final class GreenLightTest {
  private final VirtualTime time = new VirtualTime();
  private final AdmissionController admission =
      new AdmissionController(Classes.chain(2), time, false);
  private final GreenLight light = new GreenLight(List.of(1));
  private long lease = 1;

  private void phase(Phase phase) {
    lease++;
    admission.adopt(
        Leases.ample().phase(phase).counter(lease).lasting(1000).sent(time.nanos()), time.nanos());
  }

  private boolean green() {
    return light.green(admission.snapshot(time.nanos()), time.nanos());
  }

  private void live(int rank, Outcome outcome) {
    Decision decision =
        admission.decide(new Arrival(rank, 1, time.nanos(), true, (d, n) -> {}), time.nanos());
    if (decision instanceof Decision.Admitted admitted) {
      admitted.permit().send(time.nanos());
      admitted.permit().end(outcome, 1_000_000, time.nanos());
    }
  }

  /** Passes a window of good news: the lease is renewed, nothing else happens. */
  private void pass(Phase phase) {
    for (int i = 0; i < 40; i++) {
      time.advanceMillis(100);
      phase(phase);
      light.green(admission.snapshot(time.nanos()), time.nanos());
    }
  }

  @Test
  void withoutALease_itIsRed() {
    assertThat(green()).isFalse();
    assertThat(light.why()).isEqualTo("isolated");
    phase(Phase.OPEN);
    assertThat(green()).isTrue();
    time.advanceMillis(5000);
    assertThat(green()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OPEN", "RAMPING", "HOLD", "ISOLATED"})
  void phase_inWhichTheBackendIsSpared(Phase phase) {
    phase(phase);
    assertThat(green()).isFalse();
    assertThat(light.why()).isEqualToIgnoringCase(phase.name());
  }

  @Test
  void refusedLiveWrite_isRedForAWindow() {
    phase(Phase.OUTAGE);
    assertThat(green()).isFalse();
    live(1, Outcome.SUCCESS);
    phase(Phase.RAMPING);
    assertThat(green()).isFalse();
    assertThat(light.why()).isEqualTo("live-writes-refused");
    pass(Phase.RAMPING);
    assertThat(green()).isTrue();
  }

  @Test
  void failedLiveWrites_areRedForAWindow() {
    phase(Phase.OPEN);
    assertThat(green()).isTrue();
    live(1, Outcome.FAILURE);
    assertThat(green()).isFalse();
    assertThat(light.why()).isEqualTo("live-writes-fail");
    pass(Phase.OPEN);
    assertThat(green()).isTrue();
  }

  @Test
  void otherClasses_doNotCount() {
    phase(Phase.OPEN);
    assertThat(green()).isTrue();
    live(0, Outcome.FAILURE);
    assertThat(green()).isTrue();
  }
}
