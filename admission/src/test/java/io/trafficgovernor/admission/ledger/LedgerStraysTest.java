package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.lease.SettingsPrint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What those may use who were cut off from a ledger that is lost. */
final class LedgerStraysTest extends HandMadeCluster {
  private static final GrantId OF_ANOTHER = new GrantId(5, 77);

  private void renewKnowing(String name, double ceiling) {
    Renewal plain = renewal(name);
    send(
        new Renewal(
            plain.node(),
            plain.incarnation(),
            plain.sequence(),
            plain.sentNanos(),
            plain.held().equals(GrantId.NONE) ? OF_ANOTHER : plain.held(),
            plain.heldEpoch(),
            plain.heldRate(),
            plain.heldSlots(),
            plain.report(),
            plain.probe(),
            SettingsPrint.UNKNOWN,
            ceiling,
            0));
  }

  /** What all nodes have and what is left. */
  private double granted() {
    return state().nodes().values().stream()
        .mapToDouble(node -> node.rate(state().nowNanos()))
        .sum();
  }

  private double left() {
    return state().control().ceiling() - granted();
  }

  @Test
  void lostLedger_keepsBackTheSharesOfThoseItHasNotHeardOf() {
    renewKnowing("a", 150);
    renewKnowing("b", 150);
    assertThat(state().strays().sharePerSecond()).as("0.3 of 150, over three nodes").isEqualTo(15);
    pass(10_000, 4, good(4));
    assertThat(left()).as("c may be out there").isGreaterThanOrEqualTo(15 - 1e-6);
    join("c");
    pass(1000, 4, good(4));
    assertThat(left()).as("c is here").isLessThan(5);
  }

  /** It was heard, but nothing says that it has heard: it may be cut off, on its old share. */
  @Test
  void nodeThatAcknowledgesNothing_countsWithItsOldShare() {
    renewKnowing("a", 150);
    renewKnowing("b", 150);
    renewKnowing("c", 150);
    for (int tick = 0; tick < 100; tick++) {
      nowNanos += 100_000_000;
      for (String name : List.of("a", "b")) {
        node(name).sees(4, good(4));
        renew(name);
      }
    }
    assertThat(left()).as("c has 15 of before").isGreaterThanOrEqualTo(15 - 1e-6);
  }

  @Test
  void shares_endAfterAMinute() {
    renewKnowing("a", 150);
    renewKnowing("b", 150);
    pass(62_000, 4, good(4));
    assertThat(state().strays().each(state().nowNanos())).isZero();
  }

  @Test
  void nodesThatAreHeardOf_haveHalfAtLeast() {
    renewKnowing("a", 1e6);
    pass(10_000, 4, good(4));
    assertThat(granted()).isGreaterThan(0.4 * state().control().ceiling());
    assertThat(granted()).isLessThanOrEqualTo(0.5 * state().control().ceiling() + 1e-6);
  }

  @Test
  void firstLedger_keepsNothingBack() {
    join("a", "b");
    pass(10_000, 4, good(4));
    assertThat(state().strays()).isEqualTo(LedgerState.Strays.NONE);
    assertThat(left()).isLessThan(5);
  }
}
