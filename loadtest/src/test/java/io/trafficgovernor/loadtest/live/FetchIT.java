package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FetchIT {
  private static final Duration BOUND = Duration.ofSeconds(5);
  private final Loopback loopback = new Loopback();

  @AfterEach
  void close() {
    loopback.close();
  }

  private Fetch.Answer fetch(int port, String path, Duration timeout) {
    return Loopback.get(
        loopback
            .loop
            .call(() -> loopback.fetch.get(port, path, timeout))
            .thenCompose(answer -> answer.toCompletionStage()));
  }

  @Test
  void answer_isReadWhole() {
    int port =
        loopback.serve(
            request ->
                request
                    .response()
                    .setStatusCode(418)
                    .putHeader("Next", "12")
                    .end("{\"path\":\"" + request.path() + "\"}"));
    Fetch.Answer answer = fetch(port, "/stats", BOUND);
    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.json().getString("path")).isEqualTo("/stats");
    assertThat(answer.number("Next")).hasValue(12);
    assertThat(answer.number("Lost")).isEmpty();
  }

  @Test
  void silence_isAFailureAfterTheTimeout() {
    int port = loopback.serve(request -> {});
    long before = loopback.ticker.nanos();
    assertThatThrownBy(() -> fetch(port, "/stats", Duration.ofMillis(200)))
        .hasStackTraceContaining("imeout");
    assertThat(loopback.ticker.nanos() - before).isLessThan(BOUND.toNanos());
  }
}
