package io.trafficgovernor.loadtest.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EventQueueTest {
  private static final long SEED = 5;

  private final EventQueue queue = new EventQueue();

  private record Planned(long atNanos, int number) {}

  /** Enough of them, at few different times, that the arrays grow and times are shared. */
  @Test
  void tasks_runByTimeAndThenByAge() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Planned> planned = new ArrayList<>();
    List<Planned> ran = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      Planned each = new Planned(random.nextInt(300), i);
      planned.add(each);
      queue.after(
          each.atNanos(),
          now -> {
            assertThat(now).isEqualTo(each.atNanos());
            ran.add(each);
          });
    }
    queue.runUntil(1000);
    planned.sort(Comparator.comparingLong(Planned::atNanos).thenComparingInt(Planned::number));
    assertThat(ran).as("seed %d", SEED).isEqualTo(planned);
    assertThat(queue.ran()).isEqualTo(5000);
    assertThat(queue.nanos()).isEqualTo(1000);
  }

  @Test
  void taskAddedByATask_runsInTheSameTurnIfItIsDue() {
    List<String> ran = new ArrayList<>();
    queue.after(
        10,
        now -> {
          ran.add("first");
          queue.after(0, later -> ran.add("at once"));
          queue.after(5, later -> ran.add("too late"));
        });
    queue.after(10, now -> ran.add("second"));
    queue.runUntil(14);
    assertThat(ran).containsExactly("first", "second", "at once");
    queue.runUntil(15);
    assertThat(ran).hasSize(4);
  }

  @Test
  void timeBackwards_isRefused() {
    assertThatThrownBy(() -> queue.after(-1, now -> {}))
        .hasMessage("delay: got -1 ns, allowed 0 or more");
  }
}
