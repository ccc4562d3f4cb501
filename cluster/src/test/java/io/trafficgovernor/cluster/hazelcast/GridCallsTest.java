package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GridCallsTest {
  private static final long LONG_MILLIS = 10_000;

  private final GridCalls calls = new GridCalls("calls-test", 2);

  @AfterEach
  void close() {
    calls.close();
  }

  private static <T> T got(CompletableFuture<T> answer) throws Exception {
    return answer.get(LONG_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Test
  void call_answerAndFailureComeThrough() throws Exception {
    assertThat(got(calls.call(() -> CompletableFuture.completedFuture(7), LONG_MILLIS)))
        .isEqualTo(7);
    assertThatThrownBy(
            () ->
                got(
                    calls.call(
                        () -> {
                          throw new IllegalStateException("no member");
                        },
                        LONG_MILLIS)))
        .hasRootCauseMessage("no member");
    assertThat(calls.underWay()).isZero();
  }

  /** After a stall nothing is asked for callers that have given up. */
  @Test
  void call_givenUpBeforeItsTurnIsNotMade() throws Exception {
    CountDownLatch turn = new CountDownLatch(1);
    CompletableFuture<Integer> stalled =
        calls.call(() -> after(turn, CompletableFuture.completedFuture(1)), LONG_MILLIS);
    AtomicBoolean made = new AtomicBoolean();
    CompletableFuture<Integer> late =
        calls.call(
            () -> {
              made.set(true);
              return CompletableFuture.completedFuture(2);
            },
            1);
    assertThatThrownBy(() -> got(late)).hasCauseInstanceOf(TimeoutException.class);
    turn.countDown();
    assertThat(got(stalled)).isEqualTo(1);
    assertThat(got(calls.call(() -> CompletableFuture.completedFuture(3), LONG_MILLIS)))
        .isEqualTo(3);
    assertThat(made).isFalse();
  }

  private static <T> T after(CountDownLatch turn, T value) {
    try {
      assertThat(turn.await(LONG_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return value;
  }

  /** The caller stops waiting, but the call counts until the grid has done with it. */
  @Test
  void call_thatHangsIsGivenUpAndStillCounts() throws Exception {
    CompletableFuture<Integer> first = new CompletableFuture<>();
    assertThatThrownBy(() -> got(calls.call(() -> first, 1_000)))
        .hasCauseInstanceOf(TimeoutException.class);
    CompletableFuture<Integer> second = new CompletableFuture<>();
    CompletableFuture<Integer> waiting = calls.call(() -> second, LONG_MILLIS);
    assertThatThrownBy(
            () -> got(calls.call(() -> CompletableFuture.completedFuture(3), LONG_MILLIS)))
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("got 2, allowed 2");
    first.complete(1);
    second.complete(2);
    assertThat(got(waiting)).isEqualTo(2);
    assertThat(got(calls.call(() -> CompletableFuture.completedFuture(3), LONG_MILLIS)))
        .isEqualTo(3);
  }
}
