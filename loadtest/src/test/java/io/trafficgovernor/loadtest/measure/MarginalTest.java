package io.trafficgovernor.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import io.trafficgovernor.loadtest.witness.Witness.Asked;
import org.junit.jupiter.api.Test;

/** What passes a cutoff within a class, against what was to pass. */
final class MarginalTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int AUTH = 1;
  private static final int READ = 2;

  private final Marginal marginal = new Marginal(3);
  private Lease lease = half(Phase.RAMPING);
  private long now;

  MarginalTest() {
    adopt(half(Phase.RAMPING));
  }

  /** Half of read passes; it is valid for the first second. */
  private static Lease half(Phase phase) {
    long key = READ * SessionKey.PER_CLASS + SessionKey.PER_CLASS / 2;
    LedgerSketch ledger = LedgerSketch.ramping(100).in(phase).cutoff(new Cutoff(key, 125, 100));
    return LedgerSketch.lease(10, 1, ledger, 0);
  }

  private void adopt(Lease next) {
    lease = next;
    marginal.adopted(0, next, () -> 0, now);
  }

  private void passes(int rank, boolean first, int times) {
    for (int i = 0; i < times; i++) {
      marginal.arrived(new Asked(0, rank, 1, first), now);
    }
  }

  private void isRefused(int rank, boolean first, ShedReason reason, int times) {
    passes(rank, first, times);
    for (int i = 0; i < times; i++) {
      marginal.refused(new Asked(0, rank, 1, first), reason, lease, now);
    }
  }

  @Test
  void halfOfThem_isAsPlanned() {
    passes(READ, true, 50);
    isRefused(READ, true, ShedReason.CUTOFF, 50);
    assertThat(marginal.errorPercent()).isZero();
  }

  @Test
  void allOrNone_isHalfOfThemWrong() {
    passes(READ, true, 100);
    assertThat(marginal.errorPercent()).isCloseTo(50, within(1e-9));
  }

  /** A total would call it even. */
  @Test
  void tooManyNow_doNotMakeUpForTooFewBefore() {
    isRefused(READ, true, ShedReason.CUTOFF, 100);
    now = SECOND;
    passes(READ, true, 100);
    assertThat(marginal.errorPercent()).isCloseTo(50, within(1e-9));
  }

  @Test
  void withinASecond_itIsTheSum() {
    isRefused(READ, true, ShedReason.CUTOFF, 100);
    now = SECOND / 2;
    passes(READ, true, 100);
    assertThat(marginal.errorPercent()).isZero();
  }

  @Test
  void refusalsForOtherReasons_havePassedTheCutoff() {
    isRefused(READ, true, ShedReason.TOKENS, 50);
    isRefused(READ, true, ShedReason.CUTOFF, 50);
    assertThat(marginal.errorPercent()).isZero();
  }

  @Test
  void retriesAndClassesThatAreWhole_areNotJudged() {
    isRefused(READ, false, ShedReason.CUTOFF, 100);
    passes(AUTH, true, 100);
    passes(0, true, 100);
    assertThat(marginal.errorPercent()).isNaN();
  }

  @Test
  void whereTheCutoffIsNotAsked_nothingIsJudged() {
    adopt(half(Phase.OUTAGE));
    isRefused(READ, true, ShedReason.OUTAGE, 10);
    marginal.surrendered(0, now);
    isRefused(READ, true, ShedReason.ISOLATED, 10);
    adopt(half(Phase.RAMPING));
    marginal.vanished(0, now);
    isRefused(READ, true, ShedReason.ISOLATED, 10);
    marginal.adopted(0, half(Phase.RAMPING), () -> 2 * SECOND, now);
    isRefused(READ, true, ShedReason.ISOLATED, 10);
    assertThat(marginal.errorPercent()).isNaN();
  }
}
