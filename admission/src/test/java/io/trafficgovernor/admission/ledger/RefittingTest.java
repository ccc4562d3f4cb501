package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.control.CeilingController;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The classes of the configuration change, node by node, and the entry with them. */
final class RefittingTest extends HandMadeCluster {
  private static Ledger of(int classes) {
    return new Ledger(
        new LedgerSettings(Classes.chain(classes), 500, 3, RampMode.AUTO, new RampPlan.Adaptive()));
  }

  /** A new process of that node, with so many classes. */
  private Renewal renewed(String name, int classes, long sequence) {
    Renewal old = renewal(name);
    List<ClassReport> reports =
        java.util.Collections.nCopies(
            classes, new ClassReport(5 * sequence, 0, 5 * sequence, 0, good(5 * sequence)));
    return new Renewal(
        name,
        77,
        sequence,
        nowNanos,
        node(name).grant.map(Grant::id).orElse(old.held()),
        0,
        0,
        0,
        new io.trafficgovernor.admission.lease.NodeReport(reports, 0, 0),
        Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void ownerOfOtherClasses_goesOnWithTheEntry(int classes) {
    open();
    pass(120_000, 4, good(12));
    LedgerState before = state();
    Ledger other = of(classes);
    double ceiling = before.control().ceiling();
    owner = "owner-2";
    for (int i = 1; i <= 60; i++) {
      nowNanos += 100 * MILLI;
      Ledger.Renewed next = other.renew(state(), renewed("d", classes, i), now());
      state = next.state();
      assertThat(next.reply()).isInstanceOf(GrantReply.Granted.class);
      node("d").grant = Optional.of(((GrantReply.Granted) next.reply()).grant());
    }
    assertThat(state().rates()).hasSize(classes);
    assertThat(state().recovery().phase()).as("nothing was wrong").isEqualTo(Phase.OPEN);
    assertThat(state().control().ceiling()).isEqualTo(ceiling);
    assertThat(state().authority().epoch()).isGreaterThan(before.authority().epoch());
    assertThat(state().control().reference().ratePerSecond())
        .isEqualTo(before.control().reference().ratePerSecond());
  }

  /** What others may still be using stays booked in the new shape. */
  @Test
  void bookings_stay() {
    open();
    LedgerState before = state();
    double reserved = reserved(before);
    assertThat(reserved).isPositive();
    LedgerState after = of(CLASSES + 1).renew(before, renewed("d", CLASSES + 1, 1), now()).state();
    assertThat(reserved(after)).isEqualTo(reserved);
  }

  private double reserved(LedgerState state) {
    return state.nodes().values().stream()
        .filter(node -> !node.name().equals("d"))
        .mapToDouble(node -> node.reserved(state.nowNanos()))
        .sum();
  }

  /** The nodes of the old configuration are told by key, and are back when their owner is. */
  @Test
  void nodesOfTheOtherConfiguration_areRefusedByKeyUntilItIsBack() {
    open();
    Ledger other = of(CLASSES + 1);
    state = other.renew(state(), renewed("d", CLASSES + 1, 1), now()).state();
    Ledger.Renewed refused = other.renew(state(), renewal("a"), now());
    assertThat(refused.reply()).isInstanceOf(GrantReply.Refused.class);
    assertThat(((GrantReply.Refused) refused.reply()).why())
        .startsWith("classes: got 3 from a, allowed 4");
    state = refused.state();
    for (int i = 0; i < 30; i++) {
      nowNanos += 100 * MILLI;
      node("a").sees(4, good(12));
      assertThat(renew("a")).isInstanceOf(GrantReply.Granted.class);
    }
    assertThat(state().rates()).hasSize(CLASSES);
    assertThat(state().demand().get(0)).as("its counters went on").isBetween(30.0, 50.0);
  }

  @Test
  void operatorsStop_isHeldThroughTheChange() {
    open();
    command(Verb.CLOSE, OptionalLong.empty());
    LedgerState after = of(2).renew(state(), renewed("d", 2, 1), now()).state();
    assertThat(after.recovery().phase()).isEqualTo(Phase.OUTAGE);
    assertThat(after.recovery().stay().held()).isTrue();
    assertThat(after.control().ceiling()).isZero();
  }

  /** Keys of other classes mean nothing; but what was closed does not open by that. */
  @Test
  void cutoff_isOpenInTheNewShapeUnlessAllIsClosed() {
    open();
    Refitting toTwo =
        new Refitting(Classes.chain(2), new CeilingController(Classes.chain(2), Rules.ALL));
    assertThat(toTwo.fitted(state()).control().cutoff().key()).isEqualTo(2 * 65_536L);
    command(Verb.CLOSE, OptionalLong.empty());
    assertThat(toTwo.fitted(state()).control().cutoff()).isEqualTo(state().control().cutoff());
  }
}
