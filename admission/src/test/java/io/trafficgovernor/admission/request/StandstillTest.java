package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process that stood still hears what has piled up before it refuses anybody (I6 b). */
final class StandstillTest {
  private static final long MILLI = 1_000_000L;

  /** Timers that ring when the test says so. */
  private static final class Timers implements Scheduler {
    private final List<Task> set = new ArrayList<>();

    @Override
    public void after(long delayNanos, Task task) {
      set.add(task);
    }

    private void ring(long nowNanos) {
      List<Task> due = List.copyOf(set);
      set.clear();
      due.forEach(task -> task.run(nowNanos));
    }
  }

  private final Timers timers = new Timers();
  private final AdmissionController controller =
      new AdmissionController(Classes.chain(4), timers, false);
  private final Map<Integer, Decision> told = new LinkedHashMap<>();

  private Decision ask(int rank, long nowNanos) {
    return controller.decide(
        new Arrival(rank, 1, nowNanos, true, (decision, now) -> told.put(rank, decision)),
        nowNanos);
  }

  /** One request at the backend that takes the only slots, and two that wait. */
  private Permit crowded() {
    controller.adopt(Leases.ample().slots(0).sent(0), 0);
    Permit first = ((Decision.Admitted) ask(0, 100 * MILLI)).permit();
    assertThat(first.send(100 * MILLI)).isTrue();
    assertThat(ask(1, 100 * MILLI)).isInstanceOf(Decision.Waiting.class);
    assertThat(ask(3, 100 * MILLI)).isInstanceOf(Decision.Waiting.class);
    timers.ring(100 * MILLI);
    return first;
  }

  @Test
  void lateTimer_refusesNobodyBeforeTheRestIsHeard() {
    Permit first = crowded();
    long woke = 700 * MILLI;
    timers.ring(woke);
    assertThat(told).as("their patience is over, but the news may be good").isEmpty();
    first.end(Outcome.SUCCESS, 10 * MILLI, woke);
    assertThat(told).isEmpty();
    timers.ring(woke + MILLI);
    assertThat(told.get(1)).as("the slot is there now").isInstanceOf(Decision.Admitted.class);
    assertThat(told.get(3)).isInstanceOf(Decision.Shed.class);
    assertThat(told.keySet()).containsExactly(1, 3);
  }

  @Test
  void timerThatIsLateAgain_isNotWaitedForTwice() {
    crowded();
    timers.ring(700 * MILLI);
    assertThat(told).isEmpty();
    timers.ring(760 * MILLI);
    assertThat(told.get(1)).isInstanceOf(Decision.Shed.class);
    assertThat(told.get(3)).isInstanceOf(Decision.Shed.class);
  }

  @Test
  void timerInTime_refusesAtOnce() {
    crowded();
    timers.ring(250 * MILLI);
    assertThat(told.keySet()).as("150 ms of patience").containsExactly(3);
  }

  @Test
  void whoeverIsPastItsDeadline_isNotSent() {
    Permit first = crowded();
    long woke = 2000 * MILLI;
    timers.ring(woke);
    first.end(Outcome.SUCCESS, 10 * MILLI, woke);
    timers.ring(woke + MILLI);
    assertThat(told.get(1))
        .as("its time-out is 1 s")
        .isInstanceOfSatisfying(
            Decision.Shed.class, shed -> assertThat(shed.reason()).isEqualTo(ShedReason.TOO_LATE));
  }

  /** Who is served last and leaves at once must not let a claim go where a wait was refused. */
  @Test
  void claim_isNotServedAtTheInstantOfARefusalAbove() {
    controller.adopt(Leases.ample().slots(2).cutoff(2 * SessionKey.PER_CLASS).sent(0), 0);
    ask(2, 0);
    List<Permit> first = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      first.add(((Decision.Admitted) ask(0, 100 * MILLI)).permit());
      assertThat(first.get(i).send(100 * MILLI)).isTrue();
    }
    List<Decision> waited = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      controller.decide(
          new Arrival(1, i, 100 * MILLI, true, (decision, now) -> passes(decision, now, waited)),
          100 * MILLI);
    }
    assertThat(ask(2, 200 * MILLI)).as("the claim").isInstanceOf(Decision.Waiting.class);
    long woke = 700 * MILLI;
    timers.ring(woke);
    first.subList(0, 2).forEach(permit -> permit.end(Outcome.SUCCESS, MILLI, woke));
    timers.ring(woke + MILLI);
    assertThat(waited.get(2)).isInstanceOf(Decision.Shed.class);
    assertThat(told).as("class 1 was refused just now").isEmpty();
    timers.ring(woke + 2 * MILLI);
    assertThat(told.get(2)).isInstanceOf(Decision.Admitted.class);
  }

  /** Three at the backend that take all slots, and one of class 2 that waits. */
  private List<Permit> full() {
    controller.adopt(Leases.ample().slots(2).sent(0), 0);
    List<Permit> first = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      first.add(((Decision.Admitted) ask(0, 100 * MILLI)).permit());
      assertThat(first.get(i).send(100 * MILLI)).isTrue();
    }
    assertThat(ask(2, 100 * MILLI)).isInstanceOf(Decision.Waiting.class);
    return first;
  }

  /** A slot that comes free in the breath in which class 2 was refused is not for class 3. */
  @Test
  void waiting_isNotServedAtTheInstantOfARefusalAbove() {
    List<Permit> first = full();
    assertThat(ask(3, 200 * MILLI)).isInstanceOf(Decision.Waiting.class);
    timers.ring(200 * MILLI);
    timers.ring(252 * MILLI);
    first.forEach(permit -> permit.end(Outcome.SUCCESS, MILLI, 252 * MILLI));
    assertThat(told.keySet()).as("150 ms of patience").containsExactly(2);
    timers.ring(253 * MILLI);
    assertThat(told.get(3)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void newcomer_isNotServedAtTheInstantOfARefusalAbove() {
    List<Permit> first = full();
    assertThat(ask(3, 100 * MILLI)).isInstanceOf(Decision.Waiting.class);
    timers.ring(200 * MILLI);
    timers.ring(252 * MILLI);
    first.forEach(permit -> permit.end(Outcome.SUCCESS, MILLI, 252 * MILLI));
    assertThat(told.keySet()).as("150 ms of patience").containsExactly(2, 3);
    told.clear();
    assertThat(ask(3, 252 * MILLI)).isInstanceOf(Decision.Waiting.class);
    assertThat(ask(1, 252 * MILLI)).as("above").isInstanceOf(Decision.Admitted.class);
    timers.ring(253 * MILLI);
    assertThat(told.get(3)).isInstanceOf(Decision.Admitted.class);
  }

  private static void passes(Decision decision, long nowNanos, List<Decision> all) {
    all.add(decision);
    if (decision instanceof Decision.Admitted admitted) {
      assertThat(admitted.permit().send(nowNanos)).isTrue();
      admitted.permit().end(Outcome.SUCCESS, MILLI, nowNanos);
    }
  }
}
