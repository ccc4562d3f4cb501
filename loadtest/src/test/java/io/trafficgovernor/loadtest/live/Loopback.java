package io.trafficgovernor.loadtest.live;

import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** An event loop with a clock, and servers of the loopback address whose answers a test writes. */
final class Loopback implements AutoCloseable {
  private static final long BOUND_SECONDS = 20;

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  final SystemTicker ticker = new SystemTicker();
  final LoopScheduler loop = new LoopScheduler(vertx, ticker);
  final Fetch fetch = new Fetch(vertx);

  /** A server on any port; returns the port. */
  int serve(Consumer<HttpServerRequest> handler) {
    return get(vertx
            .createHttpServer()
            .requestHandler(handler::accept)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture())
        .actualPort();
  }

  <T> T onLoop(Supplier<T> task) {
    return get(loop.call(task));
  }

  void onLoop(Runnable task) {
    var unused =
        onLoop(
            () -> {
              task.run();
              return true;
            });
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until something holds that is asked on the loop. */
  void await(Supplier<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(BOUND_SECONDS)).until(() -> onLoop(condition));
  }

  @Override
  public void close() {
    var unused = get(vertx.close().toCompletionStage().toCompletableFuture());
  }
}
