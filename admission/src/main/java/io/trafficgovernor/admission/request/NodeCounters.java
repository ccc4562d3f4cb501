package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Everything a node counts, per class; cumulative since its start. Not thread-safe. */
final class NodeCounters {
  private final List<ClassCounter> classes = new ArrayList<>();
  private long defects;

  NodeCounters(int classes) {
    for (int rank = 0; rank < classes; rank++) {
      this.classes.add(new ClassCounter());
    }
  }

  void arrived(int rank, boolean firstAttempt) {
    ClassCounter of = classes.get(rank);
    if (firstAttempt) {
      of.firstAttempts++;
    } else {
      of.retries++;
    }
  }

  long firstAttempts() {
    long sum = 0;
    for (ClassCounter of : classes) {
      sum += of.firstAttempts;
    }
    return sum;
  }

  void admitted(int rank) {
    classes.get(rank).admitted++;
  }

  /** An admitted request was not sent after all. */
  void notSent(int rank) {
    classes.get(rank).admitted--;
  }

  void sent(int rank) {
    classes.get(rank).sent++;
  }

  void replayed(int rank) {
    classes.get(rank).replays++;
  }

  void shed(int rank, ShedReason reason) {
    classes.get(rank).shed.merge(reason, 1L, Long::sum);
  }

  void ended(int rank, Outcome outcome, long latencyNanos) {
    ClassCounter of = classes.get(rank);
    of.outcomes.merge(outcome, 1L, Long::sum);
    if (outcome == Outcome.SUCCESS || outcome == Outcome.FAILURE) {
      of.latencyNanos += latencyNanos;
    }
  }

  void defect() {
    defects++;
  }

  long defects() {
    return defects;
  }

  long slotRefusals() {
    return classes.stream().mapToLong(of -> of.shed.getOrDefault(ShedReason.SLOTS, 0L)).sum();
  }

  List<ClassReport> reports() {
    return classes.stream().map(ClassCounter::report).toList();
  }

  List<NodeSnapshot.ClassCounts> counts() {
    return classes.stream().map(ClassCounter::counts).toList();
  }

  private static final class ClassCounter {
    private long firstAttempts;
    private long retries;
    private long admitted;
    private long sent;
    private long replays;
    private long latencyNanos;
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Map<ShedReason, Long> shed = new EnumMap<>(ShedReason.class);

    private ClassReport report() {
      Tally tally =
          new Tally(
              ended(Outcome.SUCCESS),
              ended(Outcome.REFUSED),
              ended(Outcome.FAILURE),
              ended(Outcome.UNREACHABLE),
              ended(Outcome.TIMEOUT),
              latencyNanos);
      long refusedHere = shed.values().stream().mapToLong(Long::longValue).sum();
      return new ClassReport(firstAttempts, retries, admitted, refusedHere, tally);
    }

    private long ended(Outcome outcome) {
      return outcomes.getOrDefault(outcome, 0L);
    }

    private NodeSnapshot.ClassCounts counts() {
      return new NodeSnapshot.ClassCounts(
          firstAttempts,
          retries,
          admitted,
          sent,
          replays,
          new EnumMap<>(outcomes),
          new EnumMap<>(shed));
    }
  }
}
