package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.herd.Amplification;
import io.trafficgovernor.admission.lease.ClassReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a node counts, per class; cumulative since its start. What is shown counts requests;
 * what the ledger is told counts the tokens they cost. Not thread-safe.
 */
final class NodeCounters {
  private final List<ClassCounter> classes = new ArrayList<>();
  private final Amplification amplification;
  private long heldTokens;
  private long defects;

  NodeCounters(int classes) {
    amplification = new Amplification(classes);
    for (int rank = 0; rank < classes; rank++) {
      this.classes.add(new ClassCounter());
    }
  }

  private ClassCounter of(Arrival arrival) {
    return classes.get(arrival.rank());
  }

  long firstAttempts() {
    long sum = 0;
    for (ClassCounter of : classes) {
      sum += of.firstAttempts.tokens;
    }
    return sum;
  }

  void arrived(Arrival arrival, long nowNanos) {
    amplification.arrived(arrival.rank(), arrival.attempt().first(), nowNanos);
    ClassCounter of = of(arrival);
    (arrival.attempt().first() ? of.firstAttempts : of.retries).add(arrival.cost());
  }

  void admitted(Arrival arrival) {
    of(arrival).admitted.add(arrival.cost());
    heldTokens += arrival.cost();
  }

  /** An admitted request was not sent after all. */
  void notSent(Arrival arrival) {
    of(arrival).admitted.takeBack(arrival.cost());
    heldTokens -= arrival.cost();
  }

  void sent(Arrival arrival) {
    of(arrival).sent.add(arrival.cost());
    heldTokens -= arrival.cost();
  }

  /** Cost of what is admitted and neither sent nor over. */
  long heldTokens() {
    return heldTokens;
  }

  void replayed(Arrival arrival) {
    of(arrival).replays++;
  }

  void shed(Arrival arrival, ShedReason reason) {
    of(arrival).shed.computeIfAbsent(reason, any -> new Count()).add(arrival.cost());
  }

  void ended(Permit permit, Outcome outcome, long latencyNanos) {
    Arrival arrival = permit.arrival();
    heldTokens -= permit.wasSent() ? 0 : arrival.cost();
    ClassCounter of = of(arrival);
    of.outcomes.computeIfAbsent(outcome, any -> new Count()).add(arrival.cost());
    if (outcome == Outcome.SUCCESS || outcome == Outcome.FAILURE) {
      of.latencyNanos += arrival.cost() * latencyNanos;
    }
  }

  void defect() {
    defects++;
  }

  long defects() {
    return defects;
  }

  long slotRefusals() {
    return classes.stream().mapToLong(of -> requests(of.shed, ShedReason.SLOTS)).sum();
  }

  List<ClassReport> reports() {
    return classes.stream().map(ClassCounter::report).toList();
  }

  List<NodeSnapshot.ClassCounts> counts(long nowNanos) {
    List<NodeSnapshot.ClassCounts> counts = new ArrayList<>();
    for (int rank = 0; rank < classes.size(); rank++) {
      counts.add(classes.get(rank).counts(amplification.of(rank, nowNanos)));
    }
    return counts;
  }

  double amplification(long nowNanos) {
    return amplification.ofAll(nowNanos);
  }

  private static <K extends Enum<K>> long requests(Map<K, Count> of, K key) {
    Count count = of.get(key);
    return count == null ? 0 : count.requests;
  }

  private static final class Count {
    private long requests;
    private long tokens;

    private void add(int cost) {
      requests++;
      tokens += cost;
    }

    private void takeBack(int cost) {
      requests--;
      tokens -= cost;
    }
  }

  private static final class ClassCounter {
    private final Count firstAttempts = new Count();
    private final Count retries = new Count();
    private final Count admitted = new Count();
    private final Count sent = new Count();
    private long replays;
    private long latencyNanos;
    private final Map<Outcome, Count> outcomes = new EnumMap<>(Outcome.class);
    private final Map<ShedReason, Count> shed = new EnumMap<>(ShedReason.class);

    private ClassReport report() {
      Tally tally =
          new Tally(
              ended(Outcome.SUCCESS),
              ended(Outcome.REFUSED),
              ended(Outcome.FAILURE),
              ended(Outcome.UNREACHABLE),
              ended(Outcome.TIMEOUT),
              latencyNanos,
              endedRequests());
      long refusedHere = shed.values().stream().mapToLong(count -> count.tokens).sum();
      return new ClassReport(
          firstAttempts.tokens, retries.tokens, admitted.tokens, refusedHere, tally);
    }

    private long ended(Outcome outcome) {
      Count count = outcomes.get(outcome);
      return count == null ? 0 : count.tokens;
    }

    /** Those that nobody waited for are in no outcome that is told. */
    private long endedRequests() {
      long sum = 0;
      for (Map.Entry<Outcome, Count> each : outcomes.entrySet()) {
        sum += each.getKey() == Outcome.IGNORED ? 0 : each.getValue().requests;
      }
      return sum;
    }

    private NodeSnapshot.ClassCounts counts(double amplification) {
      return new NodeSnapshot.ClassCounts(
          firstAttempts.requests,
          retries.requests,
          admitted.requests,
          sent.requests,
          sent.tokens,
          replays,
          amplification,
          requests(outcomes, Outcome.class),
          requests(shed, ShedReason.class));
    }

    private static <K extends Enum<K>> Map<K, Long> requests(Map<K, Count> of, Class<K> type) {
      Map<K, Long> counts = new EnumMap<>(type);
      of.forEach((key, count) -> counts.put(key, count.requests));
      return counts;
    }
  }
}
