package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.Scheduler;
import java.util.PriorityQueue;

/**
 * Virtual time: tasks run in the order of their times, those of the same time in the order in which
 * they were added. Single-threaded.
 */
final class EventQueue implements Scheduler {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNanos;
  private long added;
  private long ran;

  private record Event(long atNanos, long number, Task task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  long nowNanos() {
    return nowNanos;
  }

  long ran() {
    return ran;
  }

  @Override
  public void after(long delayNanos, Task task) {
    if (delayNanos < 0) {
      throw new IllegalArgumentException("delay: got " + delayNanos + " ns, allowed 0 or more");
    }
    events.add(new Event(nowNanos + delayNanos, added++, task));
  }

  /** Runs everything up to that instant. */
  void runUntil(long endNanos) {
    for (Event next = events.peek();
        next != null && next.atNanos() <= endNanos;
        next = events.peek()) {
      events.remove();
      nowNanos = next.atNanos();
      ran++;
      next.task().run(nowNanos);
    }
    nowNanos = endNanos;
  }
}
