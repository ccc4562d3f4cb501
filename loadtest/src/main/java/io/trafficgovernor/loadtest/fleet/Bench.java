package io.trafficgovernor.loadtest.fleet;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.live.Fetch;
import io.trafficgovernor.loadtest.process.Children;
import io.trafficgovernor.loadtest.process.FreePorts;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the runs of a command share. One event loop carries all clients and questions; the thread
 * that conducts the runs waits for it here, always with a bound.
 */
public final class Bench implements AutoCloseable {
  private static final long GRACE_SECONDS = 10;
  private static final long ASK_PERIOD_NANOS = 100_000_000L;
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final SystemTicker ticker = new SystemTicker();
  private final LoopScheduler loop = new LoopScheduler(vertx, ticker);
  private final Fetch fetch = new Fetch(vertx);
  private final Children children = new Children();
  private final FreePorts ports;
  private final Console console;

  /** Nothing yet; ports are drawn from that seed. */
  public Bench(Console console, long seed) {
    this.console = requireNonNull(console, "console");
    this.ports = new FreePorts(new SplittableRandom(seed));
  }

  public Vertx vertx() {
    return vertx;
  }

  public SystemTicker ticker() {
    return ticker;
  }

  public LoopScheduler loop() {
    return loop;
  }

  public Fetch fetch() {
    return fetch;
  }

  public Children children() {
    return children;
  }

  public FreePorts ports() {
    return ports;
  }

  public Console console() {
    return console;
  }

  /** Runs something on the event loop and waits for it. */
  public <T> T onLoop(Supplier<T> task) {
    return await(loop.call(task), Duration.ZERO, "the event loop");
  }

  /** Does something on the event loop and waits until it is done. */
  public void tell(Runnable task) {
    boolean unused =
        onLoop(
            () -> {
              task.run();
              return true;
            });
  }

  /** Waits until that port of the loopback address answers 200, or there is no hope any more. */
  public boolean awaitAnswer(
      int port, String path, BooleanSupplier hopeless, Duration bound, String what) {
    boolean[] answers = {false};
    boolean held =
        await(
            loop.until(
                () -> {
                  var unused =
                      fetch
                          .get(port, path, ASK_TIMEOUT)
                          .onSuccess(answer -> answers[0] |= answer.status() == 200);
                  return answers[0] || hopeless.getAsBoolean();
                },
                ASK_PERIOD_NANOS,
                bound.toNanos()),
            bound,
            what);
    return held && !hopeless.getAsBoolean();
  }

  /** Starts something on the event loop and waits for its result. */
  public <T> T result(Supplier<Future<T>> task, String what) {
    CompletableFuture<T> result = loop.call(task).thenCompose(future -> future.toCompletionStage());
    return await(result, Duration.ZERO, what);
  }

  /** Lets that time pass. */
  public void pass(Duration time) {
    var unused = await(loop.pause(time.toNanos()), time, "time to pass");
  }

  /**
   * Waits for a future that is done within the bound by itself.
   *
   * @throws RunFailedException if it failed, or is not done some seconds after the bound
   */
  public <T> T await(CompletableFuture<T> future, Duration bound, String what) {
    try {
      return future.get(bound.toMillis() + GRACE_SECONDS * 1000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new RunFailedException(what + " failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new RunFailedException(what + " did not come within " + bound, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("interrupted while waiting for " + what, e);
    }
  }

  @Override
  public void close() {
    children.close();
    var unused = vertx.close();
  }
}
