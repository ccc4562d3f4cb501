package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.testing.Classes;
import org.junit.jupiter.api.Test;

final class WaitingRoomTest {
  private static final long MILLI = 1_000_000L;

  private final WaitingRoom room = new WaitingRoom(Classes.chain(4));

  private static Arrival at(long millis) {
    return new Arrival(3, 1, millis * MILLI, true, (decision, now) -> {});
  }

  private Arrival replayed(long millis) {
    Arrival arrival = at(millis);
    room.rejoin(arrival);
    return arrival;
  }

  /** It waits at the head of the room, and came later than the one behind it. */
  @Test
  void patienceBehindAReplay_endsInTime() {
    Arrival early = replayed(0);
    final Arrival late = replayed(100);
    assertThat(room.head(3)).isSameAs(late);
    assertThat(room.nextGivesUpNanos(3)).isEqualTo(150 * MILLI);
    assertThat(room.impatient(3, false, 149 * MILLI)).isNull();
    assertThat(room.impatient(3, false, 150 * MILLI)).isSameAs(early);
    assertThat(room.impatient(3, false, 150 * MILLI)).isNull();
    assertThat(room.impatient(3, false, 250 * MILLI)).isSameAs(late);
    assertThat(room.isEmpty()).isTrue();
  }

  @Test
  void whoeverHasLeft_holdsNoPlace() {
    Arrival first = at(0);
    Arrival second = at(1);
    room.join(first);
    room.join(second);
    room.remove(first);
    assertThat(room.waiting(3)).isEqualTo(1);
    assertThat(room.head(3)).isSameAs(second);
    room.remove(first);
    assertThat(room.isEmpty()).isFalse();
    room.remove(second);
    assertThat(room.isEmpty()).isTrue();
  }
}
