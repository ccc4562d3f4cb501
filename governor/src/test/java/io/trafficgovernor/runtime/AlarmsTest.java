package io.trafficgovernor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On a clock that moves by hand, and a waker that is as late as it likes. */
class AlarmsTest {
  private static final long MILLI = 1_000_000L;
  private static final long START = -12_345_678L;

  private final PriorityQueue<Wake> wakes = new PriorityQueue<>(Comparator.comparing(Wake::at));
  private final List<String> rung = new ArrayList<>();
  private long now = START;
  private int asked;
  private final Alarms alarms =
      new Alarms(
          () -> now,
          (millis, then) -> {
            assertThat(millis).isPositive();
            asked++;
            wakes.add(new Wake(now + millis * MILLI, then));
          });

  private record Wake(long at, Runnable then) {}

  private void runTo(long until) {
    while (!wakes.isEmpty() && wakes.peek().at() <= until) {
      Wake next = wakes.remove();
      now = Math.max(now, next.at());
      next.then().run();
    }
    now = Math.max(now, until);
  }

  private Alarms.Alarm set(String name, long afterNanos) {
    return alarms.at(now + afterNanos, () -> rung.add(name));
  }

  @Test
  void ringsInTimeNeverBefore() {
    Random random = new Random(7);
    List<Long> off = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      long due = now + (long) (random.nextDouble() * 30_000 * MILLI);
      alarms.at(due, () -> off.add(now - due));
      runTo(now + random.nextInt(20) * MILLI);
    }
    runTo(now + 40_000 * MILLI);

    assertThat(off).hasSize(2000);
    // a tick, and a millisecond that the waker rounds up to
    assertThat(off).allMatch(late -> late >= 0 && late <= Alarms.TICK_NANOS + MILLI);
    assertThat(wakes).isEmpty();
  }

  @Test
  void whatIsTakenBackDoesNotRing() {
    Alarms.Alarm first = set("first", 5 * MILLI);
    set("second", 5 * MILLI);
    first.cancel();
    first.cancel();
    runTo(now + 10 * MILLI);
    first.cancel();

    assertThat(rung).containsExactly("second");
  }

  @Test
  void oneMayTakeBackAnotherOfTheSameInstant() {
    List<Alarms.Alarm> later = new ArrayList<>();
    alarms.at(now + 5 * MILLI, () -> later.forEach(Alarms.Alarm::cancel));
    later.add(set("never", 5 * MILLI));
    set("last", 5 * MILLI);
    runTo(now + 10 * MILLI);

    assertThat(rung).containsExactly("last");
  }

  @Test
  void oneMaySetAnother() {
    alarms.at(now + MILLI, () -> set("past", -3 * MILLI));
    alarms.at(now + MILLI, () -> set("far", 20_000 * MILLI));
    runTo(now + 10 * MILLI);
    assertThat(rung).containsExactly("past");
    runTo(now + 20_010 * MILLI);

    assertThat(rung).containsExactly("past", "far");
  }

  @Test
  void anEarlierOneIsNotHeldUpByALaterOne() {
    set("late", 60_000 * MILLI);
    set("early", 3 * MILLI);
    runTo(now + 6 * MILLI);

    assertThat(rung).containsExactly("early");
  }

  @Test
  void ringsAfterALongSleep() {
    set("slept", 5 * MILLI);
    set("later", 100_000 * MILLI);
    now += 50_000 * MILLI;
    runTo(now + MILLI);
    assertThat(rung).containsExactly("slept");
    runTo(now + 60_000 * MILLI);

    assertThat(rung).containsExactly("slept", "later");
  }

  @Test
  void aFailureTakesNoOtherWithIt() {
    alarms.at(
        now + MILLI,
        () -> {
          throw new IllegalStateException("on purpose");
        });
    set("other", MILLI);
    long until = now + 20 * MILLI;
    assertThatThrownBy(() -> runTo(until)).hasMessage("on purpose");
    runTo(until);

    assertThat(rung).containsExactly("other");
  }

  @Test
  void asksSeldomForAlarmsThatNeverRing() {
    for (int i = 0; i < 100_000; i++) {
      set("never", 10_000 * MILLI).cancel();
      runTo(now + MILLI / 10);
    }

    // 10 s: one wake for each bucket of the wheel at most, where each alarm would be one timer
    assertThat(asked).isLessThan(5100);
    assertThat(rung).isEmpty();
  }
}
