package io.trafficgovernor.loadtest.live;

import io.vertx.core.http.HttpClientResponse;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer said; empty where it said nothing, or no number of 0 or more.
 *
 * @param retryAfterSeconds of a refusal
 * @param ageSeconds of a kept answer
 * @param madeNanos when the store made it, by the clock that all processes share
 */
record Told(OptionalLong retryAfterSeconds, OptionalLong ageSeconds, OptionalLong madeNanos) {
  static final Told NOTHING =
      new Told(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  static Told of(HttpClientResponse response) {
    return new Told(
        number(response.getHeader("Retry-After")),
        number(response.getHeader("Age")),
        number(response.getHeader("X-Made-Nanos")));
  }

  private static OptionalLong number(@Nullable String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(text.trim());
      return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (NumberFormatException aDate) {
      return OptionalLong.empty();
    }
  }
}
