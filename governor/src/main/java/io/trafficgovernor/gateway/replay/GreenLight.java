package io.trafficgovernor.gateway.replay;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.NodeSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Says whether journaled writes may be delivered: while the backend takes live writes, and took all
 * of the last seconds'. Silence of the clients is no bad news, loss of the lease is. Looks at one
 * snapshot after the other; for one thread.
 */
final class GreenLight {
  /** For so long no live write may have been refused, and so long are outcomes looked at. */
  static final long WINDOW_NANOS = 3_000_000_000L;

  private static final double GOOD_SHARE = 0.95;
  private static final Set<Phase> PASSING = EnumSet.of(Phase.OPEN, Phase.RAMPING, Phase.HOLD);

  private final List<Integer> ranks;
  private final Deque<Look> looks = new ArrayDeque<>();
  private String why = "not-looked-yet";

  /** Counts of all live writes at one instant. */
  private record Look(long nanos, long shed, long ended, long good) {}

  /** Looks at the classes of those ranks. */
  GreenLight(List<Integer> ranks) {
    this.ranks = List.copyOf(ranks);
  }

  /** Whether a delivery may begin now. */
  boolean green(NodeSnapshot node, long nowNanos) {
    Look now = look(node, nowNanos);
    looks.addLast(now);
    while (looks.size() > 1 && nowNanos - looks.getFirst().nanos() > WINDOW_NANOS) {
      looks.removeFirst();
    }
    why = red(node, now);
    return why.isEmpty();
  }

  private Look look(NodeSnapshot node, long nowNanos) {
    long shed = 0;
    long ended = 0;
    long good = 0;
    for (int rank : ranks) {
      NodeSnapshot.ClassCounts counts = node.classes().get(rank);
      shed += counts.shedTotal();
      good += counts.outcome(Outcome.SUCCESS);
      for (Outcome outcome : Outcome.values()) {
        ended += outcome == Outcome.IGNORED ? 0 : counts.outcome(outcome);
      }
    }
    return new Look(nowNanos, shed, ended, good);
  }

  private String red(NodeSnapshot node, Look now) {
    if (node.isolated() || node.lease().isEmpty()) {
      return "isolated";
    }
    Phase phase = node.lease().get().grant().cluster().phase();
    if (!PASSING.contains(phase)) {
      return phase.name().toLowerCase(Locale.ROOT);
    }
    Look then = looks.getFirst();
    if (now.shed() > then.shed()) {
      return "live-writes-refused";
    }
    long ended = now.ended() - then.ended();
    return now.good() - then.good() < GOOD_SHARE * ended ? "live-writes-fail" : "";
  }

  /** What it waits for, in one word; empty if it is green. */
  String why() {
    return why;
  }
}
