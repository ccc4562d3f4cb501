package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is let through by a lease, who waits, and what becomes of a permit. */
final class AdmissionControllerTest extends HandMadeAdmission {
  @Test
  void decide_withoutALease() {
    assertThat(reason(decide(0))).isEqualTo(ShedReason.ISOLATED);
  }

  @Test
  void decide_inOutage() {
    adopt(Leases.ample().phase(Phase.OUTAGE));
    assertThat(reason(decide(0))).isEqualTo(ShedReason.OUTAGE);
  }

  @Test
  void decide_aboveTheCutoff() {
    settle(Leases.ample().cutoff(2 * SessionKey.PER_CLASS));
    assertThat(decide(1)).isInstanceOf(Decision.Admitted.class);
    assertThat(reason(decide(2))).isEqualTo(ShedReason.CUTOFF);
  }

  @Test
  void decide_behindAClosedGate() {
    settle(Leases.ample().blockedBy(List.of("", "class-0: served 0.40 of 0.95", "", "")));
    assertThat(decide(0)).isInstanceOf(Decision.Admitted.class);
    assertThat(reason(decide(1))).isEqualTo(ShedReason.GATE);
    assertThat(decide(2)).as("it does not wait for class 1").isInstanceOf(Decision.Admitted.class);
    assertThat(controller.blockedBy(1)).isEqualTo("class-0: served 0.40 of 0.95");
    assertThat(controller.blockedBy(2)).isEmpty();
    assertThat(controller.blockedBy(9)).as("no such class").isEmpty();
    assertThat(shed(1, ShedReason.GATE)).isEqualTo(1);
  }

  @Test
  void decide_withTokenAndSlot() {
    settle(Leases.ample());
    admitted(3);
    assertThat(controller.snapshot(time.nanos()).inFlight()).isEqualTo(1);
  }

  @Test
  void decide_withoutASlotWaitsAndIsRefusedWhenPatienceEnds() {
    settle(Leases.ample().slots(1));
    admitted(3);
    assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
    time.advanceMillis(149);
    assertThat(told).isEmpty();
    time.advanceMillis(1);
    assertThat(reason(told.get(0))).isEqualTo(ShedReason.SLOTS);
    assertThat(shed(3, ShedReason.SLOTS)).isEqualTo(1);
  }

  @Test
  void decide_topClassesHaveOneMoreSlot() {
    settle(Leases.ample().slots(1));
    admitted(3);
    assertThat(decide(2)).isInstanceOf(Decision.Waiting.class);
    admitted(1);
    assertThat(decide(0)).isInstanceOf(Decision.Waiting.class);
  }

  @Test
  void decide_withoutATokenWaitsUntilItComes() {
    settle(Leases.ample().rate(10));
    time.advanceMillis(1000);
    for (int i = 0; i < 5; i++) {
      admitted(0);
    }
    assertThat(decide(0)).isInstanceOf(Decision.Waiting.class);
    time.advanceMillis(99);
    assertThat(told).isEmpty();
    time.advanceMillis(2);
    assertThat(told).hasSize(1).first().isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void decide_inOpenCountsNoTokens() {
    settle(Leases.ample().phase(Phase.OPEN).rate(1).slots(100));
    for (int i = 0; i < 50; i++) {
      admitted(3);
    }
  }

  @Test
  void decide_lowerClassLeavesTokensForHigherOnes() {
    settle(Leases.ample().rate(10));
    time.advanceMillis(1000);
    admitted(3);
    admitted(3);
    admitted(3);
    assertThat(decide(3)).as("2 of 5 tokens are kept").isInstanceOf(Decision.Waiting.class);
    admitted(0);
    admitted(0);
  }

  @Test
  void serve_classesStrictlyInOrder() {
    settle(Leases.ample().slots(2));
    final Permit first = admitted(3);
    admitted(3);
    assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
    assertThat(decide(2)).isInstanceOf(Decision.Waiting.class);
    first.send(time.nanos());
    first.end(Outcome.SUCCESS, MILLI, time.nanos());
    assertThat(told).hasSize(1);
    Permit served = ((Decision.Admitted) told.get(0)).permit();
    assertThat(served.rank()).isEqualTo(2);
  }

  @Test
  void serve_nothingPassesAHeadThatLacksAToken() {
    settle(Leases.ample().rate(10).slots(10));
    time.advanceMillis(1000);
    for (int i = 0; i < 5; i++) {
      admitted(0);
    }
    assertThat(decide(2)).isInstanceOf(Decision.Waiting.class);
    assertThat(decide(1)).isInstanceOf(Decision.Waiting.class);
    time.advanceMillis(140);
    assertThat(told).as("1.4 tokens: neither 1 + 1 for class 1 nor 1 + 2 for class 2").isEmpty();
    time.advanceMillis(20);
    assertThat(reason(told.get(0))).as("class 2's patience").isEqualTo(ShedReason.TOKENS);
    time.advanceMillis(50);
    assertThat(told.get(1)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void decide_roomIsBounded() {
    settle(Leases.ample().slots(0).rate(10));
    for (int i = 0; i < 16; i++) {
      assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
    }
    assertThat(reason(decide(3))).isEqualTo(ShedReason.ROOM_FULL);
  }

  @Test
  void withdraw_isNotTold() {
    settle(Leases.ample().slots(0));
    Arrival leaving = arrival(3);
    assertThat(controller.decide(leaving, time.nanos())).isInstanceOf(Decision.Waiting.class);
    controller.withdraw(leaving);
    time.advanceMillis(1000);
    assertThat(told).isEmpty();
  }

  @Test
  void adopt_outageRefusesThoseWhoWait() {
    settle(Leases.ample().slots(0));
    assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
    adopt(Leases.ample().phase(Phase.OUTAGE).counter(2));
    assertThat(reason(told.get(0))).isEqualTo(ShedReason.OUTAGE);
  }

  @Test
  void adopt_afterOutageTheBucketIsEmpty() {
    settle(Leases.ample());
    adopt(Leases.ample().phase(Phase.OUTAGE).counter(2));
    time.advanceMillis(1000);
    adopt(Leases.ample().counter(3));
    assertThat(decide(0)).isInstanceOf(Decision.Waiting.class);
  }

  @Test
  void adopt_ignoresOlderGrants() {
    adopt(Leases.ample().slots(5).counter(2));
    adopt(Leases.ample().slots(50).counter(1));
    assertThat(controller.snapshot(time.nanos()).lease().orElseThrow().grant().slots())
        .isEqualTo(5);
  }

  @Test
  void lease_endsOnTheHoldersClockCountedFromTheSend() {
    settle(Leases.ample().lasting(1000));
    time.advanceMillis(879);
    admitted(0);
    time.advanceMillis(1);
    assertThat(reason(decide(0))).as("1 s less the guard of 20 ms").isEqualTo(ShedReason.ISOLATED);
    assertThat(controller.snapshot(time.nanos()).isolated()).isTrue();
  }

  @Test
  void send_afterTheLeaseEndedIsRefusedAndGivesAllBack() {
    settle(Leases.ample().lasting(1000));
    Permit permit = admitted(0);
    time.advanceMillis(2000);
    assertThat(permit.send(time.nanos())).isFalse();
    assertThat(shed(0, ShedReason.LEASE_ENDED)).isEqualTo(1);
    assertThat(controller.snapshot(time.nanos()).inFlight()).isZero();
    assertThat(controller.snapshot(time.nanos()).classes().get(0).sent()).isZero();
  }

  @Test
  void send_onAPermitThatHasEndedSendsNothing() {
    settle(Leases.ample());
    Permit permit = admitted(0);
    permit.end(Outcome.IGNORED, 0, time.nanos());
    assertThat(permit.send(time.nanos())).isFalse();
    assertThat(controller.snapshot(time.nanos()).defects()).isEqualTo(1);
  }

  private long held() {
    return controller.snapshot(time.nanos()).heldTokens();
  }

  /** Whatever becomes of it, it is held from its admission until then. */
  @Test
  void held_untilItIsSentOrOver() {
    settle(Leases.ample().lasting(1000));
    Permit sent = admitted(0);
    Permit unreachable = admitted(0);
    Permit late = admitted(0);
    assertThat(held()).isEqualTo(3);
    assertThat(sent.send(time.nanos())).isTrue();
    assertThat(held()).isEqualTo(2);
    sent.end(Outcome.SUCCESS, MILLI, time.nanos());
    assertThat(held()).as("it was sent already").isEqualTo(2);
    unreachable.end(Outcome.UNREACHABLE, 0, time.nanos());
    assertThat(held()).isEqualTo(1);
    time.advanceMillis(2000);
    assertThat(late.send(time.nanos())).as("the lease has ended").isFalse();
    assertThat(held()).isZero();
  }

  @Test
  void told_thoughAnotherWaiterThrows() {
    settle(Leases.ample().slots(1));
    Permit first = admitted(3);
    IllegalStateException bug = new IllegalStateException("a waiter's own");
    controller.decide(
        new Arrival(
            3,
            1,
            time.nanos(),
            true,
            (decision, now) -> {
              throw bug;
            }),
        time.nanos());
    assertThat(decide(3)).isInstanceOf(Decision.Waiting.class);
    assertThatThrownBy(() -> controller.drain(time.nanos())).isSameAs(bug);
    assertThat(told).singleElement().isInstanceOf(Decision.Shed.class);
    first.end(Outcome.IGNORED, 0, time.nanos());
    assertThat(controller.snapshot(time.nanos()).inFlight()).isZero();
  }

  @Test
  void abandon_keepsTheSlotUntilRelease() {
    settle(Leases.ample().slots(1));
    Permit permit = admitted(3);
    permit.send(time.nanos());
    permit.abandon(Outcome.TIMEOUT, time.nanos());
    assertThat(decide(3)).as("a zombie holds the slot").isInstanceOf(Decision.Waiting.class);
    permit.release(time.nanos());
    assertThat(told.get(0)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void end_twiceIsADefectAndChangesNothing() {
    settle(Leases.ample());
    Permit permit = admitted(0);
    permit.send(time.nanos());
    permit.end(Outcome.SUCCESS, MILLI, time.nanos());
    permit.end(Outcome.FAILURE, MILLI, time.nanos());
    permit.release(time.nanos());
    NodeSnapshot after = controller.snapshot(time.nanos());
    assertThat(after.defects()).isEqualTo(2);
    assertThat(after.inFlight()).isZero();
    assertThat(after.classes().get(0).outcome(Outcome.FAILURE)).isZero();
  }

  @Test
  void replay_goesToTheHeadAfterFiveMilliseconds() {
    settle(Leases.ample().slots(0));
    Arrival refused = arrival(0);
    Permit permit = ((Decision.Admitted) controller.decide(refused, time.nanos())).permit();
    permit.send(time.nanos());
    permit.end(Outcome.REFUSED, 0, time.nanos());
    assertThat(controller.replay(refused, time.nanos())).isTrue();
    time.advanceMillis(4);
    assertThat(told).isEmpty();
    time.advanceMillis(1);
    assertThat(told.get(0)).isInstanceOf(Decision.Admitted.class);
    assertThat(controller.snapshot(time.nanos()).classes().get(0).replays()).isEqualTo(1);
  }

  @Test
  void replay_atMostThreeTimes() {
    settle(Leases.ample());
    Arrival refused = arrival(0);
    for (int i = 0; i < 3; i++) {
      assertThat(controller.replay(refused, time.nanos())).isTrue();
      time.advanceMillis(5);
    }
    assertThat(controller.replay(refused, time.nanos())).isFalse();
  }

  @Test
  void replay_onlyTopClassesAndOnlyInPatience() {
    settle(Leases.ample());
    assertThat(controller.replay(arrival(2), time.nanos())).isFalse();
    Arrival old = arrival(0);
    time.advanceMillis(295);
    assertThat(controller.replay(old, time.nanos())).isFalse();
  }

  /** Nobody of class 0 came for a while; the slot of the top classes is its as well. */
  @Test
  void silentTopClass_isNotWorseOffThanThoseBelow() {
    controller.adopt(Leases.ample().slots(0).sent(time.nanos(), List.of(1, 2)), time.nanos());
    time.advanceMillis(100);
    assertThat(decide(0)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void retryAfter_isSpreadOverOneToFiveSeconds() {
    int[] perSecond = new int[4];
    for (int i = 0; i < 1000; i++) {
      long nanos = ((Decision.Shed) decide(0)).retryAfterNanos();
      perSecond[(int) (nanos / 1e9) - 1]++;
    }
    for (int count : perSecond) {
      assertThat(count).isBetween(245, 255);
    }
  }

  @Test
  void report_isCumulative() {
    settle(Leases.ample());
    admitted(2).send(time.nanos());
    assertThat(controller.report(time.nanos()).classes().get(2).firstAttempts()).isEqualTo(1);
    decide(2);
    var report = controller.report(time.nanos());
    assertThat(report.classes().get(2).firstAttempts()).isEqualTo(2);
    assertThat(report.inFlight()).isEqualTo(2);
  }
}
