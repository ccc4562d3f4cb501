package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the ledger makes of one node's reports and of what it was given. */
final class NodeRecordTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long REQUEST = 4 * SECOND;
  private static final long NOW = 1000 * SECOND;
  private static final long LINEAGE = 5;
  private static final long ME = 1;

  private static NodeReport report(long attempts, Tally first, Tally second, int inFlight) {
    return new NodeReport(
        List.of(new ClassReport(attempts, 0, 0, 0, first), new ClassReport(0, 0, 0, 0, second)),
        inFlight,
        0);
  }

  private static NodeRecord node(int unreachableRun, int inFlight, Booking... bookings) {
    return new NodeRecord(
        "a",
        ME,
        1,
        NOW,
        NOW,
        report(100, Tally.NONE, Tally.NONE, inFlight),
        List.of(20.0, 0.0),
        unreachableRun,
        List.of(bookings),
        0,
        0,
        true,
        Brakes.NEVER);
  }

  private static Renewal renewal(long afterNanos, NodeReport report, GrantId held) {
    return new Renewal("a", ME, 2, NOW + afterNanos, held, 1, 0, 0, report, Optional.empty());
  }

  private static NodeRecord told(NodeRecord node, Tally first, Tally second) {
    Renewal renewal = renewal(SECOND, report(100, first, second, 0), GrantId.NONE);
    return node.reported(renewal, LINEAGE, NOW + SECOND - REQUEST, NOW + SECOND);
  }

  private static Booking booking(long counter, long endsNanos, int slots, long incarnation) {
    return new Booking(counter, 30, 5, endsNanos, slots, incarnation);
  }

  private static NodeRecord holds(NodeRecord node, long lineage, long counter) {
    Renewal renewal =
        renewal(SECOND, report(100, Tally.NONE, Tally.NONE, 0), new GrantId(lineage, counter));
    return node.reported(renewal, LINEAGE, NOW - REQUEST, NOW);
  }

  @Test
  void demand_isSmoothedOverTheNodesOwnTime() {
    Renewal later = renewal(SECOND / 2, report(120, Tally.NONE, Tally.NONE, 0), GrantId.NONE);
    double weight = 1 - Math.exp(-0.5 / 0.6);
    assertThat(node(0, 0).reported(later, LINEAGE, NOW + 9 - REQUEST, NOW + 9).demand().get(0))
        .as("40/s for half a second, 20/s before")
        .isCloseTo(20 + weight * 20, within(1e-9));
    Renewal same = renewal(0, report(999, Tally.NONE, Tally.NONE, 0), GrantId.NONE);
    assertThat(node(0, 0).reported(same, LINEAGE, NOW - REQUEST, NOW).demand())
        .containsExactly(20., 0.);
  }

  @Test
  void failedConnections_addUpOverClassesAndRenewals() {
    Tally cut = new Tally(0, 0, 0, 2, 0, 0);
    assertThat(told(node(3, 0), cut, cut).unreachableRun()).isEqualTo(3 + 4);
    Tally dear = new Tally(0, 0, 0, 10, 0, 0, 2);
    assertThat(told(node(0, 0), dear, Tally.NONE).unreachableRun()).as("2 requests").isEqualTo(2);
  }

  @Test
  void anyAnswer_endsTheRunOfFailedConnections() {
    Tally cut = new Tally(0, 0, 0, 2, 0, 0);
    assertThat(told(node(3, 0), cut, new Tally(1, 0, 0, 0, 0, 0)).unreachableRun()).isZero();
    assertThat(told(node(3, 0), cut, new Tally(0, 1, 0, 0, 0, 0)).unreachableRun())
        .as("a refusal is one")
        .isZero();
    assertThat(told(node(3, 0), cut, new Tally(0, 0, 0, 0, 1, 0)).unreachableRun())
        .as("a time-out is none")
        .isEqualTo(5);
    assertThat(node(3, 0).reachable().unreachableRun()).isZero();
  }

  @Test
  void acknowledgement_endsWhatItSuperseded() {
    long ends = NOW + SECOND;
    NodeRecord node =
        node(0, 0, booking(1, ends, 1, 9), booking(2, ends, 1, ME), booking(3, ends, 1, ME));
    assertThat(holds(node, LINEAGE, 3).bookings())
        .as("those of another process stay")
        .extracting(Booking::counter)
        .containsExactly(1L, 3L);
    assertThat(holds(node, LINEAGE, 2).bookings()).hasSize(3);
    assertThat(holds(node, LINEAGE, 4).bookings()).as("not booked here").hasSize(3);
    assertThat(holds(node, LINEAGE + 1, 3).bookings()).as("another ledger's grant").hasSize(3);
    assertThat(holds(node, LINEAGE, 1).bookings()).as("never given to this one").hasSize(3);
  }

  @Test
  void bookingThatIsOver_isForgotten() {
    long longAgo = NOW - 100 * SECOND;
    NodeRecord node = node(0, 0, booking(2, longAgo, 1, ME), booking(3, NOW, 1, ME));
    assertThat(holds(node, LINEAGE, 0).bookings()).extracting(Booking::counter).containsExactly(3L);
  }

  @Test
  void bookings_areSixteenAtMostAndReserveNoLess() {
    NodeRecord node = node(0, 0, booking(1, NOW + 9 * SECOND, 7, 9));
    for (int counter = 2; counter < 40; counter++) {
      node = node.booked(booking(counter, NOW + SECOND, counter == 2 ? 8 : 1, ME), 0, NOW);
    }
    assertThat(node.bookings()).hasSize(16);
    assertThat(node.bookings().get(0))
        .as("another's is not mixed in")
        .extracting(Booking::slots)
        .isEqualTo(7);
    assertThat(node.reservedSlots(NOW - REQUEST)).as("8, and the other's 7 + 1").isEqualTo(16);
  }

  @Test
  void withoutAClock_noLeaseEndsEarlyAndNoneRevives() {
    NodeRecord node = node(0, 0, booking(1, NOW, 1, ME), booking(2, NOW + 1, 1, ME));
    assertThat(node.rebased(NOW, NOW + 2 * SECOND).bookings())
        .extracting(Booking::expiresNanos)
        .containsExactly(NOW, NOW + 2 * SECOND);
  }

  @Test
  void node_isForgottenAMinuteAfterItsLastWord_ifNothingIsInUse() {
    long minute = NOW + Grant.FAIL_SAFE_NANOS;
    NodeRecord idle = node(0, 0);
    assertThat(idle.forgettable(minute - REQUEST, minute)).isFalse();
    assertThat(idle.forgettable(minute - REQUEST, minute + 1)).isTrue();
    NodeRecord ended = node(0, 0, booking(1, NOW - 100 * SECOND, 1, ME));
    assertThat(ended.forgettable(minute - REQUEST, minute + 1)).isTrue();
    NodeRecord booked = node(0, 0, booking(1, NOW + 100 * SECOND, 1, ME));
    assertThat(booked.forgettable(minute - REQUEST, minute + 1)).isFalse();
  }

  @Test
  void slots_areThoseBookedOrSeenUntilTheLastRequestHasEnded() {
    NodeRecord busy = node(0, 9, booking(1, NOW, 3, ME));
    assertThat(busy.reservedSlots(NOW)).as("but for one extra").isEqualTo(8);
    assertThat(busy.reservedSlots(NOW + 1)).isZero();
    assertThat(node(0, 2, booking(1, NOW, 3, ME)).reservedSlots(NOW - REQUEST)).isEqualTo(3);
  }

  @Test
  void whatAProcessLeavesBehind_countsTheRequestsThatOutlivedItsSlots() {
    NodeRecord busy = node(0, 9, booking(1, NOW, 3, ME));
    assertThat(busy.leftBehind(ME).get(0).slots()).as("but for one extra").isEqualTo(8);
    NodeRecord idle = node(0, 1, booking(1, NOW, 3, ME));
    assertThat(idle.leftBehind(ME).get(0).slots()).isEqualTo(3);
    assertThat(node(0, 9).leftBehind(ME)).as("all are over").isEmpty();
  }

  @Test
  void slotsOfAnotherProcess_countWithTheirExtraOneUntilItsRequestsHaveEnded() {
    NodeRecord node = node(0, 0, booking(1, NOW, 3, 9));
    assertThat(node.slotsOfOthers(NOW)).isEqualTo(4);
    assertThat(node.slotsOfOthers(NOW + 1)).isZero();
    assertThat(node.reserved(NOW)).as("its fail-safe share").isEqualTo(5);
  }

  /** Sixteen grants that were never acknowledged leave no room, and its old share counts still. */
  @Test
  void carrying_countsBesideAsManyGrantsAsThereMayBe_untilOneIsAcknowledged() {
    Booking[] full = new Booking[16];
    for (int grant = 0; grant < full.length; grant++) {
      full[grant] = booking(grant + 1, NOW + SECOND, 1, ME);
    }
    NodeRecord carrying = node(0, 0, full).carrying(40, NOW).carrying(9, NOW);
    assertThat(carrying.carried(NOW)).as("the greater of both").isEqualTo(40);
    assertThat(carrying.reserved(NOW)).as("of grants alone").isEqualTo(30);
    NodeRecord again = carrying.booked(booking(17, NOW + SECOND, 1, ME), 0, NOW);
    assertThat(again.bookings()).hasSize(17);
    assertThat(again.carried(NOW)).isEqualTo(40);
    assertThat(holds(again, LINEAGE, 17).carried(NOW)).isZero();
  }
}
