package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.recovery.Verb;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the entry keeps, for how long, and what a renewal that knows more makes of it. */
final class LedgerStateTest extends HandMadeCluster {
  private static final long SECOND = 1000 * MILLI;

  private LedgerState at(LedgerState state, long nanos) {
    return state.with(state.authority().at(new LedgerClock(owner, 0, nanos)));
  }

  @Test
  void refusedNode_isListedOnceWithItsLastReasonForTenSeconds() {
    grant("a");
    LedgerState first = at(state(), SECOND).excluding("x", "one").excluding("y", "two");
    LedgerState again = at(first, 2 * SECOND).excluding("x", "three");
    assertThat(again.excluded())
        .containsExactly(
            new LedgerState.Excluded("y", "two", SECOND),
            new LedgerState.Excluded("x", "three", 2 * SECOND));
    LedgerState kept = at(again, 11 * SECOND).forgettingExcluded();
    assertThat(kept.excluded()).hasSize(2);
    assertThat(at(again, 11 * SECOND + 1).forgettingExcluded().excluded())
        .extracting(LedgerState.Excluded::node)
        .containsExactly("x");
  }

  @Test
  void nodes_areLiveAndAskForSomethingUntilTheirLeaseEnds() {
    open();
    assertThat(state().live()).hasSize(3);
    assertThat(state().demand().get(0)).isPositive();
    LedgerState later = at(state(), state().nowNanos() + 3 * SECOND);
    assertThat(later.live()).isEmpty();
    assertThat(later.demand()).containsExactly(0.0, 0.0, 0.0);
  }

  @Test
  void strays_lastAMinuteAndNotANanosecondMore() {
    LedgerState.Strays strays = new LedgerState.Strays(15, 70 * SECOND);
    assertThat(strays.each(70 * SECOND - 1)).isEqualTo(15);
    assertThat(strays.each(70 * SECOND)).isZero();
    assertThat(strays.knows(10 * SECOND)).as("heard of when the loss was").isTrue();
    assertThat(strays.knows(10 * SECOND - 1)).isFalse();
  }

  @Test
  void strays_ofTwoLedgersAreTheLargerShareForAsLongAsItMayLast() {
    LedgerState.Strays large = new LedgerState.Strays(15, 70 * SECOND);
    LedgerState.Strays small = new LedgerState.Strays(5, 90 * SECOND);
    for (LedgerState.Strays both :
        List.of(large.and(small, 0, 20 * SECOND), small.and(large, 69 * SECOND, 20 * SECOND))) {
      assertThat(both.each(80 * SECOND)).isEqualTo(15);
      assertThat(both.each(80 * SECOND + 1)).isZero();
      assertThat(both.knows(20 * SECOND)).as("who was only brought along").isFalse();
      assertThat(both.knows(20 * SECOND + 1)).isTrue();
    }
    assertThat(small.and(large, 70 * SECOND, 20 * SECOND).each(20 * SECOND))
        .as("those ended")
        .isEqualTo(5);
    assertThat(large.and(large, 70 * SECOND, 70 * SECOND)).isEqualTo(LedgerState.Strays.NONE);
  }

  /** A ledger that is told of what it goes on from already is told nothing. */
  @Test
  void memory_isNewsOnlyIfItIsLaterThanTheOneGoneOnFrom() {
    open();
    LedgerState.Authority young = state().authority().resumed(7, 5, state().nowNanos());
    assertThat(young.lacks(remembered(5))).isFalse();
    assertThat(young.lacks(remembered(6))).isTrue();
    LedgerClock minuteLater = new LedgerClock(owner, 0, state().nowNanos() + 60 * SECOND);
    assertThat(young.at(minuteLater).lacks(remembered(6))).isFalse();
  }

  private static LedgerState.Authority remembered(long epoch) {
    return new LedgerState.Authority(3, 0, epoch, 0, new LedgerClock("x", 0, 0), 0, 0, 0);
  }

  private void renewHolding(String name, GrantId held) {
    Renewal plain = renewal(name);
    send(
        new Renewal(
            name,
            plain.incarnation(),
            plain.sequence(),
            plain.sentNanos(),
            held,
            0,
            0,
            0,
            plain.report(),
            Optional.empty()));
  }

  @Test
  void lostGrants_areNumberedOnFromAndNobodyGrowsForTheLongestLease() {
    open();
    long lineage = state().authority().lineage();
    long grants = state().authority().grants();
    renewHolding("a", new GrantId(lineage, grants));
    assertThat(state().authority().blackoutUntilNanos())
        .as("its own newest grant is nothing foreign")
        .isLessThan(state().nowNanos());
    renewHolding("a", new GrantId(lineage, grants + 500));
    assertThat(state().authority().grants()).isEqualTo(grants + 501);
    assertThat(state().authority().blackoutUntilNanos() - state().nowNanos())
        .isEqualTo(LeaseTerms.LONGEST_BOOKED_NANOS);
  }

  @Test
  void grantsOfAnotherLedger_doNotMoveTheNumbersOfThisOne() {
    open();
    long grants = state().authority().grants();
    renewHolding("a", new GrantId(state().authority().lineage() + 1, grants + 500));
    assertThat(state().authority().grants()).isEqualTo(grants + 1);
  }

  @Test
  void incidents_haveAnOrderEach() {
    open();
    Set<Long> salts = new HashSet<>();
    for (int incident = 0; incident < 100; incident++) {
      command(Verb.CLOSE, OptionalLong.empty());
      salts.add(state().authority().incidentSalt());
      command(Verb.BEGIN, OptionalLong.of(state().authority().epoch()));
    }
    assertThat(salts).hasSize(100);
  }

  /** Else the slots of nodes that began together would come round in step. */
  @Test
  void processes_beginWithPartsOfASlotThatAreSpread() {
    command(Verb.CLOSE, OptionalLong.empty());
    int[] quarters = new int[4];
    for (int process = 1; process <= 100; process++) {
      String name = "n" + process;
      node(name).incarnation = process;
      renew(name);
      NodeRecord begun = java.util.Objects.requireNonNull(state().nodes().get(name));
      assertThat(begun.slotCredit()).isBetween(0.0, 0.999999);
      quarters[(int) (4 * begun.slotCredit())]++;
    }
    for (int count : quarters) {
      assertThat(count).isBetween(22, 28);
    }
  }

  @Test
  void finish_isRefusedWithWhatIsNotGreen() {
    open();
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(state().authority().epoch()));
    pass(6000, 4, good(4));
    pass(600, 4, new io.trafficgovernor.admission.control.Tally(4, 40, 0, 0, 0, 0, 44));
    long epoch = state().authority().epoch();
    CommandReply.NotGreen reply =
        (CommandReply.NotGreen) command(Verb.FINISH, OptionalLong.of(epoch));
    assertThat(reply.epoch()).isEqualTo(epoch);
    assertThat(reply.faults()).isNotEmpty();
  }
}
