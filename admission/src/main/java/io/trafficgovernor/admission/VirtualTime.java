package io.trafficgovernor.admission;

import java.util.PriorityQueue;

/**
 * The virtual twin of ticker and scheduler: time only moves when it is told to. Tasks run in the
 * order of their times, those of the same time in the order in which they were added.
 * Single-threaded.
 */
public final class VirtualTime implements Scheduler, Ticker {
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

  @Override
  public long nanos() {
    return nowNanos;
  }

  /** How many tasks have run. */
  public long ran() {
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
  public void runUntil(long endNanos) {
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

  /** Runs everything in the next milliseconds. */
  public void advanceMillis(long millis) {
    runUntil(nowNanos + millis * 1_000_000L);
  }
}
