package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /** The caller stops waiting, but the call counts until the grid has done with it. */
  @Test
  void call_thatHangsIsGivenUpAndStillCounts() throws Exception {
    CompletableFuture<Integer> first = new CompletableFuture<>();
    assertThatThrownBy(() -> got(calls.call(() -> first, 1)))
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
