package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.Scheduler;

/**
 * Makes sure that those who wait are looked at again in time: the earliest timer counts, the others
 * ring for nothing. Not thread-safe.
 */
final class WakeUp {
  private final Scheduler scheduler;
  private final Scheduler.Task task;
  private boolean pending;
  private long atNanos;

  /** Runs the task, on whatever thread the scheduler has. */
  WakeUp(Scheduler scheduler, Scheduler.Task task) {
    this.scheduler = scheduler;
    this.task = task;
  }

  /** The task runs by then. */
  void by(long atNanos, long nowNanos) {
    if (pending && this.atNanos - atNanos <= 0) {
      return;
    }
    pending = true;
    this.atNanos = atNanos;
    scheduler.after(Math.max(0, atNanos - nowNanos), task);
  }

  /** For how long the timer should have rung; 0 or less if it need not have. */
  long lateness(long nowNanos) {
    return pending ? nowNanos - atNanos : 0;
  }

  /** They are being looked at now: a timer that was due by now is not waited for any more. */
  void looked(long nowNanos) {
    pending &= atNanos - nowNanos > 0;
  }
}
