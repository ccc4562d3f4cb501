package io.trafficgovernor.loadtest.shell;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks on one event loop, each told the instant at which it was <em>due</em>.
 *
 * <p>A timer of a real loop is late by up to a millisecond, and by more on a busy machine. A store
 * whose servers began their next job from such late instants would be slower than its physics say,
 * and clients would send fewer requests than planned. Here lateness never adds up: what follows
 * from a task is counted from the instant at which that task was due.
 *
 * <p>{@link #call}, {@link #until} and {@link #worstLateNanos} may be used from any thread, the
 * rest on the event loop only.
 */
public final class LoopScheduler implements Scheduler {
  private static final Logger LOG = LoggerFactory.getLogger(LoopScheduler.class);

  private final ContextInternal context;
  private final Ticker ticker;
  private boolean running;
  private long taskNanos;
  private volatile long worstLateNanos;

  /** Runs its tasks on one event loop of that Vert.x. */
  public LoopScheduler(Vertx vertx, Ticker ticker) {
    this.context = (ContextInternal) vertx.getOrCreateContext();
    this.ticker = requireNonNull(ticker, "ticker");
  }

  @Override
  public void after(long delayNanos, Task task) {
    requireLoop();
    long clockNanos = ticker.nanos();
    long dueNanos = (running ? taskNanos : clockNanos) + delayNanos;
    var unused =
        context
            .nettyEventLoop()
            .schedule(
                () -> runDue(task, dueNanos),
                Math.max(0, dueNanos - clockNanos),
                TimeUnit.NANOSECONDS);
  }

  /** Runs a task now, as one that is due now: the way in for whatever a socket reports. */
  public void enter(Task task) {
    requireLoop();
    if (running) {
      task.run(taskNanos);
    } else {
      run(task, ticker.nanos());
    }
  }

  /** Runs a task on the loop soon and hands its result over. Its failure is the future's. */
  public <T> CompletableFuture<T> call(Supplier<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(
        ignored ->
            enter(
                now -> {
                  try {
                    result.complete(task.get());
                  } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                  }
                }));
    return result;
  }

  /**
   * Asks on the loop, once in a while, whether something holds.
   *
   * @return true as soon as it holds, false if it did not within {@code boundNanos}
   */
  public CompletableFuture<Boolean> until(
      BooleanSupplier condition, long everyNanos, long boundNanos) {
    CompletableFuture<Boolean> held = new CompletableFuture<>();
    var unused = call(() -> ask(condition, everyNanos, ticker.nanos() + boundNanos, held));
    return held;
  }

  private boolean ask(
      BooleanSupplier condition, long everyNanos, long endNanos, CompletableFuture<Boolean> held) {
    try {
      if (condition.getAsBoolean()) {
        held.complete(true);
      } else if (ticker.nanos() - endNanos >= 0) {
        held.complete(false);
      } else {
        after(everyNanos, now -> ask(condition, everyNanos, endNanos, held));
      }
    } catch (RuntimeException e) {
      held.completeExceptionally(e);
    }
    return held.isDone();
  }

  /** Done after that time. */
  public CompletableFuture<Boolean> pause(long nanos) {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    var unused =
        call(
            () -> {
              after(nanos, now -> over.complete(true));
              return true;
            });
    return over;
  }

  /** The time of the task that runs, or the clock's. */
  public long nowNanos() {
    return running ? taskNanos : ticker.nanos();
  }

  /** The latest that a task began after it was due, in nanoseconds. */
  public long worstLateNanos() {
    return worstLateNanos;
  }

  private void runDue(Task task, long dueNanos) {
    long late = ticker.nanos() - dueNanos;
    if (late > worstLateNanos) {
      worstLateNanos = late;
    }
    context.dispatch(() -> run(task, dueNanos));
  }

  private void run(Task task, long nowNanos) {
    running = true;
    taskNanos = nowNanos;
    try {
      task.run(nowNanos);
    } catch (RuntimeException e) {
      LOG.error("a task failed", e);
    } finally {
      running = false;
    }
  }

  private void requireLoop() {
    if (!context.inThread()) {
      throw new IllegalStateException(
          "a task was handed in by thread %s; allowed: the event loop's own"
              .formatted(Thread.currentThread().getName()));
    }
  }
}
