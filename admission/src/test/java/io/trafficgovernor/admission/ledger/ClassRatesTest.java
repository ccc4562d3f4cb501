package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import org.junit.jupiter.api.Test;

final class ClassRatesTest {
  private static ClassRates after(int rounds, long first, long retries) {
    ClassRates rates = ClassRates.NONE;
    for (int i = 0; i < rounds; i++) {
      rates = rates.after(new ClassReport(first, retries, 0, 0, Tally.NONE), 0.25);
    }
    return rates;
  }

  @Test
  void amplification_isArrivalsForEachFirstAttempt() {
    assertThat(after(0, 0, 0).amplification()).as("silence").isEqualTo(1);
    assertThat(after(40, 25, 0).amplification()).isCloseTo(1, within(1e-9));
    assertThat(after(40, 25, 75).amplification()).isCloseTo(4, within(1e-9));
    assertThat(after(40, 0, 75).amplification()).as("bounded").isEqualTo(100);
    assertThat(new ClassRates(0.01, 0, 0, 0, 0, 0.005).amplification()).as("few").isEqualTo(2);
    assertThat(new ClassRates(0.009, 0, 0, 0, 0, 0.001).amplification()).isEqualTo(1);
  }

  @Test
  void offered_countsRetriesToo() {
    ClassRates rates = after(60, 25, 75);
    assertThat(rates.offered()).isCloseTo(400, within(0.1));
    assertThat(rates.first()).isCloseTo(100, within(0.1));
  }

  @Test
  void rates_areSmoothedOverASecond() {
    Tally ended = new Tally(4, 0, 1, 0, 0, 0);
    ClassRates once = ClassRates.NONE.after(new ClassReport(20, 10, 6, 14, ended), 0.5);
    double weight = 1 - Math.exp(-0.5);
    assertThat(once.offered()).isCloseTo(weight * 60, within(1e-9));
    assertThat(once.first()).isCloseTo(weight * 40, within(1e-9));
    assertThat(once.admitted()).isCloseTo(weight * 12, within(1e-9));
    assertThat(once.shed()).isCloseTo(weight * 28, within(1e-9));
    assertThat(once.answered()).isCloseTo(weight * 10, within(1e-9));
    assertThat(once.succeeded()).isCloseTo(weight * 8, within(1e-9));
    assertThat(once.after(ClassReport.NONE, 1).offered())
        .isCloseTo(weight * 60 * Math.exp(-1), within(1e-9));
  }

  @Test
  void success_isJudgedOnceThereAreOutcomes() {
    assertThat(ClassRates.NONE.judged()).isFalse();
    assertThat(ClassRates.NONE.successRatio()).isEqualTo(1);
    ClassRates few = new ClassRates(0, 0, 0, 0.01, 0.004, 0);
    assertThat(few.judged()).isTrue();
    assertThat(few.successRatio()).isCloseTo(0.4, within(1e-9));
    assertThat(new ClassRates(0, 0, 0, 0.009, 0, 0).judged()).isFalse();
  }
}
