package io.trafficgovernor.admission;

/** Runs a task once, later. Real timers in the governor, the event queue in the simulator. */
@FunctionalInterface
public interface Scheduler {
  /**
   * Runs {@code task} once, not before {@code delayNanos} have passed.
   *
   * @param delayNanos at least 0; an adapter may round up to its own resolution
   */
  void after(long delayNanos, Task task);

  /** What is run; it is told the time, so that it need not read a clock. */
  @FunctionalInterface
  interface Task {
    void run(long nowNanos);
  }
}
