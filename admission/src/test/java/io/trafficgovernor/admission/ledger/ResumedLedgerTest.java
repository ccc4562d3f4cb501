package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Memory;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.recovery.Recovery;
import io.trafficgovernor.admission.recovery.Stay;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All nodes have restarted; one remembers. */
final class ResumedLedgerTest {
  private static final Owner OWNER = new Owner("after", 5, 9);

  private final Ledger ledger = ledger(2);

  private static Ledger ledger(int classes) {
    return new Ledger(
        new LedgerSettings(Classes.chain(classes), 500, 3, RampMode.AUTO, new RampPlan.Adaptive()));
  }

  private LedgerState remembered(Phase phase, double ceiling) {
    LedgerState closed = ledger.closed(new Owner("before", 1, 7), Reference.configured(800));
    return closed
        .with(
            closed
                .control()
                .withController(
                    closed
                        .control()
                        .controller()
                        .withLevel(closed.control().controller().level().withCeiling(ceiling))))
        .with(new Recovery(Stay.in(phase, 0), Memory.NONE), "test")
        .with(closed.authority().nextEpoch());
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"OPEN", "DEGRADED", "PROBING", "RAMPING", "ROLLBACK", "HOLD"})
  void resumed_beginsARampNoFurtherThanItWas(Phase phase) {
    for (double ceiling : new double[] {3, 30, 700}) {
      LedgerState state = remembered(phase, ceiling);
      LedgerState next = ledger.resumed(null, state, OWNER).orElseThrow();
      assertThat(next.recovery().phase()).isEqualTo(Phase.PROBING);
      assertThat(next.control().ceiling()).isLessThanOrEqualTo(ceiling);
      assertThat(next.control().reference()).isEqualTo(state.control().reference());
      assertThat(next.authority().epoch()).isGreaterThan(state.authority().epoch());
      assertThat(next.authority().blackoutUntilNanos() - next.nowNanos())
          .isEqualTo(LeaseTerms.LONGEST_BOOKED_NANOS);
    }
  }

  @Test
  void resumed_anOutageStaysOne() {
    LedgerState next = ledger.resumed(null, remembered(Phase.OUTAGE, 0), OWNER).orElseThrow();
    assertThat(next.recovery().phase()).isEqualTo(Phase.OUTAGE);
    assertThat(next.control().ceiling()).isZero();
  }

  @Test
  void resumed_whatAnOperatorClosedStaysClosed() {
    LedgerState closed = closed(remembered(Phase.RAMPING, 100));
    LedgerState next = ledger.resumed(null, closed, OWNER).orElseThrow();
    assertThat(next.recovery().phase()).isEqualTo(Phase.OUTAGE);
    assertThat(next.recovery().stay().held()).isTrue();
  }

  /** A node that comes back to a living grid remembers nothing that the grid does not know. */
  @Test
  void resumed_aLivingLedgerTakesNothing() {
    LedgerState state = remembered(Phase.OPEN, 700);
    LedgerState living =
        state.with(state.authority().nextEpoch()).with(state.authority().nextEpoch());
    assertThat(ledger.resumed(living, state, OWNER)).isEmpty();
  }

  /** The first node up may remember less than the second, or nothing. */
  @Test
  void resumed_aYoungLedgerTakesWhatALaterEpochKnows() {
    LedgerState closed = remembered(Phase.OUTAGE, 0);
    LedgerState young =
        ledger.resumed(null, ledger.closed(OWNER, Reference.configured(500)), OWNER).orElseThrow();
    LedgerState later = closed.with(closed.authority().blackedOut(0, 77, 5));
    Optional<LedgerState> next = ledger.resumed(young, later, OWNER);
    assertThat(next.orElseThrow().recovery().phase()).isEqualTo(Phase.OUTAGE);
    assertThat(next.orElseThrow().authority().epoch()).isEqualTo(78);
    LedgerClock old = new LedgerClock(OWNER.id(), OWNER.nanos(), 61_000_000_000L);
    LedgerState grown = young.with(young.authority().at(old));
    assertThat(ledger.resumed(grown, later, OWNER)).as("older than a minute").isEmpty();
  }

  /**
   * The first node up remembers the ramp, the second that it was closed: one epoch later. The
   * restart itself raises the epoch, and so does the ramp that begins.
   */
  @Test
  void resumed_anOlderMemoryDoesNotWinOverALaterClose() {
    LedgerState ramp = remembered(Phase.RAMPING, 100);
    LedgerState closed = closed(ramp);
    assertThat(closed.authority().epoch()).isEqualTo(ramp.authority().epoch() + 1);
    LedgerState young = ledger.resumed(null, ramp, OWNER).orElseThrow();
    for (int moves = 0; moves < 3; moves++) {
      LedgerState next = ledger.resumed(young, closed, OWNER).orElseThrow();
      assertThat(next.recovery().phase()).isEqualTo(Phase.OUTAGE);
      assertThat(next.recovery().stay().held()).isTrue();
      assertThat(next.control().ceiling()).isZero();
      assertThat(next.authority().epoch()).isGreaterThan(young.authority().epoch());
      assertThat(next.authority().lineage()).isEqualTo(young.authority().lineage());
      young = young.with(young.authority().nextEpoch());
    }
  }

  /** Whichever of them is heard first, and however often. */
  @Test
  void resumed_theOrderOfTheMemoriesDoesNotMatter() {
    LedgerState ramp = remembered(Phase.RAMPING, 100);
    LedgerState closed = closed(ramp);
    LedgerState late = ledger.resumed(null, closed, OWNER).orElseThrow();
    assertThat(ledger.resumed(late, ramp, OWNER)).isEmpty();
    LedgerState young = ledger.resumed(null, ramp, OWNER).orElseThrow();
    LedgerState told = ledger.resumed(young, closed, OWNER).orElseThrow();
    assertThat(ledger.resumed(told, closed, OWNER)).as("heard of it").isEmpty();
    assertThat(ledger.resumed(told, ramp, OWNER)).isEmpty();
  }

  /**
   * A node that was away longer is back first; another one knows of later grants, of that epoch.
   */
  @Test
  void resumed_theLaterGrantsOfOneEpochCountBeforeAnyIsMade() {
    LedgerState old = remembered(Phase.RAMPING, 100);
    LedgerState later =
        old.with(granted(3, 7, 30, 9)).with(old.authority().granted().granted().granted());
    LedgerState young = ledger.resumed(null, old, OWNER).orElseThrow();
    LedgerState told = ledger.resumed(young, later, OWNER).orElseThrow();
    NodeRecord node = requireNonNull(told.nodes().get("c"));
    assertThat(node.reserved(told.nowNanos())).isEqualTo(30);
    long after = told.nowNanos() + LeaseTerms.LONGEST_BOOKED_NANOS;
    assertThat(node.reserved(after)).as("its fail-safe share").isEqualTo(9);
    assertThat(ledger.resumed(told, later, OWNER)).as("heard of it").isEmpty();
    assertThat(ledger.resumed(told, old, OWNER)).as("knew more").isEmpty();
    long over = young.nowNanos() + LeaseTerms.LONGEST_BOOKED_NANOS;
    LedgerClock clock = new LedgerClock(OWNER.id(), OWNER.nanos(), over);
    assertThat(ledger.resumed(young.with(young.authority().at(clock)), later, OWNER))
        .as("grants have followed")
        .isEmpty();
  }

  /** Its successor has come already, and tells again who is dead. */
  @Test
  void resumed_theShareOfADeadProcessEndsWithTheNextRenewal() {
    LedgerState old = remembered(Phase.RAMPING, 100);
    LedgerState later = old.with(granted(3, 7, 30, 9)).with(old.authority().nextEpoch());
    LedgerState young = ledger.resumed(null, old, OWNER).orElseThrow().with(granted(4, 2, 5, 1));
    LedgerState told = ledger.resumed(young, later, OWNER).orElseThrow();
    NodeRecord both = requireNonNull(told.nodes().get("c"));
    assertThat(both.incarnation()).isEqualTo(4);
    assertThat(both.reservedForOthers(told.nowNanos())).as("it may be alive").isEqualTo(30);
    for (long dead : new long[] {0, 3}) {
      Renewal next =
          new Renewal(
              "c",
              4,
              3,
              1,
              GrantId.NONE,
              0,
              0,
              0,
              both.report(),
              Optional.empty(),
              SettingsPrint.UNKNOWN,
              0,
              dead);
      NodeRecord since = requireNonNull(ledger.renew(told, next, OWNER).state().nodes().get("c"));
      assertThat(since.reservedForOthers(told.nowNanos())).isEqualTo(dead == 3 ? 0 : 30);
    }
  }

  /** Whatever disk comes back: who ordered it knew better. */
  @Test
  void resumed_noMemoryUndoesACommandSince() {
    LedgerState ramp = remembered(Phase.RAMPING, 100);
    for (LedgerState young : List.of(ledger.closed(OWNER, Reference.configured(500)), ramp)) {
      LedgerState begun = ledger.resumed(null, young, OWNER).orElseThrow();
      LedgerState closed = closed(begun);
      LedgerState later = ramp.with(ramp.authority().atEpoch(70));
      assertThat(ledger.resumed(begun, later, OWNER)).isPresent();
      assertThat(ledger.resumed(closed, later, OWNER)).isEmpty();
    }
  }

  /** What a node wrote down since the restart is this ledger's own history. */
  @Test
  void resumed_whatWasWrittenDownSinceIsNoNews() {
    LedgerState young = ledger.resumed(null, remembered(Phase.RAMPING, 100), OWNER).orElseThrow();
    LedgerState grown = young.with(young.authority().nextEpoch());
    assertThat(ledger.resumed(grown, young, OWNER)).isEmpty();
    assertThat(ledger.resumed(young, grown, OWNER)).as("one that was lost").isPresent();
  }

  /** A disk that comes back after a minute tells of what nobody goes by any more. */
  @Test
  void resumed_aMinuteAfterTheRestartNothingIsTaken() {
    LedgerState ramp = remembered(Phase.RAMPING, 100);
    LedgerState closed = closed(ramp);
    LedgerState young = ledger.resumed(null, ramp, OWNER).orElseThrow();
    long minute = 60_000_000_000L;
    LedgerClock nearly = new LedgerClock(OWNER.id(), OWNER.nanos(), young.nowNanos() + minute - 1);
    LedgerClock over = new LedgerClock(OWNER.id(), OWNER.nanos(), young.nowNanos() + minute);
    LedgerState atLast = young.with(young.authority().at(nearly));
    assertThat(ledger.resumed(atLast, closed, OWNER)).isPresent();
    assertThat(ledger.resumed(young.with(young.authority().at(over)), closed, OWNER)).isEmpty();
    LedgerState told = ledger.resumed(atLast, closed, OWNER).orElseThrow();
    assertThat(told.nowNanos() - told.authority().begunNanos())
        .as("a memory makes nobody younger")
        .isEqualTo(minute - 1);
  }

  /** A client can outlive all voters: it holds a grant that no memory may know. */
  @Test
  void resumed_grantsFromBeforeStandOut() {
    LedgerState ramp = remembered(Phase.RAMPING, 100);
    LedgerState young = ledger.resumed(null, ramp, OWNER).orElseThrow();
    assertThat(young.authority().lineage()).isNotEqualTo(ramp.authority().lineage());
    assertThat(young.authority().grants()).isGreaterThanOrEqualTo(ramp.authority().grants());
  }

  /** A node with one grant, of that process and number. */
  private static NodeRecord granted(
      long incarnation, long sequence, double perSecond, double failSafePerSecond) {
    Booking grant = new Booking(sequence, perSecond, failSafePerSecond, 1000, 0, incarnation);
    return new NodeRecord(
        "c",
        incarnation,
        sequence,
        0,
        0,
        new NodeReport(List.of(ClassReport.NONE, ClassReport.NONE), 0, 0),
        List.of(0.0, 0.0),
        0,
        List.of(grant),
        0,
        0,
        true,
        Brakes.NEVER);
  }

  private LedgerState closed(LedgerState state) {
    Command close = new Command(Verb.CLOSE, "alice", "test", OptionalLong.empty(), 0);
    return ledger.command(state, close, new Owner("before", 2, 7)).state();
  }

  /** A held stop must survive a change of the configuration that came with the restart. */
  @Test
  void resumed_whatWasClosedStaysClosedUnderOtherClasses() {
    LedgerState closed = closed(remembered(Phase.RAMPING, 100));
    LedgerState next = ledger(3).resumed(null, closed, OWNER).orElseThrow();
    assertThat(next.rates()).hasSize(3);
    assertThat(next.recovery().phase()).isEqualTo(Phase.OUTAGE);
    assertThat(next.recovery().stay().held()).isTrue();
    assertThat(next.control().ceiling()).isZero();
    LedgerState young = ledger(3).resumed(null, remembered(Phase.OPEN, 300), OWNER).orElseThrow();
    assertThat(ledger(3).resumed(young, closed, OWNER).orElseThrow().recovery().phase())
        .isEqualTo(Phase.OUTAGE);
  }

  @Test
  void resumed_ofOtherClassesBeginsARampNoFurtherThanItWas() {
    LedgerState next = ledger(3).resumed(null, remembered(Phase.OPEN, 700), OWNER).orElseThrow();
    assertThat(next.rates()).hasSize(3);
    assertThat(next.recovery().phase()).isEqualTo(Phase.PROBING);
    assertThat(next.control().reference().ratePerSecond()).isEqualTo(800);
  }
}
