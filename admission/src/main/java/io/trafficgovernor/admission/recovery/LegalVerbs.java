package io.trafficgovernor.admission.recovery;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which command is legal in which phase. */
final class LegalVerbs {
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

  private LegalVerbs() {}

  static boolean legal(Verb verb, Phase from, RampMode mode) {
    boolean byHand =
        mode == RampMode.MANUAL
            && verb == Verb.RESUME
            && (from == Phase.PROBING || from == Phase.ROLLBACK);
    return byHand || requireNonNull(LEGAL.get(verb)).contains(from);
  }

  static List<Verb> in(Phase phase, RampMode mode) {
    return EnumSet.allOf(Verb.class).stream().filter(verb -> legal(verb, phase, mode)).toList();
  }
}
