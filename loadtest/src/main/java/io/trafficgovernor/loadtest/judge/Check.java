package io.trafficgovernor.loadtest.judge;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was judged.
 *
 * @param id unique in a report; letters, digits and hyphens
 * @param value what was measured; null if it never came to be
 * @param bar what it was measured against
 * @param outcome what that means
 * @param note for people: the unit, what the value is made of, or why there is none
 */
public record Check(String id, @Nullable Double value, double bar, Outcome outcome, String note) {
  /** What a check says. */
  public enum Outcome {
    PASS,
    FAIL,
    /** The run cannot tell; it does not count as passed. */
    INCONCLUSIVE
  }

  public Check {
    requireNonNull(id, "id");
    requireNonNull(outcome, "outcome");
    requireNonNull(note, "note");
  }

  /** Passes if there is a value and it is at most the bar. */
  public static Check atMost(String id, OptionalDouble value, double bar, String note) {
    boolean pass = value.isPresent() && value.getAsDouble() <= bar;
    return of(id, value, bar, pass, note);
  }

  /** Passes if there is a value and it is at least the bar. */
  public static Check atLeast(String id, OptionalDouble value, double bar, String note) {
    boolean pass = value.isPresent() && value.getAsDouble() >= bar;
    return of(id, value, bar, pass, note);
  }

  /** Passes if there is a value and it is below the bar. */
  public static Check below(String id, OptionalDouble value, double bar, String note) {
    boolean pass = value.isPresent() && value.getAsDouble() < bar;
    return of(id, value, bar, pass, note);
  }

  /** Passes if there was none of it. */
  public static Check none(String id, long count, String note) {
    return of(id, OptionalDouble.of((double) count), 0, count == 0, note);
  }

  private static Check of(String id, OptionalDouble value, double bar, boolean pass, String note) {
    @Nullable Double measured = value.isPresent() ? value.getAsDouble() : null;
    return new Check(id, measured, bar, pass ? Outcome.PASS : Outcome.FAIL, note);
  }

  /** The same measurement, but something about the run spoils it. */
  public Check inconclusive(String why) {
    return new Check(id, value, bar, Outcome.INCONCLUSIVE, note + "; inconclusive: " + why);
  }

  public boolean pass() {
    return outcome == Outcome.PASS;
  }
}
