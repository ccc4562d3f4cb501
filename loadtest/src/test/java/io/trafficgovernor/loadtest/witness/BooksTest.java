package io.trafficgovernor.loadtest.witness;

import static io.trafficgovernor.loadtest.testing.RunSketch.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import io.trafficgovernor.loadtest.witness.Witness.Asked;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** I5, I8 and I9: what is at the store, what the nodes' books say, and who decides. */
final class BooksTest {
  private static final int NODES = 3;

  private final Violations violations = new Violations();
  private final Window window = new Window(NODES, 1, violations);
  private final Permits permits = new Permits(violations);
  private final Authority authority = new Authority(NODES, violations);

  @BeforeEach
  void everyNode_hasALease() {
    for (int node = 0; node < NODES; node++) {
      window.adopted(node, LedgerSketch.lease(1, 0, LedgerSketch.ramping(100), 0), () -> 0, 0);
    }
  }

  private void sends(int node, int count, long now) {
    for (int i = 0; i < count; i++) {
      window.sent(new Asked(node, 2, 1, true), now);
    }
  }

  @Test
  void oneForEachNode_beyondTheGrantedSlots_holdsI5() {
    window.stepped(null, LedgerSketch.ramping(100).state(), 0);
    sends(0, NODES, SECOND);
    assertThat(violations.counts()).isEmpty();
    assertThat(window.mostOver()).isZero();
    sends(1, 1, SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I5");
  }

  /** What was sent under wider grants is still there, and the nodes' own one is theirs. */
  @Test
  void widerGrants_countWhileWhatWasSentThenIsAtTheStore() {
    LedgerSketch wide = LedgerSketch.ramping(100).window(8).holding(4);
    int slots = wide.state().grantedSlots(SECOND);
    assertThat(slots).isPositive();
    window.stepped(null, wide.state(), 0);
    window.stepped(wide.state(), LedgerSketch.ramping(100).state(), SECOND / 2);
    sends(0, 1 + slots, SECOND);
    sends(1, 1, 5 * SECOND);
    assertThat(violations.counts()).isEmpty();
    for (int i = 0; i < slots; i++) {
      window.finished(new Asked(0, 2, 1, true), 5 * SECOND);
    }
    sends(1, NODES - 2, 5 * SECOND);
    assertThat(violations.counts()).as("the last of the old ones is there").isEmpty();
    window.finished(new Asked(0, 2, 1, true), 5 * SECOND);
    sends(2, 1, 5 * SECOND);
    assertThat(violations.counts()).isEmpty();
    sends(2, 1, 5 * SECOND);
    assertThat(violations.counts()).as("they have ended").containsOnlyKeys("I5");
  }

  @Test
  void finishedRequests_areNoLongerAtTheStore() {
    sends(0, NODES, SECOND);
    window.finished(new Asked(0, 2, 1, true), SECOND);
    sends(1, 1, SECOND);
    assertThat(violations.counts()).isEmpty();
  }

  /** It cannot know of the others' requests, and may have one. */
  @Test
  void nodeWithoutALease_hasOneAtTheStore() {
    sends(0, NODES, SECOND);
    window.surrendered(1, SECOND);
    sends(1, 1, SECOND);
    assertThat(violations.counts()).isEmpty();
    sends(1, 1, SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I5");
  }

  @Test
  void requestsOfADeadProcess_countForATimeout_andAreNotedApart() {
    sends(0, NODES, SECOND);
    window.vanished(0, SECOND);
    sends(1, 1, SECOND + SECOND / 2);
    assertThat(violations.counts()).containsOnlyKeys("I5-dead");
    sends(1, 2, 2 * SECOND + 1);
    assertThat(violations.counts()).containsEntry("I5-dead", 1);
    sends(1, 1, 2 * SECOND + 1);
    assertThat(violations.counts()).as("four of the living").containsKey("I5");
  }

  @Test
  void windowSetBeyondAQuarterTimeoutOfGoodput_breaksI5() {
    LedgerSketch from = LedgerSketch.ramping(100).window(8).saw(100);
    window.stepped(from.state(), from.saw(100).window(25).state(), SECOND);
    assertThat(violations.counts()).isEmpty();
    window.stepped(from.state(), from.saw(100).window(25.1).state(), SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I5");
  }

  @Test
  void smallestWindow_needsNoGoodput() {
    LedgerSketch from = LedgerSketch.ramping(100).window(4).saw(1);
    window.stepped(from.state(), from.saw(1).window(8).state(), SECOND);
    assertThat(violations.counts()).isEmpty();
  }

  private static NodeSnapshot books(int inFlight, long defects) {
    return new NodeSnapshot(Optional.empty(), false, 0, 0, 0, 1, inFlight, 0, defects, List.of());
  }

  @Test
  void booksThatSayWhatTheStoreHas_holdI8() {
    permits.audited(0, books(4, 0), 4, SECOND);
    assertThat(violations.counts()).isEmpty();
  }

  @Test
  void leakedPermit_andOneEndedTwice_breakI8() {
    permits.audited(0, books(5, 0), 4, SECOND);
    assertThat(violations.counts()).containsEntry("I8", 1);
    permits.audited(0, books(4, 1), 4, SECOND);
    assertThat(violations.counts()).containsEntry("I8", 2);
  }

  @Test
  void epochThatFalls_breaksI9() {
    LedgerSketch seven = LedgerSketch.ramping(100).epoch(7);
    authority.stepped(seven.state(), seven.epoch(8).state(), SECOND);
    assertThat(violations.counts()).isEmpty();
    authority.stepped(seven.state(), seven.epoch(6).state(), SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I9");
  }

  @Test
  void rampClockAheadOfTime_breaksI9() {
    LedgerSketch at10 = LedgerSketch.ramping(100).rampedFor(10);
    authority.stepped(at10.state(), at10.state(), 0);
    authority.stepped(at10.state(), at10.rampedFor(13.4).state(), SECOND);
    assertThat(violations.counts()).as("a round late").isEmpty();
    authority.stepped(at10.state(), at10.rampedFor(13.6).state(), SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I9");
  }

  /** A ledger that goes on from a memory takes its clock back up, but no further than any was. */
  @Test
  void rampClockOfAMemory_isOneThatHasBeen() {
    LedgerSketch at10 = LedgerSketch.ramping(100).rampedFor(10);
    LedgerSketch young = at10.rampedFor(0);
    authority.stepped(at10.state(), at10.state(), 0);
    authority.stepped(null, young.state(), SECOND);
    authority.stepped(young.state(), young.state(), SECOND);
    authority.stepped(young.state(), young.remembering(8).rampedFor(10).state(), SECOND);
    assertThat(violations.counts()).isEmpty();
    authority.stepped(null, young.state(), 2 * SECOND);
    authority.stepped(young.state(), young.state(), 2 * SECOND);
    authority.stepped(young.state(), young.remembering(9).rampedFor(12.6).state(), 2 * SECOND);
    assertThat(violations.counts()).containsOnlyKeys("I9");
  }

  @Test
  void nodeThatIsToldAnOlderEpoch_isNotedApart() {
    Ticker clock = () -> 0;
    LedgerSketch seven = LedgerSketch.ramping(100).epoch(7);
    authority.adopted(0, LedgerSketch.lease(1, 0, seven, 0), clock, 0);
    authority.adopted(1, LedgerSketch.lease(1, 0, seven.epoch(6), 0), clock, 0);
    assertThat(violations.counts()).as("another node knew nothing").isEmpty();
    authority.adopted(0, LedgerSketch.lease(1, 0, seven.epoch(6), 0), clock, 0);
    assertThat(violations.counts()).containsOnlyKeys("I9-told");
  }

  @Test
  void freshProcess_knowsNoEpoch() {
    Ticker clock = () -> 0;
    LedgerSketch seven = LedgerSketch.ramping(100).epoch(7);
    authority.adopted(0, LedgerSketch.lease(1, 0, seven, 0), clock, 0);
    authority.vanished(0, SECOND);
    authority.adopted(0, LedgerSketch.lease(1, 0, seven.epoch(6), 0), clock, 0);
    assertThat(violations.counts()).isEmpty();
  }

  @Test
  void violations_keepTheFirstOfEachInWords_andCountAll() {
    for (int i = 0; i < 100; i++) {
      violations.add("I1", i * SECOND, "number " + i);
    }
    violations.add("I2", 3 * SECOND, "another");
    assertThat(violations.counts()).containsEntry("I1", 100).containsEntry("I2", 1);
    assertThat(violations.first()).hasSize(6);
    assertThat(violations.first().get(5).words()).isEqualTo("another");
  }
}
