package io.trafficgovernor.runtime;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Timers on one event loop, rounded up to whole milliseconds. Thread-safe. */
public final class VertxScheduler implements Scheduler {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final Vertx vertx;
  private final Context context;
  private final Ticker ticker;

  /** Runs its tasks on an event loop of that Vert.x. */
  public VertxScheduler(Vertx vertx, Ticker ticker) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.context = vertx.getOrCreateContext();
    this.ticker = requireNonNull(ticker, "ticker");
  }

  @Override
  public void after(long delayNanos, Task task) {
    long millis = (delayNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    context.runOnContext(
        ignored -> {
          if (millis == 0) {
            task.run(ticker.nanos());
          } else {
            vertx.setTimer(millis, timer -> task.run(ticker.nanos()));
          }
        });
  }
}
