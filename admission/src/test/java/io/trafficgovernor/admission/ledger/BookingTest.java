package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.Grant;
import org.junit.jupiter.api.Test;

/** Until when a grant may be in use: its rate, its fail-safe share and its slots. */
final class BookingTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long ENDS = 100 * SECOND;
  private static final long REQUEST = 4 * SECOND;
  private static final long SHARE_ENDS = ENDS + Grant.FAIL_SAFE_NANOS + Grant.FAIL_SAFE_NANOS / 100;

  private static Booking of(double rate, double failSafe, int slots) {
    return new Booking(7, rate, failSafe, ENDS, slots, 1);
  }

  @Test
  void rate_isReservedUntilTheLeaseEnds() {
    assertThat(of(30, 5, 2).live(ENDS - 1)).isTrue();
    assertThat(of(30, 5, 2).live(ENDS)).isFalse();
    assertThat(of(30, 5, 2).reserved(ENDS - 1)).isEqualTo(30);
    assertThat(of(3, 5, 2).reserved(ENDS - 1)).as("whatever is more").isEqualTo(5);
  }

  @Test
  void failSafeShare_isReservedForAMinuteMoreAndItsDrift() {
    assertThat(of(30, 5, 2).reserved(ENDS)).isEqualTo(5);
    assertThat(of(30, 5, 2).reserved(SHARE_ENDS)).isEqualTo(5);
    assertThat(of(30, 5, 2).reserved(SHARE_ENDS + 1)).isZero();
  }

  @Test
  void slots_areReservedUntilTheLastRequestHasEnded() {
    assertThat(of(30, 5, 2).reservedSlots(ENDS)).isEqualTo(2);
    assertThat(of(30, 5, 2).reservedSlots(ENDS + 1)).isZero();
  }

  @Test
  void booking_mattersWhileAnythingOfItIsInUse() {
    assertThat(of(0, 0, 0).matters(ENDS - 1 - REQUEST, ENDS - 1)).as("the lease").isTrue();
    assertThat(of(0, 0, 0).matters(ENDS - REQUEST, ENDS)).isFalse();
    assertThat(of(30, 5, 0).matters(SHARE_ENDS - REQUEST, SHARE_ENDS)).as("the share").isTrue();
    assertThat(of(30, 0, 2).matters(ENDS, ENDS + REQUEST)).as("the slots").isTrue();
    assertThat(of(30, 5, 2).matters(SHARE_ENDS + 1 - REQUEST, SHARE_ENDS + 1)).isFalse();
  }

  @Test
  void processThatIsGone_leavesItsRequests_oneThatLostItsName_itsShareToo() {
    Booking booking = of(30, 5, 2);
    Booking dead = booking.without(booking.incarnation());
    assertThat(dead.reserved(ENDS - 1)).isZero();
    assertThat(dead.reservedSlots(ENDS - REQUEST)).isEqualTo(2);
    assertThat(booking.without(booking.incarnation() + 1)).isEqualTo(booking);
    assertThat(booking.left().without(0)).as("none is known").isEqualTo(booking.left());
    assertThat(of(30, 5, 2).left().reserved(ENDS - 1)).isEqualTo(5);
    assertThat(of(30, 5, 2).left().reservedSlots(ENDS - REQUEST)).isEqualTo(2);
  }

  @Test
  void merged_reservesAsMuchAndAsLongAsBoth() {
    Booking wide = new Booking(1, 10, 9, ENDS + SECOND, 1, 1);
    Booking later = new Booking(2, 20, 3, ENDS, 4, 1);
    assertThat(wide.merged(later)).isEqualTo(new Booking(2, 20, 9, ENDS + SECOND, 4, 1));
  }
}
