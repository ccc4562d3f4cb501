package io.trafficgovernor.loadtest.witness;

import static io.trafficgovernor.loadtest.testing.RunSketch.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import io.trafficgovernor.loadtest.witness.Witness.Asked;
import org.junit.jupiter.api.Test;

/** I3 and I4: what a ceiling may rise to, and when it must fall. */
final class EvidenceTest {
  private final Violations violations = new Violations();
  private final Evidence evidence = new Evidence(1, violations);
  private final LedgerSketch first = LedgerSketch.ramping(100).saw(100);

  /** The nodes were really answered so many in the round before 1 s. */
  private void answered(int count) {
    for (int i = 0; i < count; i++) {
      evidence.answered(new Asked(0, 0, 1, true), true, SECOND - SECOND / 5);
    }
  }

  private void steps(LedgerSketch from, LedgerSketch to) {
    evidence.stepped(from.state(), to.state(), SECOND);
  }

  @Test
  void raise_toAHalfMoreThanTheGoodput_holds() {
    answered(25);
    steps(first, first.saw(100).at(150));
    assertThat(violations.counts()).isEmpty();
  }

  @Test
  void raise_beyondThat_breaksI3() {
    answered(100);
    steps(first, first.saw(100).at(151));
    assertThat(violations.counts()).containsOnlyKeys("I3");
  }

  @Test
  void raise_byGoodputThatNoNodeHad_isSeenByTheAnswers() {
    answered(10);
    steps(first, first.saw(100).at(150));
    assertThat(violations.counts()).containsOnlyKeys("I3-late");
  }

  @Test
  void badAnswers_showNothing() {
    for (int i = 0; i < 100; i++) {
      evidence.answered(new Asked(0, 0, 1, true), false, SECOND - SECOND / 5);
    }
    steps(first, first.saw(100).at(150));
    assertThat(violations.counts()).containsOnlyKeys("I3-late");
  }

  @Test
  void oldAnswers_areForgotten() {
    answered(25);
    evidence.stepped(first.state(), first.saw(100).at(150).state(), 11 * SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I3-late");
  }

  @Test
  void afterAStall_theFactorIsTwo() {
    answered(25);
    steps(first.stalled(), first.saw(100).at(200));
    assertThat(violations.counts()).isEmpty();
    steps(first.stalled(), first.saw(100).at(201));
    assertThat(violations.counts()).containsKey("I3");
  }

  @Test
  void floor_needsNoEvidence() {
    steps(LedgerSketch.ramping(10), LedgerSketch.ramping(32));
    assertThat(violations.counts()).as("8 slots at a quarter of a time-out").isEmpty();
    steps(LedgerSketch.ramping(10), LedgerSketch.ramping(10).saw(1).at(33));
    assertThat(violations.counts()).containsKeys("I3", "I3-late");
  }

  @Test
  void open_isExempt() {
    steps(first.in(Phase.OPEN), first.in(Phase.OPEN).saw(1).at(1000));
    assertThat(violations.counts()).isEmpty();
  }

  @Test
  void unusedCeiling_thatStays_breaksI4() {
    LedgerSketch unused = LedgerSketch.ramping(400).saw(100);
    steps(unused, unused.saw(100).at(360));
    assertThat(violations.counts()).as("a tenth less").isEmpty();
    steps(unused, unused.saw(100).at(361));
    assertThat(violations.counts()).containsOnlyKeys("I4");
  }
}
