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
    Cutoff after = before.next(160, List.of(50.0, 100.0, 203.0));
    assertThat(after.key()).as("1.5 % more demand").isEqualTo(before.key());
  }

  @Test
  void next_fallsForMoreImportantDemand() {
    Cutoff before = CLOSED.next(160, DEMAND);
    Cutoff after = before.next(160, List.of(60.0, 100.0, 200.0));
    assertThat(after.openShare(2)).as("200 - 160 = 40 of 200").isCloseTo(0.2, within(1e-4));
  }

  @Test
  void next_holdsWhateverComesBelow() {
    List<Double> four = List.of(50.0, 100.0, 200.0, 50.0);
    Cutoff before = CLOSED.next(160, four);
    Cutoff after = before.next(160, List.of(50.0, 100.0, 202.0, 500.0));
    assertThat(after.key()).as("0.6 % up to the marginal class").isEqualTo(before.key());
  }

  @Test
  void next_fallsByTheDemandOfTheKeyThatHolds_notOfTheOneToCome() {
    List<Double> before = List.of(50.0, 100.0, 200.0);
    Cutoff high = CLOSED.next(130, before);
    Cutoff low = high.next(130, List.of(50.0, 180.0, 200.0));
    assertThat(high.key()).as("in class 2").isGreaterThan(2 * SessionKey.PER_CLASS);
    assertThat(low.key()).as("in class 1").isLessThan(2 * SessionKey.PER_CLASS);
  }

  @Test
  void next_fallsWithRealDemand() {
    Cutoff before = CLOSED.next(160, DEMAND);
    assertThat(before.next(160, List.of(50.0, 100.0, 210.0)).key())
        .as("2.9 % more up to the marginal class")
        .isLessThan(before.key());
  }

  @Test
  void next_staysForDemandThatGrewByJustTwoPercent() {
    List<Double> even = List.of(50.0, 100.0, 100.0);
    Cutoff before = CLOSED.next(140, even);
    assertThat(before.openShare(2)).isEqualTo(0.25);
    assertThat(before.next(140, List.of(50.0, 100.0, 105.0)).key()).isEqualTo(before.key());
    assertThat(before.next(140, List.of(50.0, 100.0, 105.1)).key()).isLessThan(before.key());
  }

  /** What counts is the demand up to the line: what comes below it may grow as it likes. */
  @Test
  void next_fallsForMoreDemandInTheMarginalClass_howeverMuchIsBelowIt() {
    List<Double> many = List.of(50.0, 50.0, 50.0, 100.0, 1000.0);
    Cutoff before = CLOSED.next(140, many);
    assertThat(before.openShare(3)).isEqualTo(0.25);
    Cutoff after = before.next(140, List.of(50.0, 50.0, 50.0, 130.0, 1000.0));
    assertThat(after.openShare(3)).as("30 more of 250 are over 2 %").isLessThan(0.25);
    assertThat(after.upperDemand()).isEqualTo(280);
  }

  @Test
  void next_demandThatJustFits_isInAsAWhole() {
    assertThat(CLOSED.next(120, DEMAND).key())
        .as("1.25 * 120 = 150")
        .isEqualTo(2 * SessionKey.PER_CLASS);
  }
}
