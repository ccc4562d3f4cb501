package io.trafficgovernor.loadtest.witness;

import static io.trafficgovernor.loadtest.testing.RunSketch.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import io.trafficgovernor.loadtest.witness.Witness.Asked;
import org.junit.jupiter.api.Test;

/** I1 and I2: each witness sees what is too much, and nothing else. */
final class CeilingWitnessesTest {
  private static final int NODES = 3;

  private final Violations violations = new Violations();
  private final HighestCeiling ceiling = new HighestCeiling();
  private final Reservation reservation = new Reservation(NODES, ceiling, violations);
  private final Envelope envelope = new Envelope(NODES, ceiling, reservation, violations);
  private long now;
  private final Ticker clock = () -> now;

  private void stepped(LedgerSketch to) {
    ceiling.stepped(null, to.state(), now);
    reservation.stepped(null, to.state(), now);
  }

  private void at(double seconds) {
    now = (long) (seconds * SECOND);
  }

  private void adopts(int node, double rate, double share) {
    LedgerSketch by = LedgerSketch.ramping(100);
    reservation.adopted(node, LedgerSketch.lease(rate, share, by, now / 1e9), clock, now);
  }

  private void sends(int count) {
    for (int i = 0; i < count; i++) {
      envelope.sent(new Asked(0, 2, 1, true), now);
    }
  }

  @Test
  void ceiling_thatFell_countsForALease() {
    stepped(LedgerSketch.ramping(100));
    at(2);
    stepped(LedgerSketch.ramping(100));
    stepped(LedgerSketch.ramping(40));
    at(3.004);
    assertThat(ceiling.at(now)).as("within the lease").isEqualTo(100);
    at(3.006);
    assertThat(ceiling.at(now)).as("after it").isEqualTo(40);
  }

  @Test
  void ceiling_inOpen_bindsNothingForOneOfItsLeases() {
    stepped(LedgerSketch.ramping(100).in(Phase.OPEN));
    at(2);
    assertThat(ceiling.open(now)).isTrue();
    at(2.02);
    assertThat(ceiling.open(now)).isFalse();
    assertThat(ceiling.most()).as("OPEN aside").isZero();
  }

  @Test
  void leases_thatAddUpToTheCeiling_holdI1() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 40, 0);
    adopts(1, 60, 0);
    assertThat(violations.counts()).isEmpty();
  }

  @Test
  void leases_ofMoreThanTheCeiling_breakI1() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 40, 0);
    adopts(1, 61, 0);
    assertThat(violations.counts()).containsOnlyKeys("I1");
  }

  @Test
  void leaseThatEnded_leavesRoomButForItsShare() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 60, 10);
    at(1.5);
    stepped(LedgerSketch.ramping(100));
    adopts(1, 90, 0);
    assertThat(violations.counts()).as("90 beside a share of 10").isEmpty();
    adopts(2, 1, 0);
    assertThat(violations.counts()).as("and 1 more").containsOnlyKeys("I1-share");
    assertThat(reservation.shares()).isEqualTo(10);
  }

  /** Nodes write the ledger down once a second: what it granted last is in no memory. */
  @Test
  void lastGrantsOfALostLedger_areInNoMemory() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 30, 30);
    at(1.9);
    stepped(LedgerSketch.ramping(100));
    at(3);
    stepped(LedgerSketch.ramping(100).remembering(8));
    adopts(1, 100, 0);
    assertThat(violations.counts()).as("granted 1.9 s before the last step").isEmpty();
  }

  @Test
  void earlierGrantsOfALostLedger_areRemembered() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 30, 30);
    at(2.1);
    stepped(LedgerSketch.ramping(100));
    at(3);
    stepped(LedgerSketch.ramping(100).remembering(8));
    adopts(1, 70, 0);
    assertThat(violations.counts()).as("70 beside a share of 30").isEmpty();
    adopts(1, 71, 0);
    assertThat(violations.counts()).as("and 1 more").containsOnlyKeys("I1-share");
  }

  @Test
  void hearsayOfALostLedger_keepsBackHalfOfTheCeilingAtMost() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 30, 30);
    adopts(1, 30, 30);
    at(1.5);
    stepped(LedgerSketch.ramping(100).afterALoss(30, 61));
    adopts(2, 50, 0);
    assertThat(violations.counts()).as("50 beside shares of 60").isEmpty();
    adopts(2, 51, 0);
    assertThat(violations.counts()).as("and 1 more").containsOnlyKeys("I1-share");
  }

  @Test
  void sharesOfThisLedger_areKeptBackWholeBesideHearsay() {
    LedgerSketch lost = LedgerSketch.ramping(100).afterALoss(30, 61);
    long lineage = lost.state().authority().lineage();
    stepped(LedgerSketch.ramping(100));
    for (int node = 0; node < 2; node++) {
      Lease lease = LedgerSketch.lease(30, 30, lost, 0);
      reservation.adopted(node, of(lineage, lease), clock, now);
    }
    at(1.5);
    stepped(lost);
    adopts(2, 40, 0);
    assertThat(violations.counts()).isEmpty();
    adopts(2, 41, 0);
    assertThat(violations.counts()).containsOnlyKeys("I1-share");
  }

  private static Lease of(long lineage, Lease lease) {
    Grant grant = lease.grant();
    return new Lease(
        new Grant(
            new GrantId(lineage, 1),
            grant.cluster(),
            grant.ratePerSecond(),
            grant.slots(),
            grant.failSafePerSecond(),
            grant.lengthNanos(),
            grant.renewEveryNanos(),
            grant.probe(),
            grant.topSlots()),
        0);
  }

  @Test
  void sharesThatAreKnown_areKeptBackWhole() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 30, 30);
    adopts(1, 30, 30);
    at(1.5);
    stepped(LedgerSketch.ramping(100).afterALoss(30, 0));
    adopts(2, 40, 0);
    assertThat(violations.counts()).isEmpty();
    adopts(2, 41, 0);
    assertThat(violations.counts()).containsOnlyKeys("I1-share");
  }

  @Test
  void processThatIsGone_usesNothing() {
    stepped(LedgerSketch.ramping(100));
    adopts(0, 60, 10);
    reservation.vanished(0, now);
    adopts(1, 100, 0);
    assertThat(violations.counts()).isEmpty();
  }

  @Test
  void bound_isItsBurstsAndTwoForEachNode() {
    assertThat(Envelope.bound(3, 100)).isCloseTo(3 * 5 + 3 * 2, within(1e-9));
    assertThat(Envelope.bound(1, 1000)).isCloseTo(20 + 2, within(1e-9));
  }

  @Test
  void burstOfTheBound_holdsI2_andOneMoreBreaksIt() {
    stepped(LedgerSketch.ramping(100));
    sends(21);
    assertThat(violations.counts()).isEmpty();
    assertThat(envelope.highest()).isEqualTo(21);
    sends(1);
    assertThat(violations.counts()).containsOnlyKeys("I2");
  }

  @Test
  void sendingAtTheCeiling_neverBreaksI2() {
    stepped(LedgerSketch.ramping(100));
    for (int i = 0; i < 1000; i++) {
      at(i / 100.0);
      stepped(LedgerSketch.ramping(100));
      sends(1);
    }
    assertThat(violations.counts()).isEmpty();
    assertThat(envelope.highest()).isCloseTo(1, within(0.01));
  }

  @Test
  void sendingATenthAboveTheCeiling_breaksI2InTheEnd() {
    stepped(LedgerSketch.ramping(100));
    for (int i = 0; i < 1000 && violations.none(); i++) {
      at(i / 110.0);
      stepped(LedgerSketch.ramping(100));
      sends(1);
    }
    assertThat(violations.counts()).containsOnlyKeys("I2");
    assertThat(now / 1e9).as("the surplus of 10/s needs about 2 s for 21").isBetween(1.5, 3.0);
  }
}
