package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everybody behind one address, at a door whose cutoff lies within their class. */
final class OneAddressTest {
  private static final int CLASSES = 4;
  private static final int READ = 2;
  private static final long SALT = 7;
  private static final long ADDRESS = SessionKey.hash("198.51.100.7");
  private static final long CUTOFF = READ * SessionKey.PER_CLASS + SessionKey.PER_CLASS / 4;

  private final VirtualTime time = new VirtualTime();

  private AdmissionController door(RetryRule retries, Rules rules, long cutoff) {
    var door = new AdmissionController(Classes.chain(CLASSES), time, false, retries, rules);
    // PROBING gives no class a minimum share beside the cutoff
    Leases lease = Leases.ample().phase(Phase.PROBING).cutoff(cutoff);
    door.adopt(lease.sent(time.nanos()), time.nanos());
    time.advanceMillis(100);
    return door;
  }

  private AdmissionController door() {
    return door(RetryRule.EQUAL, Rules.ALL, CUTOFF);
  }

  private Arrival arrival(int rank, long session, Attempt attempt) {
    return new Arrival(rank, session, time.nanos(), attempt, 1, (decision, now) -> {});
  }

  private static boolean cut(Decision decision) {
    return decision instanceof Decision.Shed shed && shed.reason() == ShedReason.CUTOFF;
  }

  /** How many of so many first attempts pass the cutoff, 1 ms apart. */
  private int passed(AdmissionController door, int requests) {
    int passed = 0;
    for (int i = 0; i < requests; i++) {
      passed += cut(door.decide(arrival(READ, ADDRESS, Attempt.FIRST), time.nanos())) ? 0 : 1;
      time.advanceMillis(1);
    }
    return passed;
  }

  @Test
  void part_thatIsOpenPasses() {
    AdmissionController door = door();
    passed(door, 16);
    assertThat(passed(door, 1000)).isBetween(248, 252);
  }

  /** The negative control: one key is below the cutoff or above it. */
  @Test
  void withoutTheRule_allPassOrNone() {
    Rules rules = Rules.without(List.of(Rule.HEAVY_KEYS));
    long key = SessionKey.of(READ, ADDRESS, SALT);
    assertThat(passed(door(RetryRule.EQUAL, rules, key), 1000)).isZero();
    assertThat(passed(door(RetryRule.EQUAL, rules, key + 1), 1000)).isEqualTo(1000);
  }

  @Test
  void manyUsers_haveTheKeysOfTheirSessions() {
    AdmissionController door = door();
    for (int user = 0; user < 2000; user++) {
      long session = SessionKey.hash("user-" + user);
      Arrival arrival = arrival(READ, session, Attempt.FIRST);
      boolean above = SessionKey.of(READ, session, SALT) >= CUTOFF;
      assertThat(cut(door.decide(arrival, time.nanos()))).isEqualTo(above);
      assertThat(arrival.placedAlone()).isFalse();
      time.advanceMillis(1);
    }
  }

  /** The door and Retry-After go by one place, and a second look draws no other. */
  @Test
  void place_isDrawnOnceForARequest() {
    AdmissionController door = door();
    passed(door, 100);
    for (int i = 0; i < 100; i++) {
      Arrival arrival = arrival(READ, ADDRESS, Attempt.FIRST);
      boolean refused = cut(door.decide(arrival, time.nanos()));
      long key = arrival.key(READ, SALT);
      assertThat(arrival.placedAlone()).isTrue();
      assertThat(refused).isEqualTo(key >= CUTOFF);
      door.retryAfterNanos(arrival, 0, time.nanos());
      assertThat(arrival.key(READ, SALT)).isEqualTo(key);
      assertThat(cut(door.decide(arrival, time.nanos()))).as("sent again").isEqualTo(refused);
      assertThat(arrival.key(READ, SALT)).isEqualTo(key);
      time.advanceMillis(1);
    }
  }

  /** Those that the first store refused would else lie last in the order of the second too. */
  @Test
  void secondStore_placesAnew() {
    AdmissionController one = door();
    AdmissionController two = door();
    passed(one, 100);
    passed(two, 100);
    int refused = 0;
    int passed = 0;
    for (int i = 0; i < 400; i++) {
      Arrival arrival = arrival(READ, ADDRESS, Attempt.FIRST);
      if (cut(one.decide(arrival, time.nanos()))) {
        refused++;
        passed += cut(two.decide(arrival, time.nanos())) ? 0 : 1;
      }
      time.advanceMillis(1);
    }
    assertThat(refused).isBetween(298, 302);
    assertThat(passed).isBetween(73, 77);
  }

  /** One class lower, and just as evenly. */
  @Test
  void retries_thatAreMovedDown_areSplitThere() {
    AdmissionController door = door(RetryRule.MOVED_DOWN, Rules.ALL, CUTOFF + SessionKey.PER_CLASS);
    passed(door, 100);
    int cut = 0;
    for (int i = 0; i < 400; i++) {
      Arrival arrival = arrival(READ, ADDRESS, Attempt.RETRY);
      cut += cut(door.decide(arrival, time.nanos())) ? 1 : 0;
      assertThat(arrival.key(READ + 1, SALT))
          .isBetween((READ + 1) * SessionKey.PER_CLASS, (READ + 2) * SessionKey.PER_CLASS - 1);
      time.advanceMillis(1);
    }
    assertThat(cut).isBetween(298, 302);
  }

  @Test
  void firstClass_passesWhole() {
    AdmissionController door = door(RetryRule.EQUAL, Rules.ALL, SessionKey.PER_CLASS);
    for (int i = 0; i < 1000; i++) {
      Arrival arrival = arrival(0, ADDRESS, Attempt.FIRST);
      assertThat(cut(door.decide(arrival, time.nanos()))).isFalse();
      assertThat(arrival.placedAlone()).isFalse();
      time.advanceMillis(1);
    }
  }
}
