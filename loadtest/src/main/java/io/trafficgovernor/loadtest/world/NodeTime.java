package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.Ticker;

/**
 * Time as one process knows it: its own origin, a clock that runs a little fast or slow, pauses in
 * which the clock runs on but nothing happens, sleeps in which it stands still too, and an end.
 * Single-threaded.
 */
public final class NodeTime implements Scheduler, Ticker {
  private final EventQueue truth;
  private final double pace;
  private long anchorLocal;
  private long anchorTrue;
  private long stillUntil;
  private boolean ended;

  /**
   * A process that starts now.
   *
   * @param originNanos what its clock shows
   * @param drift how much faster than true time it runs, relative
   */
  NodeTime(EventQueue truth, long originNanos, double drift) {
    this.truth = truth;
    this.pace = 1 + drift;
    this.anchorLocal = originNanos;
    this.anchorTrue = truth.nanos();
  }

  @Override
  public long nanos() {
    return anchorLocal + (long) (Math.max(0, truth.nanos() - anchorTrue) * pace);
  }

  /** What the machine's wall clock shows: it goes on while the machine sleeps. */
  long wallMillis() {
    return truth.nanos() / 1_000_000L;
  }

  @Override
  public void after(long delayNanos, Task task) {
    long due = nanos() + delayNanos;
    truth.after(trueDelay(delayNanos), now -> fire(due, task));
  }

  /** Something comes from outside: now, or when the process can hear it. */
  void enter(Task task) {
    if (!still()) {
      task.run(nanos());
    } else {
      fire(nanos(), task);
    }
  }

  private void fire(long dueNanos, Task task) {
    if (ended) {
      return;
    }
    long still = stillUntil - truth.nanos();
    if (still > 0) {
      truth.after(still, now -> fire(dueNanos, task));
      return;
    }
    long early = dueNanos - nanos();
    if (early > 0) {
      truth.after(trueDelay(early), now -> fire(dueNanos, task));
    } else {
      task.run(nanos());
    }
  }

  private long trueDelay(long localNanos) {
    return pace == 1 ? localNanos : (long) Math.ceil(localNanos / pace);
  }

  /** Nothing happens for so long; the clock runs on. */
  void pause(long forNanos) {
    stillUntil = Math.max(stillUntil, truth.nanos() + forNanos);
  }

  /** Nothing happens for so long, and the clock stands still. */
  void suspend(long forNanos) {
    anchorLocal = nanos();
    anchorTrue = truth.nanos() + forNanos;
    pause(forNanos);
  }

  /** The process dies: nothing of it ever runs again. */
  void end() {
    ended = true;
  }

  boolean ended() {
    return ended;
  }

  /** Whether nothing can happen in it now. */
  boolean still() {
    return ended || truth.nanos() - stillUntil < 0;
  }
}
