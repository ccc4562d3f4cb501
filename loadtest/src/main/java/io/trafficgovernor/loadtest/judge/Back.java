package io.trafficgovernor.loadtest.judge;

import java.util.OptionalDouble;

/** When something was restored after the store's return. */
public sealed interface Back {
  /** From that many seconds after the return on. */
  record Restored(double afterSeconds) implements Back {}

  /** No window held enough first attempts to tell. */
  record TooFew() implements Back {}

  /** Not as long as the run lasted. */
  record Never() implements Back {}

  /** The seconds, if it was restored. */
  default OptionalDouble seconds() {
    return this instanceof Restored restored
        ? OptionalDouble.of(restored.afterSeconds())
        : OptionalDouble.empty();
  }

  /** For people. */
  default String text() {
    if (this instanceof Restored restored) {
      return "%.1f s".formatted(restored.afterSeconds());
    }
    return this instanceof TooFew ? "too few" : "never";
  }
}
