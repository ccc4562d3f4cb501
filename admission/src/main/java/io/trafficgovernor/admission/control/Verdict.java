package io.trafficgovernor.admission.control;

import java.util.Optional;

/**
 * What a closed round says about the backend.
 *
 * @param signal the red signal; empty if none
 * @param value the measured value behind the signal, 0 if none
 * @param bar what it was held against, 0 if none
 * @param green whether at least 20 outcomes came and none was a red signal
 */
public record Verdict(Optional<Signal> signal, double value, double bar, boolean green) {
  /** Neither red nor green. */
  public static final Verdict UNKNOWN = new Verdict(Optional.empty(), 0, 0, false);

  static Verdict red(Signal signal, double value, double bar) {
    return new Verdict(Optional.of(signal), value, bar, false);
  }

  static Verdict notRed(Round round) {
    boolean green = round.total().ended() >= Goodput.MIN_COMPLETIONS;
    return new Verdict(Optional.empty(), 0, 0, green);
  }

  public boolean red() {
    return signal.isPresent();
  }

  /** Whether the round calls for going back, not just for holding. */
  public boolean callsForRollback() {
    return signal.filter(s -> s != Signal.FAST).isPresent();
  }
}
