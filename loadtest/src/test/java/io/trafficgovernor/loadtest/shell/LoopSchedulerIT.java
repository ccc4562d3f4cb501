package io.trafficgovernor.loadtest.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks on a real event loop: lateness never adds up, and faults stay with their task. */
final class LoopSchedulerIT {
  private static final long MILLI = 1_000_000L;

  private final Vertx vertx = Vertx.vertx();
  private final SystemTicker ticker = new SystemTicker();
  private final LoopScheduler loop = new LoopScheduler(vertx, ticker);

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }

  @Test
  void chain_isDueAtExactSteps() throws Exception {
    List<Long> dues = new ArrayList<>();
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    long began = get(loop.call(loop::nowNanos));
    get(
        loop.call(
            () -> {
              step(dues, done, 100);
              return true;
            }));
    get(done);
    for (int i = 1; i < dues.size(); i++) {
      assertThat(dues.get(i) - dues.get(i - 1)).isEqualTo(2 * MILLI);
    }
    assertThat(dues.get(0) - began).isLessThan(500 * MILLI);
    assertThat(loop.worstLateNanos()).isPositive();
  }

  private void step(List<Long> dues, CompletableFuture<Boolean> done, int left) {
    loop.after(
        2 * MILLI,
        now -> {
          dues.add(now);
          if (left == 0) {
            done.complete(true);
          } else {
            step(dues, done, left - 1);
          }
        });
  }

  @Test
  void taskThatFails_doesNotStopTheLoop() throws Exception {
    assertThatThrownBy(
            () ->
                get(
                    loop.call(
                        () -> {
                          throw new IllegalStateException("on purpose");
                        })))
        .hasRootCauseMessage("on purpose");
    CompletableFuture<Boolean> after = new CompletableFuture<>();
    get(
        loop.call(
            () -> {
              loop.after(
                  0,
                  now -> {
                    throw new IllegalStateException("on purpose");
                  });
              loop.after(MILLI, now -> after.complete(true));
              return true;
            }));
    assertThat(get(after)).isTrue();
  }

  @Test
  void until_saysWhetherItHeldInTime() throws Exception {
    int[] asked = {0};
    assertThat(get(loop.until(() -> ++asked[0] == 3, MILLI, 5_000 * MILLI))).isTrue();
    assertThat(asked[0]).isEqualTo(3);
    assertThat(get(loop.until(() -> false, MILLI, 5 * MILLI))).isFalse();
    assertThatThrownBy(
            () ->
                get(
                    loop.until(
                        () -> {
                          throw new IllegalStateException("on purpose");
                        },
                        MILLI,
                        5_000 * MILLI)))
        .hasRootCauseMessage("on purpose");
  }

  @Test
  void pause_lastsThatLong() throws Exception {
    long began = ticker.nanos();
    get(loop.pause(30 * MILLI));
    assertThat(ticker.nanos() - began).isBetween(30 * MILLI, 5_000 * MILLI);
  }

  /** One that asked whether its time was over could be told no, and last twice as long. */
  @Test
  void pause_isOverAtItsFirstTurn() throws Exception {
    AtomicLong reads = new AtomicLong();
    get(new LoopScheduler(vertx, () -> reads.incrementAndGet() * MILLI).pause(30 * MILLI));
    assertThat(reads).hasValueLessThan(10);
  }

  @Test
  void anotherThread_mayNotHandInTasks() {
    assertThatThrownBy(() -> loop.after(0, now -> {}))
        .hasMessageContaining("allowed: the event loop's own");
  }
}
