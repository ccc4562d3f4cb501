package io.trafficgovernor.admission.recovery;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an operator may say. */
public enum Verb {
  CLOSE(Phase.OUTAGE, true),
  BEGIN(Phase.PROBING, false),
  HOLD(Phase.HOLD, true),
  RESUME(Phase.RAMPING, false),
  /** Takes the plan's next step now, at most what the evidence allows. */
  ADVANCE(Phase.RAMPING, false),
  /** Goes back to the last green step. */
  ROLLBACK(Phase.ROLLBACK, true),
  ABORT(Phase.OUTAGE, true),
  /** Opens, if all is green. */
  FINISH(Phase.OPEN, false),
  /** Fixes the ceiling at a rate. */
  PIN(Phase.FROZEN, false),
  UNPIN(Phase.HOLD, false);

  private final Phase target;
  private final boolean stops;

  Verb(Phase target, boolean stops) {
    this.target = target;
    this.stops = stops;
  }

  /** The phase it leads to. */
  public Phase target() {
    return target;
  }

  /** Whether it stops something: stopping never needs a fresh read of the state. */
  public boolean stops() {
    return stops;
  }

  /** The word in paths and audit lines: the name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The verb of that word; empty if there is none. */
  public static Optional<Verb> of(String word) {
    return Arrays.stream(values()).filter(verb -> verb.word().equals(word)).findFirst();
  }
}
