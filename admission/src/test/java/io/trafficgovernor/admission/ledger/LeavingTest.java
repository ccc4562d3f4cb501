package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ramp is not left in one jump: its ceiling binds in OPEN, grows, and is lifted. */
final class LeavingTest extends HandMadeCluster {
  private static final Tally WELL = good(12);

  private static Ledger without(Rule rule) {
    return new Ledger(
        new LedgerSettings(
            Classes.chain(CLASSES),
            500,
            3,
            RampMode.AUTO,
            new RampPlan.Adaptive(),
            Rules.without(List.of(rule))));
  }

  /** Requests that get tokens at one instant under that grant, of a thousand. */
  private static int atOnce(Grant grant) {
    VirtualTime time = new VirtualTime();
    AdmissionController node = new AdmissionController(Classes.chain(CLASSES), time, false);
    node.adopt(new Lease(withSlots(grant), time.nanos()), time.nanos());
    time.advanceMillis(500);
    int sent = 0;
    for (int i = 0; i < 1000; i++) {
      Arrival arrival = new Arrival(0, i, time.nanos(), true, (decision, now) -> {});
      sent += node.decide(arrival, time.nanos()) instanceof Decision.Admitted ? 1 : 0;
    }
    return sent;
  }

  private static Grant withSlots(Grant grant) {
    return new Grant(
        grant.id(),
        grant.cluster(),
        grant.ratePerSecond(),
        2000,
        0,
        grant.lengthNanos(),
        grant.renewEveryNanos(),
        grant.probe(),
        0);
  }

  @Test
  void openLately_theCeilingOfTheRampBinds() {
    open();
    Grant grant = grant("a");
    assertThat(grant.cluster().phase()).isEqualTo(Phase.OPEN);
    assertThat(grant.cluster().boundByRate()).isTrue();
    assertThat(grant.cluster().ceilingPerSecond())
        .as("1.5 times the goodput, and a little more")
        .isBetween(360.0, 1000.0);
    assertThat(grant.renewEveryNanos()).isEqualTo(100 * MILLI);
    assertThat(atOnce(grant)).as("a bucket of 20 ms").isLessThan(10);
  }

  @Test
  void ceiling_growsOnePercentASecondAndIsLifted() {
    open();
    double first = state().control().ceiling();
    pass(60_000, 4, WELL);
    assertThat(state().control().ceiling()).isBetween(1.6 * first, 2.0 * first);
    pass(60_000, 4, WELL);
    Grant grant = grant("a");
    assertThat(grant.cluster().boundByRate()).isFalse();
    assertThat(grant.cluster().why()).isEqualTo("the ramp is left behind");
    assertThat(grant.cluster().ceilingPerSecond())
        .isEqualTo(state().control().reference().envelope());
    assertThat(atOnce(grant)).isEqualTo(1000);
  }

  @Test
  void redRound_degradesToWhatHeldBefore() {
    open();
    double before = state().control().ceiling();
    pass(2_000, 4, new Tally(6, 0, 0, 6, 0, 6 * 20 * MILLI, 12));
    assertThat(state().recovery().phase()).isNotEqualTo(Phase.OPEN);
    assertThat(state().control().ceiling()).isLessThanOrEqualTo(1.02 * before);
    assertThat(grant("a").cluster().boundByRate()).isTrue();
  }

  @Test
  void withoutTheRule_nothingBindsAtOnce() {
    Ledger jumps = without(Rule.GRADUAL_EXIT);
    join("a", "b", "c");
    for (int tick = 0; tick < 120; tick++) {
      nowNanos += 100 * MILLI;
      for (String name : List.copyOf(nodes.keySet())) {
        node(name).sees(4, WELL);
        Ledger.Renewed renewed = jumps.renew(state, renewal(name), now());
        state = renewed.state();
      }
    }
    assertThat(state().recovery().phase()).isEqualTo(Phase.OPEN);
    assertThat(state().boundByRate()).isFalse();
  }
}
