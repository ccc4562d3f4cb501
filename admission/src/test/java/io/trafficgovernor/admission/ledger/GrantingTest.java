package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Memory;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.recovery.Recovery;
import io.trafficgovernor.admission.recovery.Stay;
import io.trafficgovernor.admission.testing.Classes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What node a is given: out of a ceiling of 100/s and a window of 10, beside what others have. */
final class GrantingTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final long NOW = 1000 * SECOND;
  private static final int CLASSES = 3;
  private static final long ME = 1;

  /** A process that had the name before. */
  private static final long PREDECESSOR = 9;

  private final Granting granting = new Granting(settings(Rules.ALL));

  private static LedgerSettings settings(Rules rules) {
    return new LedgerSettings(
        Classes.chain(CLASSES), 500, 2, RampMode.AUTO, new RampPlan.Adaptive(), rules);
  }

  private static Granting without(Rule rule) {
    return new Granting(settings(Rules.without(List.of(rule))));
  }

  private static Booking booking(double rate, double failSafe, int slots, long incarnation) {
    return new Booking(1, rate, failSafe, NOW + SECOND, slots, incarnation);
  }

  /** A node with an empty lease, and those bookings; it asked for so much of class 0. */
  private static NodeRecord node(String name, double demand, int inFlight, Booking... bookings) {
    return turned(name, demand, inFlight, NOW - SECOND, bookings);
  }

  private static NodeRecord turned(
      String name, double demand, int inFlight, long turnNanos, Booking... bookings) {
    List<Booking> all = new ArrayList<>(List.of(booking(0, 0, 0, ME)));
    all.addAll(List.of(bookings));
    return new NodeRecord(
        name,
        ME,
        1,
        NOW,
        NOW,
        new NodeReport(Collections.nCopies(CLASSES, ClassReport.NONE), inFlight, 0),
        List.of(demand, 0.0, 0.0),
        0,
        all,
        0,
        0,
        true,
        turnNanos);
  }

  private static LedgerState ramping(NodeRecord... nodes) {
    LedgerState begun =
        new Ledger(settings(Rules.ALL))
            .closed(new Owner("owner", 0, 7), new Reference(500, 0.02, List.of(), 500));
    Map<String, NodeRecord> byName = new TreeMap<>();
    for (NodeRecord node : nodes) {
      byName.put(node.name(), node);
    }
    LedgerState.Authority authority =
        begun.authority().at(new LedgerClock("owner", 0, NOW)).blackedOut(NOW, 1, 50);
    LedgerState state = begun.with(authority).withNodes(byName);
    return in(new Stay(Phase.RAMPING, 0, false, Double.POSITIVE_INFINITY, 0), state);
  }

  private static LedgerState in(Stay stay, LedgerState state) {
    LedgerState.Control control = state.control();
    Level level = new Level(100, 10, false, 0);
    return state
        .with(new Recovery(stay, Memory.NONE.enteredOpen()), "test")
        .with(
            control
                .withController(answering(control.controller()).withLevel(level))
                .withCutoff(Cutoff.open(CLASSES), false));
  }

  private static Ledger.Renewed renewed(Granting granting, LedgerState state) {
    Renewal renewal =
        new Renewal(
            "a",
            ME,
            2,
            NOW,
            GrantId.NONE,
            0,
            0,
            0,
            new NodeReport(Collections.nCopies(CLASSES, ClassReport.NONE), 0, 0),
            Optional.empty());
    return granting.granted(state, renewal);
  }

  private static Grant granted(Granting granting, LedgerState state) {
    return ((GrantReply.Granted) renewed(granting, state).reply()).grant();
  }

  private Grant granted(NodeRecord... nodes) {
    return granted(granting, ramping(nodes));
  }

  @Test
  void shares_areEqualWithoutTheRuleAndByDemandWithIt() {
    LedgerState state = ramping(node("a", 90, 0), node("b", 10, 0));
    assertThat(granted(without(Rule.SHARES), state).ratePerSecond()).isEqualTo(50);
    assertThat(granted(granting, state).ratePerSecond())
        .as("a hundredth is spread evenly")
        .isCloseTo(100 * 90.5 / 101, within(1e-9));
  }

  @Test
  void rate_leavesWhatThePredecessorMayUse() {
    assertThat(granted(node("a", 90, 0)).ratePerSecond()).isEqualTo(100);
    assertThat(granted(node("a", 90, 0, booking(30, 5, 0, PREDECESSOR))).ratePerSecond())
        .isEqualTo(70);
  }

  @Test
  void rate_leavesTheShareOfANodeNotHeardOfSinceTheLedgerWasLost() {
    NodeRecord a = node("a", 90, 0);
    NodeRecord b = node("b", 0, 0, booking(5, 5, 0, ME));
    LedgerState heardLater = ramping(a, b).with(strays(NOW - 1));
    assertThat(granted(granting, heardLater).ratePerSecond()).as("what b has").isEqualTo(95);
    LedgerState heardAtOnce = ramping(a, b).with(strays(NOW));
    assertThat(granted(granting, heardAtOnce).ratePerSecond()).isEqualTo(95);
    LedgerState heardBefore = ramping(a, b).with(strays(NOW + 1));
    assertThat(granted(granting, heardBefore).ratePerSecond())
        .as("b may be on its share of 15 of before")
        .isEqualTo(85);
  }

  private static ControllerState answering(ControllerState state) {
    long never = Brakes.NEVER;
    Brakes brakes = new Brakes(never, never, NOW, 0, never, 0, NOW, NOW);
    return new ControllerState(
        state.level(), state.goodput(), state.bases(), state.probe(), brakes, state.slack());
  }

  private static LedgerState.Strays strays(long lostNanos) {
    return new LedgerState.Strays(15, lostNanos + Grant.FAIL_SAFE_NANOS);
  }

  @Test
  void blackout_endsToTheNanosecond() {
    LedgerState over = ramping(node("a", 90, 0));
    assertThat(granted(granting, over).ratePerSecond()).isEqualTo(100);
    LedgerState last = over.with(over.authority().blackedOut(NOW + 1, 1, 50));
    assertThat(granted(granting, last).ratePerSecond()).as("no more than it holds").isZero();
    assertThat(granted(granting, last).slots()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"50, true", "49, false"})
  void slots_goRoundAfterHalfARenewalAndNotSooner(long millisSince, boolean round) {
    long before = NOW - millisSince * MILLI;
    NodeRecord next = record(renewed(granting, ramping(turned("a", 90, 0, before))));
    assertThat(next.turnNanos()).isEqualTo(round ? NOW : before);
    assertThat(next.slots()).as("between turns it gets none").isEqualTo(round ? 10 : 0);
  }

  private static NodeRecord record(Ledger.Renewed renewed) {
    return java.util.Objects.requireNonNull(renewed.state().nodes().get("a"));
  }

  @Test
  void slots_ofThePredecessorAreNotGivenAgain() {
    assertThat(granted(node("a", 90, 0)).slots()).isEqualTo(10);
    assertThat(granted(node("a", 90, 0, booking(0, 0, 3, PREDECESSOR))).slots())
        .as("3, and the one more of its top classes")
        .isEqualTo(6);
  }

  @Test
  void slots_ofOthersAreNotGivenAgain() {
    NodeRecord b = node("b", 0, 0, booking(0, 0, 3, ME));
    assertThat(granted(node("a", 90, 0), b).slots()).isEqualTo(7);
  }

  @Test
  void slots_withoutRotationAreTheWholePartsOfTheShare() {
    LedgerState state = ramping(node("a", 75, 0), node("b", 25, 0));
    Ledger.Renewed next = renewed(without(Rule.ROTATION), state);
    assertThat(record(next).slots()).as("of 7.47").isEqualTo(7);
    assertThat(record(next).slotCredit()).isZero();
    NodeRecord b = node("b", 25, 0, booking(0, 0, 12, ME));
    assertThat(granted(without(Rule.ROTATION), ramping(node("a", 75, 0), b)).slots())
        .as("none is left")
        .isZero();
  }

  /** Seven of a's own, what its predecessor has left, and what b may have, against a peak of 10. */
  @ParameterizedTest
  @CsvSource({"0, 3, 1", "0, 4, 0", "2, 0, 1", "3, 0, 0"})
  void extraSlot_isThereWhileNoMoreIsOutThanOfLate(int predecessors, int others, int extra) {
    LedgerState state =
        ramping(
                predecessors == 0
                    ? node("a", 90, 8)
                    : node("a", 90, 8, booking(0, 0, predecessors, PREDECESSOR)),
                node("b", 0, 0, booking(0, 0, others, ME)))
            .with(new SlotPeak(NOW, 10, 0));
    LedgerState narrow =
        state.with(
            state
                .control()
                .withController(
                    state.control().controller().withLevel(new Level(100, 1, false, 0))));
    assertThat(granted(granting, narrow).topSlots()).isEqualTo(extra);
    assertThat(granted(without(Rule.EXTRA_SLOT), narrow).topSlots()).isZero();
  }

  @Test
  void topClasses_areThoseWithMoreThanOneRequestInTwentySeconds() {
    assertThat(topRanks(0.05)).as("silent").containsExactly(0, 1);
    assertThat(topRanks(0.06)).containsExactly(2, 0);
  }

  private List<Integer> topRanks(double demandOfLast) {
    NodeRecord quiet = node("a", 0, 0);
    NodeRecord asking =
        new NodeRecord(
            "a",
            ME,
            1,
            NOW,
            NOW,
            quiet.report(),
            List.of(0.0, 0.0, demandOfLast),
            0,
            quiet.bookings(),
            0,
            0,
            true,
            NOW);
    return granted(asking).cluster().topRanks();
  }

  @Test
  void leases_areLongInOpenAloneWhereTheDemandIsMetAndTheRampIsLeftBehind() {
    LedgerState ramping = ramping(node("a", 90, 0), node("b", 0, 0), node("c", 0, 0));
    LedgerState open = in(new Stay(Phase.OPEN, 0, false, Double.POSITIVE_INFINITY, 0), ramping);
    LedgerState leaving = in(new Stay(Phase.OPEN, 0, false, 100, 0), ramping);
    LedgerState unmet = open.with(open.control().withServed(new Served(90, 100)));
    assertThat(granted(granting, open).renewEveryNanos()).isEqualTo(500 * MILLI);
    assertThat(granted(granting, open).lengthNanos()).isEqualTo(2 * SECOND);
    for (LedgerState other : List.of(ramping, leaving, unmet)) {
      assertThat(granted(granting, other).renewEveryNanos()).isEqualTo(100 * MILLI);
      assertThat(granted(granting, other).lengthNanos()).isEqualTo(SECOND);
    }
  }
}
