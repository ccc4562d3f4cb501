package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.admission.testing.Classes;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The entry, step by step. */
final class LedgerTest extends HandMadeCluster {
  @Test
  void firstBoot_nobodyGrowsForTheLongestLease() {
    assertThat(grant("a").ratePerSecond()).isZero();
    nowNanos += 1900 * MILLI;
    assertThat(grant("a").ratePerSecond()).isZero();
    nowNanos += 200 * MILLI;
    assertThat(grant("a").ratePerSecond()).as("the floor").isCloseTo(32, within(1.0));
    assertThat(grant("a").cluster().phase()).isEqualTo(Phase.PROBING);
  }

  @Test
  void firstBoot_reachesOpenInSeconds() {
    open();
    pass(120_000, 4, good(12));
    assertThat(state().control().ceiling())
        .as("the envelope")
        .isEqualTo(state().control().reference().envelope());
    assertThat(grant("a").cluster().cutoffKey()).isEqualTo(CLASSES * 65_536L);
  }

  @Test
  void renew_sharesByDemand() {
    join("a", "b");
    pass(3000, 0, Tally.NONE);
    for (int i = 0; i < 50; i++) {
      nowNanos += 100 * MILLI;
      node("a").sees(9, good(9));
      node("b").sees(1, good(1));
      renew("a");
      renew("b");
    }
    double ratio = grant("a").ratePerSecond() / grant("b").ratePerSecond();
    assertThat(ratio).isBetween(5.0, 12.0);
  }

  @Test
  void renew_aSecondProcessOfTheSameNameIsRefused() {
    grant("a");
    nowNanos += 500 * MILLI;
    node("a").incarnation = 2;
    GrantReply reply = renew("a");
    assertThat(reply).isInstanceOf(GrantReply.Refused.class);
    assertThat(((GrantReply.Refused) reply).why()).contains("got a from a second process");
  }

  @Test
  void renew_aRestartedProcessIsTakenWhenTheOldLeaseHasEnded() {
    grant("a");
    nowNanos += 1100 * MILLI;
    node("a").incarnation = 2;
    node("a").sequence = 0;
    assertThat(renew("a")).isInstanceOf(GrantReply.Granted.class);
  }

  @Test
  void renew_anOlderSequenceIsRefusedAndTheSameIsHarmless() {
    Renewal first = renewal("a");
    send(first);
    final Renewal second = renewal("a");
    send(second);
    assertThat(send(second)).isInstanceOf(GrantReply.Granted.class);
    assertThat(send(first)).isInstanceOf(GrantReply.Refused.class);
  }

  @Test
  void renew_doubledReportsCountOnce() {
    join("a");
    pass(2500, 5, good(5));
    node("a").sees(100, good(100));
    nowNanos += 100 * MILLI;
    Renewal report = renewal("a");
    send(report);
    double demand = state().demand().get(0);
    send(report);
    assertThat(state().demand().get(0)).isEqualTo(demand);
  }

  @Test
  void renew_anotherNumberOfClassesIsRefused() {
    Renewal of = renewal("a");
    Renewal wrong =
        new Renewal(
            "a",
            1,
            2,
            nowNanos,
            of.held(),
            0,
            0,
            0,
            new NodeReport(Collections.nCopies(5, ClassReport.NONE), 0, 0),
            Optional.empty());
    assertThat(((GrantReply.Refused) send(wrong)).why())
        .contains("classes: got 5 from a, allowed 3");
  }

  @Test
  void lostLedger_startsCautiouslyAndTheEpochGoesOn() {
    open();
    long epoch = state().authority().epoch();
    state = null;
    owner = "owner-2";
    Grant grant = grant("a");
    assertThat(grant.cluster().epoch()).isGreaterThan(epoch);
    assertThat(grant.cluster().phase()).isEqualTo(Phase.PROBING);
    assertThat(grant.ratePerSecond())
        .as("no more than it held, and than the new ceiling")
        .isLessThanOrEqualTo(100);
    assertThat(grant("fresh").ratePerSecond()).as("a newcomer gets nothing yet").isZero();
  }

  @Test
  void silentNode_keepsTheRoundOpenUntilItsLeaseEnds() {
    join("a", "b");
    pass(4000, 4, good(8));
    nodes.remove("b");
    double before = state().control().ceiling();
    for (int i = 0; i < 9; i++) {
      nowNanos += 100 * MILLI;
      node("a").sees(40, good(80));
      renew("a");
    }
    assertThat(state().control().ceiling()).as("unknown means hold").isEqualTo(before);
    for (int i = 0; i < 5; i++) {
      nowNanos += 100 * MILLI;
      node("a").sees(40, good(80));
      renew("a");
    }
    assertThat(state().control().ceiling()).as("the lease of b has ended").isGreaterThan(before);
  }

  @Test
  void deadBackend_isAnOutageAndOneProbeAtATimeIsAskedFor() {
    open();
    for (int i = 0; i < 10; i++) {
      pass(100, 4, new Tally(0, 0, 0, 12, 0, 0));
    }
    assertThat(state().recovery().phase()).isEqualTo(Phase.OUTAGE);
    assertThat(grant("a").ratePerSecond()).isZero();
    assertThat(grant("a").slots()).isZero();
    assertThat(grant("a").failSafePerSecond()).isZero();
    int asked = 0;
    for (int i = 0; i < 19; i++) {
      nowNanos += 100 * MILLI;
      for (String name : nodes.keySet()) {
        asked += grant(name).probe().isPresent() ? 1 : 0;
      }
    }
    assertThat(asked).as("none is answered, and one is lost after 2 s").isBetween(1, 2);
  }

  @Test
  void goodProbe_startsTheRampAtOnce() {
    deadBackend_isAnOutageAndOneProbeAtATimeIsAskedFor();
    long number = state().probes().number();
    node("b").probe = Optional.of(new ProbeResult(number - 1, true));
    assertThat(grant("b").cluster().phase()).as("an old answer").isEqualTo(Phase.OUTAGE);
    node("b").probe = Optional.of(new ProbeResult(number, true));
    Grant grant = grant("b");
    assertThat(grant.cluster().phase()).isEqualTo(Phase.PROBING);
    assertThat(grant.ratePerSecond()).isPositive();
  }

  @Test
  void incident_drawsANewOrder() {
    open();
    long before = grant("a").cluster().incidentSalt();
    command(Verb.CLOSE, OptionalLong.empty());
    assertThat(grant("a").cluster().incidentSalt()).isNotEqualTo(before);
  }

  @Test
  void command_staleEpochChangesNothing() {
    open();
    long epoch = state().authority().epoch();
    CommandReply reply = command(Verb.PIN, OptionalLong.of(epoch - 1));
    assertThat(reply).isEqualTo(new CommandReply.Stale(epoch, Phase.OPEN));
    assertThat(state().recovery().phase()).isEqualTo(Phase.OPEN);
  }

  @Test
  void command_raisesTheEpochOnce() {
    open();
    long epoch = state().authority().epoch();
    CommandReply reply = command(Verb.PIN, OptionalLong.of(epoch));
    var accepted = (CommandReply.Accepted) reply;
    assertThat(accepted.before().phase()).isEqualTo(Phase.OPEN);
    assertThat(accepted.after().phase()).isEqualTo(Phase.FROZEN);
    assertThat(accepted.after().ceilingPerSecond()).isEqualTo(50);
    assertThat(accepted.after().epoch()).isEqualTo(epoch + 1);
    pass(3000, 4, good(4));
    assertThat(state().control().ceiling()).as("pinned").isEqualTo(50);
  }

  @Test
  void command_illegalSaysWhatIsAllowed() {
    open();
    CommandReply reply = command(Verb.UNPIN, OptionalLong.of(state().authority().epoch()));
    var illegal = (CommandReply.Illegal) reply;
    assertThat(illegal.from()).isEqualTo(Phase.OPEN);
    assertThat(illegal.allowed()).containsExactly(Verb.CLOSE, Verb.ABORT, Verb.PIN);
  }

  @Test
  void rampPlan_isOnlyAnUpperBound() {
    Ledger planned =
        new Ledger(
            new LedgerSettings(
                Classes.chain(CLASSES),
                500,
                3,
                RampMode.AUTO,
                new RampPlan.Linear(20, 500, 600_000 * MILLI)));
    LedgerState at = planned.closed(now(), new Reference(500, 0.02, List.of(), 500));
    Command begin = new Command(Verb.BEGIN, "alice", "go", OptionalLong.of(1), 0);
    at = planned.command(at, begin, now()).state();
    assertThat(at.recovery().phase()).isEqualTo(Phase.PROBING);
    assertThat(at.control().ceiling()).isEqualTo(20);
  }

  private NodeRecord record(String name) {
    return Objects.requireNonNull(state().nodes().get(name));
  }

  @Test
  void ownersChange_delaysAndNeverAdvances() {
    open();
    LedgerState before = state();
    double ceiling = before.control().ceiling();
    owner = "owner-2";
    nowNanos += 50_000_000 * MILLI;
    grant("a");
    assertThat(state().nowNanos()).as("ledger time stood still").isEqualTo(before.nowNanos());
    assertThat(state().control().ceiling()).isEqualTo(ceiling);
    assertThat(state().authority().epoch()).isEqualTo(before.authority().epoch());
    for (NodeRecord node : before.nodes().values()) {
      for (long at = before.nowNanos(); node.live(at); at += MILLI) {
        assertThat(record(node.name()).live(at)).as("no booking ended early").isTrue();
      }
    }
  }

  /** Without it a dead node's part is kept for a whole lease more than anybody can use it. */
  @Test
  void ownersChange_theNextOneEndsTheBookingsThatItSawGrowOld() {
    join("a", "b");
    pass(1000, 4, good(8));
    long before = state().nowNanos();
    long left = 0;
    while (record("b").live(before + left)) {
      left += MILLI;
    }
    owner = "owner-2";
    nowNanos += 50_000_000 * MILLI;
    heldNanos = left - 300 * MILLI;
    renew("a");
    assertThat(state().nowNanos()).isEqualTo(before + heldNanos);
    assertThat(record("b").live(state().nowNanos())).isTrue();
    nowNanos += 300 * MILLI;
    renew("a");
    assertThat(state().nowNanos()).as("its own clock from then on").isEqualTo(before + left);
    assertThat(record("b").live(state().nowNanos())).isFalse();
  }

  @Test
  void leaseTerms_outsideOpenAreShort() {
    LeaseTerms ramping = LeaseTerms.of(Phase.RAMPING, true, 10_000, 3);
    assertThat(ramping.renewEveryNanos()).isEqualTo(100 * MILLI);
    assertThat(ramping.lengthNanos()).isEqualTo(1000 * MILLI);
    LeaseTerms busy = LeaseTerms.of(Phase.OPEN, true, 10_000, 3);
    assertThat(busy.renewEveryNanos()).isEqualTo(100 * MILLI);
    LeaseTerms calm = LeaseTerms.of(Phase.OPEN, true, 30, 3);
    assertThat(calm.renewEveryNanos()).isEqualTo(500 * MILLI);
    assertThat(calm.lengthNanos()).isEqualTo(2000 * MILLI);
    LeaseTerms between = LeaseTerms.of(Phase.OPEN, true, 300, 3);
    assertThat(between.renewEveryNanos()).as("25 requests of 100/s").isEqualTo(250 * MILLI);
    assertThat(between.lengthNanos()).as("five renewals").isEqualTo(1250 * MILLI);
    assertThat(ramping.bookedNanos())
        .as("and what clocks may differ")
        .isBetween(1003 * MILLI - 1, 1003 * MILLI);
    assertThat(LeaseTerms.of(Phase.OPEN, false, 30, 3))
        .as("part of the demand is refused: slots must follow the window")
        .isEqualTo(ramping);
  }

  @Test
  void pin_belowTheFloorIsObeyed() {
    open();
    Command pin =
        new Command(Verb.PIN, "alice", "because", OptionalLong.of(state().authority().epoch()), 3);
    state = ledger.command(state, pin, now()).state();
    assertThat(state().control().ceiling()).isEqualTo(3);
    pass(3000, 4, good(1));
    assertThat(state().control().ceiling()).isEqualTo(3);
    command(Verb.UNPIN, OptionalLong.of(state().authority().epoch()));
    pass(3000, 4, good(1));
    assertThat(state().control().ceiling()).as("held where the pin was").isEqualTo(3);
  }

  @Test
  void advance_aHoldHoldsOnTheNewLevel() {
    open();
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(state().authority().epoch()));
    pass(4000, 4, good(4));
    command(Verb.HOLD, OptionalLong.empty());
    pass(1000, 4, good(12));
    command(Verb.ADVANCE, OptionalLong.of(state().authority().epoch()));
    double level = state().control().ceiling();
    pass(10_000, 4, good(40));
    assertThat(state().recovery().phase()).isEqualTo(Phase.HOLD);
    assertThat(state().control().ceiling()).isLessThanOrEqualTo(level);
  }
}
