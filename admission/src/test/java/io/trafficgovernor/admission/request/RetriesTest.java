package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** First attempts, retries, those who were called back, and requests of some weight. */
final class RetriesTest {
  private static final long MILLI = 1_000_000L;

  private final VirtualTime time = new VirtualTime();
  private final AdmissionController controller =
      new AdmissionController(Classes.chain(3), time, false, RetryRule.MOVED_DOWN);
  private final List<String> served = new ArrayList<>();

  private Decision decide(String name, int rank, Attempt attempt, int cost) {
    Arrival arrival =
        new Arrival(
            rank,
            42,
            time.nanos(),
            attempt,
            cost,
            (decision, now) -> {
              if (decision instanceof Decision.Admitted) {
                served.add(name);
              }
            });
    return controller.decide(arrival, time.nanos());
  }

  private Decision decide(int rank, Attempt attempt) {
    return decide("", rank, attempt, 1);
  }

  private void settle(Leases lease) {
    controller.adopt(lease.sent(time.nanos()), time.nanos());
    time.advanceMillis(100);
  }

  private static ShedReason reason(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Shed.class);
    return ((Decision.Shed) decision).reason();
  }

  private static void end(Decision decision, long nowNanos) {
    Permit permit = ((Decision.Admitted) decision).permit();
    assertThat(permit.send(nowNanos)).isTrue();
    permit.end(Outcome.SUCCESS, MILLI, nowNanos);
  }

  @Test
  void retry_isServedOneClassLower() {
    settle(Leases.ample().cutoff(2 * SessionKey.PER_CLASS));
    assertThat(decide(1, Attempt.FIRST)).isInstanceOf(Decision.Admitted.class);
    assertThat(decide(0, Attempt.RETRY)).isInstanceOf(Decision.Admitted.class);
    assertThat(reason(decide(1, Attempt.RETRY))).isEqualTo(ShedReason.CUTOFF);
    assertThat(decide(1, Attempt.CALLED_BACK)).isInstanceOf(Decision.Admitted.class);
  }

  /** A class has a minimum share for its own, not for retries that were moved down to it. */
  @Test
  void retry_hasNoClaimOnTheClassBelow() {
    settle(Leases.ample().cutoff(2 * SessionKey.PER_CLASS));
    for (int i = 0; i < 20; i++) {
      assertThat(reason(decide(1, Attempt.RETRY))).isEqualTo(ShedReason.CUTOFF);
      time.advanceMillis(100);
    }
  }

  @Test
  void retry_waitsBehindFirstAttemptsOfTheClassBelow() {
    settle(Leases.ample().slots(1));
    Decision held = decide(2, Attempt.FIRST);
    decide("retry", 1, Attempt.RETRY, 1);
    time.advanceMillis(1);
    decide("first", 1, Attempt.FIRST, 1);
    served.clear();
    end(held, time.nanos());
    time.advanceMillis(1);
    assertThat(served).doesNotContain("retry");
  }

  @Test
  void retry_ofTheLowestClassStaysThere() {
    settle(Leases.ample());
    assertThat(decide(2, Attempt.RETRY)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void retry_spendsTheBudget() {
    settle(Leases.ample());
    int admitted = 0;
    while (decide(1, Attempt.RETRY) instanceof Decision.Admitted) {
      admitted++;
    }
    assertThat(admitted).isEqualTo(10);
    assertThat(reason(decide(1, Attempt.RETRY))).isEqualTo(ShedReason.RETRY_BUDGET);
    assertThat(decide(1, Attempt.CALLED_BACK)).isInstanceOf(Decision.Admitted.class);
    for (int i = 0; i < 10; i++) {
      end(decide(1, Attempt.FIRST), time.nanos());
    }
    assertThat(decide(1, Attempt.RETRY)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void retry_inOpenCostsNoBudget() {
    settle(Leases.ample().phase(Phase.OPEN));
    for (int i = 0; i < 50; i++) {
      assertThat(decide(1, Attempt.RETRY)).isInstanceOf(Decision.Admitted.class);
    }
  }

  @Test
  void calledBack_goesBeforeNewcomersOfItsClass() {
    settle(Leases.ample().slots(1));
    Decision held = decide(2, Attempt.FIRST);
    decide("new", 2, Attempt.FIRST, 1);
    decide("back", 2, Attempt.CALLED_BACK, 1);
    end(held, time.nanos());
    assertThat(served).containsExactly("back");
  }

  @Test
  void newcomer_behindTheCalledBackStillLosesPatience() {
    settle(Leases.ample().slots(0));
    decide(2, Attempt.FIRST);
    time.advanceMillis(100);
    decide(2, Attempt.CALLED_BACK);
    time.advanceMillis(50);
    assertThat(controller.snapshot(time.nanos()).classes().get(2).shed().get(ShedReason.SLOTS))
        .isEqualTo(1L);
  }

  @Test
  void cost_takesTokensSlotsAndCounts() {
    settle(Leases.ample().rate(100).slots(4));
    Decision heavy = decide("heavy", 2, Attempt.FIRST, 3);
    assertThat(heavy).isInstanceOf(Decision.Admitted.class);
    assertThat(controller.snapshot(time.nanos()).inFlight()).isEqualTo(3);
    assertThat(decide(2, Attempt.FIRST))
        .as("5 - 3 tokens, 2 kept")
        .isInstanceOf(Decision.Waiting.class);
    end(heavy, time.nanos());
    var report = controller.report(time.nanos()).classes().get(2);
    assertThat(report.firstAttempts()).isEqualTo(4);
    assertThat(report.admitted()).isEqualTo(3);
    assertThat(report.outcomes().success()).isEqualTo(3);
    assertThat(report.outcomes().latencyNanos()).isEqualTo(3 * MILLI);
    var shown = controller.snapshot(time.nanos()).classes().get(2);
    assertThat(shown.firstAttempts()).isEqualTo(2);
    assertThat(shown.outcome(Outcome.SUCCESS)).isEqualTo(1);
  }

  @Test
  void cost_oneFreeSlotIsEnough() {
    settle(Leases.ample().slots(1));
    assertThat(decide("heavy", 2, Attempt.FIRST, 5)).isInstanceOf(Decision.Admitted.class);
    assertThat(decide(2, Attempt.FIRST)).isInstanceOf(Decision.Waiting.class);
  }

  @Test
  void cost_ofAnUnsentRequestComesBack() {
    settle(Leases.ample().lasting(150));
    Decision heavy = decide("heavy", 2, Attempt.FIRST, 5);
    time.advanceMillis(200);
    assertThat(((Decision.Admitted) heavy).permit().send(time.nanos())).isFalse();
    assertThat(controller.snapshot(time.nanos()).inFlight()).isZero();
  }

  @Test
  void cost_isBounded() {
    assertThatThrownBy(() -> decide("free", 0, Attempt.FIRST, 0))
        .hasMessageContaining("cost: got 0 tokens, allowed 1 to 100");
    assertThatThrownBy(() -> decide("huge", 0, Attempt.FIRST, 101))
        .hasMessageContaining("cost: got 101");
  }
}
