package io.trafficgovernor.admission.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    Cutoff after = before.next(160, List.of(51.0, 101.0, 203.0));
    assertThat(after.key()).as("1.4 % more pass").isEqualTo(before.key());
  }

  @Test
  void next_fallsForMoreImportantDemand() {
    Cutoff before = CLOSED.next(160, DEMAND);
    Cutoff after = before.next(160, List.of(60.0, 100.0, 200.0));
    assertThat(after.openShare(2)).as("200 - 160 = 40 of 200").isCloseTo(0.2, within(1e-4));
  }

  @Test
  void next_holdsWhateverComesAboveTheKey() {
    List<Double> four = List.of(50.0, 100.0, 200.0, 50.0);
    Cutoff before = CLOSED.next(160, four);
    Cutoff after = before.next(160, List.of(50.0, 100.0, 206.0, 5000.0));
    assertThat(after.key()).as("0.75 % more pass").isEqualTo(before.key());
  }

  /** As many as before, but nearer to the top: all of them pass, where a tenth did. */
  @Test
  void next_fallsWhenTheSameUsersBecomeMoreImportant() {
    Cutoff before = CLOSED.next(40, List.of(10.0, 20.0, 200.0));
    Cutoff after = before.next(40, List.of(10.0, 120.0, 100.0));
    assertThat(before.openShare(2)).isCloseTo(0.1, within(1e-4));
    assertThat(after.openShare(1)).as("40 of 120").isCloseTo(1 / 3.0, within(1e-4));
    assertThat(after.openShare(2)).isZero();
  }

  @Test
  void next_staysForWhatGrewByJustTwoPercent() {
    List<Double> even = List.of(50.0, 100.0, 100.0);
    Cutoff before = CLOSED.next(140, even);
    assertThat(before.openShare(2)).isEqualTo(0.25);
    assertThat(before.passing()).isEqualTo(175);
    assertThat(before.next(140, List.of(53.5, 100.0, 100.0)).key()).isEqualTo(before.key());
    assertThat(before.next(140, List.of(53.6, 100.0, 100.0)).key()).isLessThan(before.key());
  }

  /** What was let grow a little is not let grow again from there: it is 2 % of what was set. */
  @Test
  void next_growthInSmallSteps_addsUp() {
    Cutoff cutoff = CLOSED.next(140, List.of(50.0, 100.0, 100.0));
    long set = cutoff.key();
    cutoff = cutoff.next(140, List.of(52.0, 100.0, 100.0));
    assertThat(cutoff.key()).isEqualTo(set);
    assertThat(cutoff.next(140, List.of(54.0, 100.0, 100.0)).key()).isLessThan(set);
  }

  @Test
  void next_demandThatJustFits_isInAsAWhole() {
    assertThat(CLOSED.next(120, DEMAND).key())
        .as("1.25 * 120 = 150")
        .isEqualTo(2 * SessionKey.PER_CLASS);
  }
}
