package io.trafficgovernor.runtime;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.Ticker;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One named thread that runs tasks in the order of their times. Thread-safe. */
public final class ThreadScheduler implements Scheduler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadScheduler.class);

  private final ScheduledThreadPoolExecutor executor;
  private final Ticker ticker;

  /** Starts no thread before the first task. */
  public ThreadScheduler(String role, Ticker ticker) {
    this.ticker = requireNonNull(ticker, "ticker");
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, role);
              thread.setDaemon(true);
              return thread;
            },
            (task, rejectedBy) -> LOG.debug("a task came after the end of {}", role));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void after(long delayNanos, Task task) {
    var unused =
        executor.schedule(
            () -> {
              try {
                task.run(ticker.nanos());
              } catch (RuntimeException e) {
                LOG.error("a task of {} failed", Thread.currentThread().getName(), e);
              }
            },
            delayNanos,
            TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
