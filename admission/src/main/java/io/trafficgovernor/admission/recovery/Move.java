package io.trafficgovernor.admission.recovery;

/**
 * A step of the machine: the next state, and what the controller has to do for it.
 *
 * @param why in words, for the log and the audit trail; empty if the phase did not change
 */
public record Move(Recovery next, Effect effect, String why) {
  /** What a move asks of the controller. */
  public sealed interface Effect {
    /** Nothing. */
    record None() implements Effect {}

    /** Close: ceiling and window go to 0; a new incident begins. */
    record Close() implements Effect {}

    /** Begin a ramp from its start. */
    record Start() implements Effect {}

    /** Put the ceiling there. */
    record SetCeiling(double ratePerSecond) implements Effect {}

    /** Raise the ceiling to what plan and evidence allow. */
    record Advance() implements Effect {}
  }

  public static Move stay(Recovery next) {
    return new Move(next, new Effect.None(), "");
  }
}
