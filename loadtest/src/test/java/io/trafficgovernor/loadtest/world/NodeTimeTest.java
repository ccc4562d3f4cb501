package io.trafficgovernor.loadtest.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pauses, sleeps and drift: what a process sees of time. */
final class NodeTimeTest {
  private static final long SECOND = 1_000_000_000L;

  private final EventQueue truth = new EventQueue();
  private final List<Long> ranAt = new ArrayList<>();

  private NodeTime time(double drift) {
    return new NodeTime(truth, 500, drift);
  }

  private void ran(long localNanos) {
    ranAt.add(truth.nanos());
  }

  @Test
  void clock_hasItsOwnOriginAndPace() {
    NodeTime fast = time(0.001);
    truth.runUntil(1000 * SECOND);
    assertThat(fast.nanos()).isCloseTo(500 + 1001 * SECOND, within(1L));
  }

  @Test
  void timer_endsOnTheProcessesOwnClock() {
    time(0.01).after(101 * SECOND, this::ran);
    truth.runUntil(200 * SECOND);
    assertThat(ranAt).containsExactly(100 * SECOND);
  }

  @Test
  void pause_delaysTimersWhileTheClockRunsOn() {
    NodeTime time = time(0);
    time.after(SECOND, this::ran);
    time.pause(3 * SECOND);
    assertThat(time.still()).isTrue();
    truth.runUntil(2 * SECOND);
    assertThat(time.nanos()).isEqualTo(500 + 2 * SECOND);
    truth.runUntil(10 * SECOND);
    assertThat(ranAt).containsExactly(3 * SECOND);
    assertThat(time.still()).isFalse();
  }

  @Test
  void suspend_stopsTheClock_butNotTheWallClock() {
    NodeTime time = time(0);
    time.after(2 * SECOND, this::ran);
    truth.runUntil(SECOND);
    time.suspend(5 * SECOND);
    truth.runUntil(6 * SECOND);
    assertThat(time.nanos()).isEqualTo(500 + SECOND);
    assertThat(time.wallMillis()).isEqualTo(6000);
    truth.runUntil(20 * SECOND);
    assertThat(ranAt).as("1 s was left").containsExactly(7 * SECOND);
  }

  @Test
  void messageToAPausedProcess_isHeardAfterwards() {
    NodeTime time = time(0);
    time.pause(SECOND);
    time.enter(this::ran);
    assertThat(ranAt).isEmpty();
    truth.runUntil(2 * SECOND);
    assertThat(ranAt).containsExactly(SECOND);
    time.enter(this::ran);
    assertThat(ranAt).hasSize(2);
  }

  @Test
  void deadProcess_doesNothingEver() {
    NodeTime time = time(0);
    time.after(SECOND, this::ran);
    time.end();
    time.enter(this::ran);
    truth.runUntil(10 * SECOND);
    assertThat(ranAt).isEmpty();
    assertThat(time.still()).isTrue();
  }
}
