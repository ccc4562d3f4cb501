package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.recovery.Blame;
import java.util.Map;

/** Finds out whom the bad outcomes of a red round hit. Pure. */
final class Blaming {
  /** A node stands out if it had more than half of the bad outcomes. */
  private static final double MOST = 0.5;

  /** And at least so many times its part of all outcomes. */
  private static final double BEYOND_ITS_PART = 2;

  private Blaming() {}

  static Blame of(ClassTable classes, OpenRound round, Signal signal) {
    String className = "";
    long worst = 0;
    for (int rank = 0; rank < classes.size(); rank++) {
      long bad = bad(round.added().get(rank).outcomes(), signal);
      if (bad > worst) {
        worst = bad;
        className = classes.at(rank).name();
      }
    }
    return new Blame(className, node(round, signal));
  }

  private static String node(OpenRound round, Signal signal) {
    Tally all = round.byNode().values().stream().reduce(Tally.NONE, Tally::plus);
    long bad = bad(all, signal);
    for (Map.Entry<String, Tally> each : round.byNode().entrySet()) {
      long own = bad(each.getValue(), signal);
      double part = each.getValue().completions() / Math.max(1.0, all.completions());
      if (own > MOST * bad && own > BEYOND_ITS_PART * part * bad) {
        return each.getKey();
      }
    }
    return "";
  }

  private static long bad(Tally tally, Signal signal) {
    return switch (signal) {
      case FAST -> tally.refused();
      case HARD, STALL -> tally.failure() + tally.unreachable() + tally.timeout();
    };
  }
}
