package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.gate.Gates;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The gates of the class graph, as the ledger moves and tells them. */
final class LedgerGatesTest extends HandMadeCluster {
  private void ramping() {
    open();
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(state().authority().epoch()));
    pass(2000, 4, good(12));
    assertThat(state().recovery().phase()).isEqualTo(Phase.RAMPING);
  }

  /** A second in which one class in a node's eyes is served in part. */
  private void served(int rank, long letThrough, long refused) {
    for (int tick = 0; tick < 10; tick++) {
      nodes.values().forEach(node -> node.decides(rank, letThrough, refused));
      pass(100, 4, good(12));
    }
  }

  private List<String> told() {
    return grant("a").cluster().blockedBy();
  }

  @Test
  void starvedParent_holdsItsChildBackAndNobodyElse() {
    ramping();
    assertThat(told()).isEmpty();
    served(0, 4, 0);
    served(0, 1, 3);
    served(0, 1, 3);
    assertThat(told()).hasSize(3);
    assertThat(told().get(0)).isEmpty();
    assertThat(told().get(1)).matches("class-0: served 0\\.\\d\\d of 0.95, success 1.00 of 0.99");
    assertThat(told().get(2)).as("its parent is idle").isEmpty();
  }

  @Test
  void closedGate_leavesItsClassOutOfTheCutoffAndTheShares() {
    ramping();
    served(0, 1, 3);
    served(0, 1, 3);
    assertThat(state().gates().open(1)).isFalse();
    List<Double> passing = state().gates().passing(state().demand());
    assertThat(passing.get(1)).isZero();
    assertThat(passing.get(0)).isPositive().isEqualTo(state().demand().get(0));
    List<Double> demand = state().demand();
    double eligible = Allocation.eligible(demand, state().control().cutoff(), state().gates());
    assertThat(eligible).isEqualTo(demand.get(0) + demand.get(2));
  }

  @Test
  void refusalsOfTheBackend_closeNothing() {
    ramping();
    Tally quota = new Tally(8, 4, 0, 0, 0, 160 * MILLI);
    for (int tick = 0; tick < 30; tick++) {
      nodes.values().forEach(node -> node.decides(0, 4, 0));
      pass(100, 4, quota);
    }
    assertThat(state().recovery().phase()).isEqualTo(Phase.HOLD);
    assertThat(state().gates().open(1)).isTrue();
  }

  @Test
  void failuresOfTheBackend_do() {
    ramping();
    Tally failing = new Tally(8, 0, 1, 0, 0, 180 * MILLI);
    for (int tick = 0; tick < 30; tick++) {
      nodes.values().forEach(node -> node.decides(0, 4, 0));
      pass(100, 4, failing);
    }
    assertThat(told().get(1)).contains("success 0.8");
  }

  @Test
  void open_hasNoGates() {
    ramping();
    served(0, 1, 3);
    served(0, 1, 3);
    assertThat(state().gates().open(1)).isFalse();
    served(0, 4, 0);
    for (int second = 0; second < 100 && state().recovery().phase() != Phase.OPEN; second++) {
      served(0, 4, 0);
    }
    assertThat(state().recovery().phase()).isEqualTo(Phase.OPEN);
    assertThat(told()).isEmpty();
    served(0, 1, 3);
    served(0, 1, 3);
    assertThat(told()).as("gates are for the way back").isEmpty();
  }

  @Test
  void ledgerOfAnOlderVersion_beginsWithOpenGates() {
    ramping();
    LedgerState older = state().with(new Gates(List.of(), List.of()));
    assertThat(older.gates().open(2)).isTrue();
    assertThat(older.gates().blockedBy(Classes.chain(CLASSES))).isEmpty();
    state = older;
    served(0, 1, 3);
    served(0, 1, 3);
    assertThat(state().gates().open(1)).as("and goes on from there").isFalse();
  }

  /** What a class always had of failures is no reason to hold others back. */
  @Test
  void failuresThatAreUsual_closeNothing() {
    ramping();
    LedgerState.Control control = state().control();
    Reference known = control.reference();
    Reference failing =
        new Reference(
            known.ratePerSecond(),
            known.latencySeconds(),
            List.of(0.15, 0.0, 0.0),
            known.peakPerSecond());
    state = state().with(control.withReference(failing, control.meter()));
    for (int tick = 0; tick < 30; tick++) {
      nodes.values().forEach(node -> node.decides(0, 4, 0));
      pass(100, 4, new Tally(8, 0, 1, 0, 0, 180 * MILLI));
    }
    assertThat(told()).isEmpty();
  }

  /** It says nothing of one class; the ceiling sees to it. */
  @Test
  void roundInWhichTheWholeBackendFails_movesNoGate() {
    ramping();
    command(Verb.PIN, OptionalLong.of(state().authority().epoch()));
    served(0, 1, 3);
    served(0, 1, 3);
    assertThat(state().gates().open(1)).isFalse();
    Gates before = state().gates();
    OpenRound round = state().round();
    for (int tick = 0; state().round().startNanos() == round.startNanos(); tick++) {
      assertThat(tick).isLessThan(20);
      nodes.values().forEach(node -> node.decides(0, 4, 0));
      pass(100, 4, new Tally(0, 0, 0, 0, 12, 0));
    }
    assertThat(state().recovery().phase()).isEqualTo(Phase.FROZEN);
    assertThat(state().gates()).isEqualTo(before);
  }
}
