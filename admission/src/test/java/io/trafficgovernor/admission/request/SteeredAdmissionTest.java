package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import org.junit.jupiter.api.Test;

/** A node that its ledger has left alone, or that an operator steers. */
final class SteeredAdmissionTest extends HandMadeAdmission {
  /** After a sleep the lease is worth nothing, and neither is the share that follows it. */
  @Test
  void surrender_isAsBeforeTheFirstLease() {
    settle(Leases.ample().slots(1).failSafe(100));
    goodOutcomes(20);
    Permit late = admitted(0);
    admitted(0);
    assertThat(decide(0)).isInstanceOf(Decision.Waiting.class);
    controller.surrender(time.nanos());
    assertThat(reason(told.get(0))).isEqualTo(ShedReason.ISOLATED);
    assertThat(late.send(time.nanos())).isFalse();
    assertThat(reason(decide(0))).isEqualTo(ShedReason.ISOLATED);
    assertThat(controller.snapshot(time.nanos()).isolated()).isTrue();
    settle(Leases.ample().counter(1));
    assertThat(decide(0)).as("any ledger's lease is newer").isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void isolated_usesTheFailSafeShareWhileItsOutcomesAreGood() {
    settle(Leases.ample().lasting(1000).failSafe(10));
    goodOutcomes(20);
    time.advanceMillis(2000);
    Permit top = admitted(0);
    assertThat(top.send(time.nanos())).isTrue();
    assertThat(decide(1)).as("one slot").isInstanceOf(Decision.Waiting.class);
    assertThat(reason(decide(2))).as("not a top class").isEqualTo(ShedReason.ISOLATED);
  }

  @Test
  void isolated_withoutGoodOutcomesUsesNothing() {
    settle(Leases.ample().lasting(1000).failSafe(10));
    goodOutcomes(19);
    time.advanceMillis(2000);
    assertThat(reason(decide(0))).isEqualTo(ShedReason.ISOLATED);
  }

  @Test
  void isolated_withOldOutcomesUsesNothing() {
    settle(Leases.ample().lasting(1000).failSafe(10));
    goodOutcomes(20);
    time.advanceMillis(11_000);
    assertThat(reason(decide(0))).isEqualTo(ShedReason.ISOLATED);
  }

  private void goodOutcomes(int count) {
    for (int i = 0; i < count; i++) {
      Permit permit = admitted(0);
      permit.send(time.nanos());
      permit.end(Outcome.SUCCESS, MILLI, time.nanos());
    }
  }

  @Test
  void shadow_anOperatorsWordHoldsAllTheSame() {
    AdmissionController shadow = new AdmissionController(Classes.chain(4), time, true);
    shadow.cap(0, time.nanos());
    assertThat(reason(shadow.decide(arrival(3), time.nanos()))).isEqualTo(ShedReason.FROZEN);
    shadow.cap(Double.POSITIVE_INFINITY, time.nanos());
    assertThat(shadow.decide(arrival(3), time.nanos())).isInstanceOf(Decision.Admitted.class);
    shadow.drain(time.nanos());
    assertThat(reason(shadow.decide(arrival(3), time.nanos()))).isEqualTo(ShedReason.DRAINING);
  }

  @Test
  void shadow_refusesNothingAndCountsAll() {
    AdmissionController shadow = new AdmissionController(Classes.chain(4), time, true);
    for (int i = 0; i < 10; i++) {
      Decision decision = shadow.decide(arrival(3), time.nanos());
      assertThat(decision).isInstanceOf(Decision.Admitted.class);
      Permit permit = ((Decision.Admitted) decision).permit();
      assertThat(permit.send(time.nanos())).isTrue();
      permit.end(Outcome.SUCCESS, MILLI, time.nanos());
    }
    NodeSnapshot after = shadow.snapshot(time.nanos());
    assertThat(after.classes().get(3).shed()).containsEntry(ShedReason.ISOLATED, 10L);
    assertThat(after.classes().get(3).sent()).isEqualTo(10);
    assertThat(after.inFlight()).isZero();
  }

  @Test
  void drain_refusesNewAndWaiting() {
    settle(Leases.ample().slots(0));
    assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
    controller.drain(time.nanos());
    assertThat(reason(told.get(0))).isEqualTo(ShedReason.DRAINING);
    assertThat(reason(decide(0))).isEqualTo(ShedReason.DRAINING);
  }

  @Test
  void cap_ofNothingRefusesNewAndWaiting() {
    settle(Leases.ample().slots(0));
    assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
    controller.cap(0, time.nanos());
    assertThat(reason(told.get(0))).isEqualTo(ShedReason.FROZEN);
    assertThat(reason(decide(0))).isEqualTo(ShedReason.FROZEN);
    controller.cap(Double.POSITIVE_INFINITY, time.nanos());
    assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
  }

  @Test
  void cap_holdsAPermitBackThatWasNotSent() {
    settle(Leases.ample());
    Permit permit = admitted(0);
    controller.cap(0, time.nanos());
    assertThat(permit.send(time.nanos())).isFalse();
  }

  @Test
  void cap_boundsTheRateAlsoInOpenAndInNewLeases() {
    settle(Leases.ample().phase(Phase.OPEN));
    controller.cap(10, time.nanos());
    assertThat(controller.snapshot(time.nanos()).ratePerSecond()).isEqualTo(10);
    adopt(Leases.ample().phase(Phase.OPEN).counter(2));
    int admitted = 0;
    for (int i = 0; i < 1_000; i++) {
      time.advanceMillis(10);
      Decision decision = controller.decide(arrival(0), time.nanos());
      admitted += decision instanceof Decision.Admitted ? 1 : 0;
    }
    long all = controller.snapshot(time.nanos()).classes().get(0).admitted();
    assertThat(all).as("10 s of 10/s and a burst").isBetween(95L, 106L);
    assertThat(admitted).isLessThanOrEqualTo((int) all);
    controller.cap(Double.POSITIVE_INFINITY, time.nanos());
    assertThat(controller.snapshot(time.nanos()).ratePerSecond()).isEqualTo(10_000);
  }

  @Test
  void cap_neverRaises() {
    settle(Leases.ample().rate(20));
    controller.cap(5_000, time.nanos());
    assertThat(controller.snapshot(time.nanos()).ratePerSecond()).isEqualTo(20);
  }
}
