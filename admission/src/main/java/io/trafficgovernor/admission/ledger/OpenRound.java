package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.control.Round;
import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.recovery.Failed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The round under way: what the nodes have reported since it began.
 *
 * @param added sums of the differences of their reports, one for each class
 * @param byNode what each node has told in it, by name
 */
record OpenRound(
    long startNanos,
    List<ClassReport> added,
    long slotRefusals,
    int goodProbes,
    Map<String, Part> byNode) {
  private static final long MIN_NANOS = 250_000_000L;
  private static final long MAX_NANOS = 1_000_000_000L;
  private static final long LAPSE_NANOS = 2_000_000_000L;
  private static final long MIN_ENDED = 20;

  /** A node stands out if it had more than half of the bad outcomes. */
  private static final double MOST = 0.5;

  /** And at least so many times its part of all outcomes. */
  private static final double BEYOND_ITS_PART = 2;

  /**
   * A node's part.
   *
   * @param outcomes of all classes
   * @param gatheredNanos in what time it had them, on its own clock
   */
  record Part(Tally outcomes, long gatheredNanos) {
    private static final Part NONE = new Part(Tally.NONE, 0);

    private Part plus(Part other) {
      return new Part(outcomes.plus(other.outcomes), gatheredNanos + other.gatheredNanos);
    }
  }

  OpenRound {
    added = List.copyOf(added);
    byNode = Collections.unmodifiableMap(new TreeMap<>(byNode));
  }

  static OpenRound begun(long nowNanos, int classes) {
    return new OpenRound(nowNanos, Collections.nCopies(classes, ClassReport.NONE), 0, 0, Map.of());
  }

  /**
   * With what a node has counted between two reports.
   *
   * @param gatheredNanos from the sending of one to the sending of the other, on its own clock
   */
  OpenRound plus(String node, long gatheredNanos, NodeReport now, NodeReport before) {
    Tally outcomes = Tally.NONE;
    List<ClassReport> sums = new ArrayList<>();
    for (int rank = 0; rank < added.size(); rank++) {
      ClassReport sum = added.get(rank);
      ClassReport to = now.classes().get(rank);
      ClassReport from = before.classes().get(rank);
      Tally ended = to.outcomes().minus(from.outcomes());
      outcomes = outcomes.plus(ended);
      sums.add(
          new ClassReport(
              sum.firstAttempts() + to.firstAttempts() - from.firstAttempts(),
              sum.retries() + to.retries() - from.retries(),
              sum.admitted() + to.admitted() - from.admitted(),
              sum.shed() + to.shed() - from.shed(),
              sum.outcomes().plus(ended)));
    }
    Map<String, Part> parts = new TreeMap<>(byNode);
    parts.merge(node, new Part(outcomes, gatheredNanos), Part::plus);
    return new OpenRound(
        startNanos,
        sums,
        slotRefusals + now.slotRefusals() - before.slotRefusals(),
        goodProbes,
        parts);
  }

  /**
   * Whether what a node has counted since its last report belongs to this round. What it gathered
   * over a longer time would look like a flood of successes: after a silence, or when its last
   * report was long under way, which its own clock tells.
   *
   * @param node its name
   * @param reportedNanos when its last report came
   * @param gatheredNanos from the sending of that report to the sending of this one, on its clock
   */
  boolean covers(
      String node, long reportedNanos, long gatheredNanos, LeaseTerms terms, long nowNanos) {
    long slack = 2 * terms.renewEveryNanos();
    long gathered = byNode.getOrDefault(node, Part.NONE).gatheredNanos() + gatheredNanos;
    return startNanos - reportedNanos <= slack && gathered <= nowNanos - startNanos + slack;
  }

  OpenRound plusGoodProbe() {
    return new OpenRound(startNanos, added, slotRefusals, goodProbes + 1, byNode);
  }

  /** Whether the backend has said anything in it so far. */
  boolean answered() {
    return goodProbes > 0 || added.stream().map(ClassReport::outcomes).anyMatch(Tally::answered);
  }

  private long ended() {
    return added.stream().map(ClassReport::outcomes).mapToLong(Tally::ended).sum();
  }

  /**
   * Whether it may close: every live node has reported since it began, none is overdue, and there
   * is enough evidence or it has lasted a second. A missing report keeps it open: nothing grows.
   */
  boolean closes(Collection<NodeRecord> nodes, LeaseTerms terms, long nowNanos) {
    long lasted = nowNanos - startNanos;
    long tau = terms.renewEveryNanos();
    boolean ripe =
        (lasted >= Math.max(MIN_NANOS, tau * 5 / 2) && ended() >= MIN_ENDED)
            || lasted >= Math.max(MAX_NANOS, 4 * tau);
    return ripe
        && nodes.stream()
            .filter(node -> node.live(nowNanos))
            .allMatch(
                node ->
                    node.reportedNanos() - startNanos >= 0
                        && nowNanos - node.reportedNanos() <= 2 * tau);
  }

  /**
   * Whether it has been open for too long: nodes that renew late and out of step would keep it so
   * for ever, and no bad news would ever be judged.
   */
  boolean lapses(LeaseTerms terms, long nowNanos) {
    return nowNanos - startNanos >= Math.max(LAPSE_NANOS, 8 * terms.renewEveryNanos());
  }

  /** Whom its bad outcomes hit. Pure. */
  Failed.Blame blame(ClassTable classes, Signal signal) {
    String className = "";
    long worst = 0;
    for (int rank = 0; rank < classes.size(); rank++) {
      long bad = bad(added.get(rank).outcomes(), signal);
      if (bad > worst) {
        worst = bad;
        className = classes.at(rank).name();
      }
    }
    return new Failed.Blame(className, nodeThatStandsOut(signal));
  }

  private String nodeThatStandsOut(Signal signal) {
    Tally all = byNode.values().stream().map(Part::outcomes).reduce(Tally.NONE, Tally::plus);
    long bad = bad(all, signal);
    for (Map.Entry<String, Part> each : byNode.entrySet()) {
      Tally outcomes = each.getValue().outcomes();
      long own = bad(outcomes, signal);
      double part = outcomes.completions() / Math.max(1.0, all.completions());
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

  Round closed(Collection<NodeRecord> nodes, long nowNanos) {
    int inFlight =
        nodes.stream()
            .filter(node -> node.live(nowNanos))
            .mapToInt(node -> node.report().inFlight())
            .sum();
    List<Tally> tallies = added.stream().map(ClassReport::outcomes).toList();
    return new Round(startNanos, nowNanos, tallies, inFlight, slotRefusals, goodProbes);
  }
}
