package io.trafficgovernor.cluster.hazelcast;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * One bounded way to the grid: a thread of its own that submits (which can stall for the better
 * part of a second while members change), a bound on the calls under way, and a time after which
 * the caller stops to wait, because no setting of Hazelcast bounds a call under a second.
 *
 * <p>Thread-safe; never blocks.
 */
final class GridCalls implements AutoCloseable {
  private final int most;
  private final AtomicInteger underWay = new AtomicInteger();
  private final ThreadPoolExecutor executor;

  /**
   * Starts no thread before the first call.
   *
   * @param most calls under way at one time, answered late ones included: a grid that hangs must
   *     not be buried
   */
  GridCalls(String role, int most) {
    this.most = most;
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(most),
            work -> {
              Thread thread = new Thread(work, role);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Calls that have neither been answered nor failed. */
  int underWay() {
    return underWay.get();
  }

  /** Makes the call; the stage fails if it is one too many, or not answered in that time. */
  <T> CompletableFuture<T> call(Supplier<CompletionStage<T>> call, long timeoutMillis) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (underWay.incrementAndGet() > most) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          new RejectedExecutionException("calls under way: got " + most + ", allowed " + most));
    }
    try {
      executor.execute(() -> relay(call, answer));
    } catch (RejectedExecutionException e) {
      underWay.decrementAndGet();
      answer.completeExceptionally(e);
    }
    return answer.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  private <T> void relay(Supplier<CompletionStage<T>> call, CompletableFuture<T> answer) {
    if (answer.isDone()) {
      // Nobody waits for it any more: after a stall there may be many such.
      underWay.decrementAndGet();
      return;
    }
    CompletionStage<T> stage;
    try {
      stage = call.get();
    } catch (RuntimeException | Error e) {
      stage = CompletableFuture.failedStage(e);
    }
    var unused =
        stage.whenComplete(
            (value, failure) -> {
              underWay.decrementAndGet();
              if (failure == null) {
                answer.complete(value);
              } else {
                answer.completeExceptionally(failure);
              }
            });
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
