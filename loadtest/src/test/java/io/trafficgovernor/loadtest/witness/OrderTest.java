package io.trafficgovernor.loadtest.witness;

import static io.trafficgovernor.loadtest.testing.RunSketch.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import io.trafficgovernor.loadtest.witness.Witness.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I6 and I7: who may be refused while whom is let through. */
final class OrderTest {
  private static final long SESSION = 12345;

  private final Violations violations = new Violations();
  private final Order order = new Order(2, violations);
  private final Coherence coherence = new Coherence(violations);

  private static Asked asked(int node, int rank) {
    return new Asked(node, rank, SESSION, true);
  }

  private void refused(int node, int rank, ShedReason reason, long now) {
    order.refused(asked(node, rank), reason, null, now);
  }

  @Test
  void lowerClassRefused_higherSent_isAsItShouldBe() {
    refused(0, 2, ShedReason.TOKENS, SECOND);
    order.sent(asked(0, 0), SECOND);
    assertThat(order.breaks()).isZero();
  }

  @Test
  void higherClassRefused_lowerSent_breaksI6b_inEitherOrder() {
    refused(0, 0, ShedReason.TOKENS, SECOND);
    order.sent(asked(0, 2), SECOND);
    order.sent(asked(1, 2), 2 * SECOND);
    refused(1, 1, ShedReason.SLOTS, 2 * SECOND);
    assertThat(order.breaks()).isEqualTo(2);
    assertThat(violations.counts()).containsOnlyKeys("I6b");
  }

  @Test
  void anotherNodeOrAnotherInstant_isNoBreak() {
    refused(0, 0, ShedReason.TOKENS, SECOND);
    order.sent(asked(1, 2), SECOND);
    order.sent(asked(0, 2), SECOND + 1);
    assertThat(order.breaks()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = ShedReason.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"TOKENS", "SLOTS"})
  void refusalsForOtherReasons_areNoBreak(ShedReason reason) {
    refused(0, 0, reason, SECOND);
    order.sent(asked(0, 2), SECOND);
    assertThat(order.breaks()).isZero();
  }

  @Test
  void inverted_isThePartRefusedInCellsInWhichALowerClassWent() {
    for (int i = 0; i < 10; i++) {
      order.arrived(asked(0, 0), SECOND);
    }
    refused(0, 0, ShedReason.ROOM_FULL, SECOND);
    order.sent(asked(1, 2), SECOND + 1);
    refused(0, 0, ShedReason.ROOM_FULL, 2 * SECOND);
    assertThat(order.invertedPercent()).isCloseTo(10, within(1e-9));
  }

  @Test
  void inverted_isMeasuredFromWhenItIsTold() {
    order.measureFrom(5 * SECOND);
    order.arrived(asked(0, 0), SECOND);
    refused(0, 0, ShedReason.ROOM_FULL, SECOND);
    order.sent(asked(1, 2), SECOND);
    assertThat(order.invertedPercent()).isZero();
  }

  @Test
  void keyBelowTheCutoff_refusedAsCutoff_breaksI7() {
    long salt = LedgerSketch.ramping(100).state().authority().incidentSalt();
    long key = SessionKey.of(2, SESSION, salt);
    LedgerSketch above = LedgerSketch.ramping(100).cutoff(new Cutoff(key, 125, 100));
    LedgerSketch below = LedgerSketch.ramping(100).cutoff(new Cutoff(key + 1, 125, 100));
    coherence.refused(asked(0, 2), ShedReason.CUTOFF, LedgerSketch.lease(1, 0, above, 1), SECOND);
    assertThat(violations.counts()).isEmpty();
    coherence.refused(asked(0, 2), ShedReason.TOKENS, LedgerSketch.lease(1, 0, below, 1), SECOND);
    assertThat(violations.counts()).as("for another reason").isEmpty();
    coherence.refused(asked(0, 2), ShedReason.CUTOFF, LedgerSketch.lease(1, 0, below, 1), SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I7");
  }

  /** The session's key says nothing of a request that has a place of its own. */
  @Test
  void requestPlacedAlone_isNotJudgedByItsSession() {
    LedgerSketch open = LedgerSketch.ramping(100).cutoff(Cutoff.open(3));
    Asked alone = asked(0, 2).decided(true);
    coherence.refused(alone, ShedReason.CUTOFF, LedgerSketch.lease(1, 0, open, 1), SECOND);
    assertThat(violations.counts()).isEmpty();
    Asked plain = asked(0, 2).decided(false);
    coherence.refused(plain, ShedReason.CUTOFF, LedgerSketch.lease(1, 0, open, 1), SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I7");
  }

  @Test
  void refusedAsCutoff_withoutALease_breaksI7() {
    coherence.refused(asked(0, 2), ShedReason.CUTOFF, null, SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I7");
  }

  private static final Cutoff HIGH = new Cutoff(90_000, 125, 62);
  private static final LedgerSketch ASKED = LedgerSketch.ramping(100).asked(40, 60, 50);

  private void falls(LedgerSketch before, LedgerSketch after, Cutoff to) {
    coherence.stepped(before.cutoff(HIGH).state(), after.cutoff(to).state(), SECOND);
  }

  @Test
  void cutoff_mayFallForLessBudgetOrMoreDemand() {
    falls(ASKED, ASKED, new Cutoff(80_000, 124, 100));
    falls(
        ASKED.in(Phase.HOLD),
        LedgerSketch.ramping(100).asked(43, 60, 50).in(Phase.HOLD),
        new Cutoff(80_000, 125, 103));
    assertThat(violations.counts()).isEmpty();
    assertThat(coherence.falls()).isEqualTo(2);
  }

  @Test
  void cutoff_thatFallsWithoutAReason_breaksI7() {
    LedgerSketch onePercent = LedgerSketch.ramping(100).asked(40.5, 60, 50);
    falls(ASKED, onePercent, new Cutoff(89_999, 125, 103));
    assertThat(violations.counts()).as("whatever it says of itself").containsOnlyKeys("I7");
  }

  @Test
  void cutoff_thatFallsForACrowdBelowIt_breaksI7() {
    falls(ASKED, LedgerSketch.ramping(100).asked(40, 60, 500), new Cutoff(89_999, 125, 103));
    assertThat(violations.counts()).containsOnlyKeys("I7");
  }

  @Test
  void cutoff_outsideTheRamp_isNotJudged() {
    LedgerSketch back = ASKED.in(Phase.ROLLBACK);
    falls(back, back, new Cutoff(1, 125, 100));
    assertThat(violations.counts()).isEmpty();
    assertThat(coherence.falls()).isZero();
  }
}
