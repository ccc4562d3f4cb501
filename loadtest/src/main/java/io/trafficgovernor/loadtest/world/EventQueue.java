package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.Ticker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * True time: moves only when it is told to. Tasks run in the order of their times, those of the
 * same time in the order in which they were added. Single-threaded.
 *
 * <p>A heap of four children per entry in plain arrays: this is where a simulation spends most of
 * its time, and it takes a third of what a queue of event objects takes.
 */
public final class EventQueue implements Scheduler, Ticker {
  private static final int CHILDREN = 4;

  private long[] times = new long[1024];
  private long[] numbers = new long[1024];
  private @Nullable Task[] tasks = new Task[1024];
  private int size;
  private long nowNanos;
  private long added;
  private long ran;

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
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      numbers = Arrays.copyOf(numbers, 2 * size);
      tasks = Arrays.copyOf(tasks, 2 * size);
    }
    rise(size++, nowNanos + delayNanos, added++, task);
  }

  /** Runs everything up to that instant. */
  public void runUntil(long endNanos) {
    while (size > 0 && times[0] <= endNanos) {
      nowNanos = times[0];
      Task task = tasks[0];
      size--;
      long time = times[size];
      long number = numbers[size];
      Task last = tasks[size];
      tasks[size] = null;
      if (size > 0 && last != null) {
        sink(time, number, last);
      }
      ran++;
      if (task != null) {
        task.run(nowNanos);
      }
    }
    nowNanos = Math.max(nowNanos, endNanos);
  }

  private boolean before(long time, long number, int other) {
    return time < times[other] || (time == times[other] && number < numbers[other]);
  }

  private void rise(int from, long time, long number, Task task) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) / CHILDREN;
      if (!before(time, number, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, time, number, task);
  }

  private void sink(long time, long number, Task task) {
    int at = 0;
    for (int first = 1; first < size; first = CHILDREN * at + 1) {
      int least = first;
      int end = Math.min(first + CHILDREN, size);
      for (int child = first + 1; child < end; child++) {
        if (before(times[child], numbers[child], least)) {
          least = child;
        }
      }
      if (before(time, number, least)) {
        break;
      }
      move(least, at);
      at = least;
    }
    put(at, time, number, task);
  }

  private void move(int from, int to) {
    times[to] = times[from];
    numbers[to] = numbers[from];
    tasks[to] = tasks[from];
  }

  private void put(int at, long time, long number, Task task) {
    times[at] = time;
    numbers[at] = number;
    tasks[at] = task;
  }
}
