package io.trafficgovernor.loadtest.witness;

import static java.util.Objects.requireNonNull;

/**
 * Something that must never be seen, and was.
 *
 * @param invariant such as {@code I1}
 * @param seconds true time since the beginning of the run
 * @param words what was seen and what is allowed
 */
public record Violation(String invariant, double seconds, String words) {
  public Violation {
    requireNonNull(invariant, "invariant");
    requireNonNull(words, "words");
  }

  @Override
  public String toString() {
    return "%s at %.3f s: %s".formatted(invariant, seconds, words);
  }
}
