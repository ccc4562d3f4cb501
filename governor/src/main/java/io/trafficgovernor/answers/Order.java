package io.trafficgovernor.answers;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What an operator has ordered for a class, for a while, on every node.
 *
 * @param untilMillis since 1970; from then on it does not count
 * @param actor who
 * @param reason why
 */
public record Order(Action action, long untilMillis, String actor, String reason) {
  public Order {
    requireNonNull(action, "action");
    requireNonNull(actor, "actor");
    requireNonNull(reason, "reason");
  }

  /** What is done with the class's requests. None of them lets more through than the law does. */
  public enum Action {
    /** Refused, all of them. */
    SHED,
    /** Given the configured answer, all of them. */
    FAIL_OPEN,
    /** Given what is kept, or refused. */
    STALE,
    /** Decided by the law, and refused where it refuses: nothing is given instead. */
    ADMIT;

    /** The word: the name in lower case, words joined by a hyphen. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The action of that word. */
    public static Optional<Action> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }
}
