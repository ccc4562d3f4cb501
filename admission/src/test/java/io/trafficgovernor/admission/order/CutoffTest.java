package io.trafficgovernor.admission.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CutoffTest {
  private static final List<Double> DEMAND = List.of(50.0, 100.0, 200.0);
  private static final Cutoff CLOSED = new Cutoff(0, 0, 0);

  @Test
  void next_letsTheHeadroomPast() {
    Cutoff cutoff = CLOSED.next(160, DEMAND);
    assertThat(cutoff.openShare(0)).isEqualTo(1);
    assertThat(cutoff.openShare(1)).isEqualTo(1);
    assertThat(cutoff.openShare(2)).as("1.25 * 160 - 150 = 50 of 200").isEqualTo(0.25);
  }

  @Test
  void next_opensAllWhenTheCeilingCoversIt() {
    assertThat(CLOSED.next(280, DEMAND).key()).isEqualTo(3 * SessionKey.PER_CLASS);
    assertThat(CLOSED.next(1, List.of(0.0, 0.0, 0.0)).openShare(2)).isEqualTo(1);
  }

  @Test
  void next_neverOrdersTheTopClassBySession() {
    assertThat(CLOSED.next(10, DEMAND).openShare(0)).isEqualTo(1);
  }

  @Test
  void next_risesAtOnce() {
    Cutoff low = CLOSED.next(140, DEMAND);
    assertThat(low.next(200, DEMAND).key()).isGreaterThan(low.key());
  }

  @Test
  void next_fallsWithTheCeiling() {
    Cutoff high = CLOSED.next(200, DEMAND);
    assertThat(high.next(140, DEMAND).key()).isLessThan(high.key());
  }

  @Test
  void next_holdsAgainstNoiseInTheDemand() {
    Cutoff before = CLOSED.next(160, DEMAND);
    Cutoff after = before.next(160, List.of(50.0, 100.0, 203.0));
    assertThat(after.key()).as("1.5 % more demand").isEqualTo(before.key());
  }

  @Test
  void next_fallsWithRealDemand() {
    Cutoff before = CLOSED.next(160, DEMAND);
    assertThat(before.next(160, List.of(50.0, 100.0, 206.0)).key()).isLessThan(before.key());
  }
}
