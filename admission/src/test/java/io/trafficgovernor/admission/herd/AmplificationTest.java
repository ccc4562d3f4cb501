package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AmplificationTest {
  private static final long SECOND = 1_000_000_000L;

  private final Amplification amplification = new Amplification(2);

  private void arrive(int rank, int first, int again, long nowNanos) {
    for (int i = 0; i < first; i++) {
      amplification.arrived(rank, true, nowNanos);
    }
    for (int i = 0; i < again; i++) {
      amplification.arrived(rank, false, nowNanos);
    }
  }

  @Test
  void silence_isOne() {
    assertThat(amplification.of(0, 0)).isEqualTo(1);
    assertThat(amplification.ofAll(5 * SECOND)).isEqualTo(1);
  }

  @Test
  void countsArrivalsForEachFirstAttempt_byClassAndOverAll() {
    arrive(0, 10, 30, 0);
    arrive(1, 30, 0, SECOND);
    assertThat(amplification.of(0, SECOND)).isEqualTo(4);
    assertThat(amplification.of(1, SECOND)).isEqualTo(1);
    assertThat(amplification.ofAll(SECOND)).as("70 over 40").isEqualTo(1.75);
  }

  @Test
  void retriesAlone_countAsIfThereHadBeenOneFirst() {
    arrive(0, 0, 7, 0);
    assertThat(amplification.of(0, 0)).isEqualTo(7);
  }

  @Test
  void forgetsWhatIsOlderThanTheWindow() {
    arrive(0, 10, 30, 0);
    arrive(0, 10, 0, 9 * SECOND);
    assertThat(amplification.of(0, 9 * SECOND)).as("50 over 20").isEqualTo(2.5);
    assertThat(amplification.of(0, 10 * SECOND)).as("the first second is gone").isEqualTo(1);
    arrive(0, 1, 2, 10 * SECOND);
    assertThat(amplification.of(0, 18 * SECOND)).as("13 over 11").isEqualTo(13 / 11.0);
    assertThat(amplification.of(0, 19 * SECOND)).as("3 over 1").isEqualTo(3);
  }

  /** A ticker may stand anywhere when a process starts, below zero too, and may jump. */
  @Test
  void worksFromAnyInstant() {
    arrive(0, 2, 2, -3 * SECOND / 2);
    assertThat(amplification.of(0, -SECOND)).isEqualTo(2);
    arrive(0, 2, 0, SECOND / 2);
    assertThat(amplification.of(0, SECOND)).isEqualTo(1.5);
    assertThat(amplification.of(0, 1_000_000 * SECOND)).as("long after").isEqualTo(1);
  }
}
