package io.trafficgovernor.admission.recovery;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** From which phases each verb is legal; resume has two more in manual mode. */
  private static final Map<Verb, Set<Phase>> LEGAL = new EnumMap<>(Verb.class);

  static {
    Set<Phase> clustered = EnumSet.complementOf(EnumSet.of(Phase.ISOLATED));
    Set<Phase> running = EnumSet.complementOf(EnumSet.of(Phase.ISOLATED, Phase.OUTAGE));
    Set<Phase> rising = EnumSet.of(Phase.RAMPING, Phase.HOLD);
    Set<Phase> raised = EnumSet.of(Phase.RAMPING, Phase.HOLD, Phase.DEGRADED);
    LEGAL.put(Verb.CLOSE, clustered);
    LEGAL.put(Verb.ABORT, clustered);
    LEGAL.put(Verb.BEGIN, EnumSet.of(Phase.OUTAGE));
    LEGAL.put(
        Verb.HOLD,
        EnumSet.of(Phase.PROBING, Phase.RAMPING, Phase.HOLD, Phase.ROLLBACK, Phase.DEGRADED));
    LEGAL.put(Verb.RESUME, EnumSet.of(Phase.HOLD));
    LEGAL.put(Verb.ADVANCE, rising);
    LEGAL.put(Verb.ROLLBACK, raised);
    LEGAL.put(Verb.FINISH, raised);
    LEGAL.put(Verb.PIN, running);
    LEGAL.put(Verb.UNPIN, EnumSet.of(Phase.FROZEN));
  }

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

  boolean legalIn(Phase from, RampMode mode) {
    boolean byHand =
        mode == RampMode.MANUAL
            && this == RESUME
            && (from == Phase.PROBING || from == Phase.ROLLBACK);
    return byHand || requireNonNull(LEGAL.get(this)).contains(from);
  }

  static List<Verb> legalVerbs(Phase from, RampMode mode) {
    return Arrays.stream(values()).filter(verb -> verb.legalIn(from, mode)).toList();
  }
}
