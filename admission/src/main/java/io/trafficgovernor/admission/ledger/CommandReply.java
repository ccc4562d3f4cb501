package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import java.util.List;

/** The ledger's answer to a command. */
public sealed interface CommandReply {
  /** Where the recovery stands. */
  record Position(long epoch, Phase phase, double ceilingPerSecond) {}

  /** Done: where it stood, and where it stands. */
  record Accepted(Position before, Position after) implements CommandReply {}

  /** The operator saw an older state. */
  record Stale(long epoch, Phase phase) implements CommandReply {}

  /** Not possible in this phase; these verbs are. */
  record Illegal(long epoch, Phase from, Phase to, List<Verb> allowed) implements CommandReply {}

  /** OPEN was asked for, and this is what is not green. */
  record NotGreen(long epoch, Phase phase, List<String> faults) implements CommandReply {}
}
