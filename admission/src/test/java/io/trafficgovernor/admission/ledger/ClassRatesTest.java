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
  }

  @Test
  void offered_countsRetriesToo() {
    ClassRates rates = after(60, 25, 75);
    assertThat(rates.offered()).isCloseTo(400, within(0.1));
    assertThat(rates.first()).isCloseTo(100, within(0.1));
  }
}
