package io.trafficgovernor.loadtest.account;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The two sides of the promise, window by window. What all nodes were granted is at most what the
 * highest ceiling of the last lease length allows (I1), and what reached the store is at most what
 * they were granted from J before the window on, and B more (I2). Windows in which some node's rate
 * did not bind it are not judged. Pure.
 */
final class Account {
  /** A lease of 1 s on a slow clock, and a look of 0.1 s before and after. */
  private static final long MEMORY_NANOS = 1_203_000_000L;

  private static final double BURST_TOKENS = 5;
  private static final double BURST_SECONDS = 0.02;
  private static final double CLOCK_DRIFT = 1e-3;

  /** Looks are not made at the same instant: each node's count may be a look off. */
  private static final double LOOK_SECONDS = 0.1;

  private static final double LONGEST_DELAY_SECONDS = 0.25;

  /** Fewer windows than this prove nothing good; a breach is one however few they are. */
  private static final int FEWEST_JUDGED = 500;

  private final List<NodeLog> nodes;
  private final ArrivalColumns arrivals;
  private final int[] requests;
  private final int eventLoops;

  /** The worst window of one length, of one side. */
  private record Worst(double excess, double bound, int judged) {
    Worst with(double nextExcess, double nextBound) {
      boolean worse = judged == 0 || nextExcess - nextBound > excess - bound;
      return worse
          ? new Worst(nextExcess, nextBound, judged + 1)
          : new Worst(excess, bound, judged + 1);
    }
  }

  /**
   * Of these logs.
   *
   * @param eventLoops of each node: each may be between the late check and the socket
   */
  Account(List<NodeLog> nodes, ArrivalColumns arrivals, int eventLoops) {
    this.nodes = List.copyOf(nodes);
    this.arrivals = arrivals;
    this.eventLoops = eventLoops;
    this.requests =
        IntStream.range(0, arrivals.size()).filter(index -> !arrivals.probe(index)).toArray();
  }

  /** Both sides, for windows of 100 ms and of 1 s. */
  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (double seconds : new double[] {0.1, 1.0}) {
      String window = "%.0fms".formatted(seconds * 1000);
      checks.add(
          told(
              "granted-" + window,
              granted(seconds),
              "tokens granted to all nodes beyond the highest ceiling of the last lease"));
      checks.add(
          told(
              "arrived-" + window,
              arrived(seconds),
              "requests at the store beyond what all nodes were granted; J %.0f ms"
                  .formatted(1000 * delaySeconds())));
    }
    return checks;
  }

  private Check told(String id, Worst worst, String what) {
    Check check =
        Check.atMost(
            id,
            OptionalDouble.of(worst.excess()),
            worst.bound(),
            "%s; %d windows judged".formatted(what, worst.judged()));
    if (worst.judged() < FEWEST_JUDGED && check.pass()) {
      return check.inconclusive("fewer than %d windows".formatted(FEWEST_JUDGED));
    }
    return delaySeconds() > LONGEST_DELAY_SECONDS
        ? check.inconclusive("J is over %.0f ms".formatted(1000 * LONGEST_DELAY_SECONDS))
        : check;
  }

  /** Windows that end with an arrival; more would not find more. */
  private Worst arrived(double seconds) {
    long length = (long) (seconds * 1e9);
    Worst worst = new Worst(0, 0, 0);
    int first = 0;
    for (int last = 0; last < requests.length; last++) {
      long end = arrivals.arrivedNanos(requests[last]);
      while (end - arrivals.arrivedNanos(requests[first]) > length) {
        first++;
      }
      long way = 0;
      for (int i = first; i <= last; i++) {
        way = Math.max(way, way(i));
      }
      long from = end - length - way;
      if (!free(from, end)) {
        worst = worst.with(last - first + 1 - granted(from, end), bound(seconds));
      }
    }
    return worst;
  }

  private Worst granted(double seconds) {
    long length = (long) (seconds * 1e9);
    Worst worst = new Worst(0, 0, 0);
    for (NodeLog node : nodes) {
      for (NodeLog.Look look : node.looks()) {
        long end = look.nanos();
        long from = end - length;
        double ceiling = highestCeiling(from - MEMORY_NANOS, end);
        if (!free(from, end) && ceiling > 0) {
          double allowed = ceiling * seconds * (1 + 2 * CLOCK_DRIFT);
          worst = worst.with(granted(from, end) - allowed, 1 + ceiling * LOOK_SECONDS);
        }
      }
    }
    return worst;
  }

  private double granted(long fromNanos, long untilNanos) {
    return nodes.stream()
        .mapToDouble(node -> node.granted(untilNanos) - node.granted(fromNanos))
        .sum();
  }

  private double highestCeiling(long fromNanos, long untilNanos) {
    return nodes.stream()
        .mapToDouble(node -> node.highestCeiling(fromNanos, untilNanos))
        .max()
        .orElse(0);
  }

  private boolean free(long fromNanos, long untilNanos) {
    return nodes.stream().anyMatch(node -> node.free(fromNanos, untilNanos));
  }

  /** Each node's bucket and event loops, and the rounding of its looks. */
  private double bound(double seconds) {
    double bound = 0;
    for (NodeLog node : nodes) {
      double rate = node.highestRate();
      bound += Math.max(BURST_TOKENS, BURST_SECONDS * rate) + eventLoops + 1;
      bound += 2 * CLOCK_DRIFT * rate * seconds;
    }
    return bound;
  }

  private long way(int position) {
    int request = requests[position];
    long way = arrivals.arrivedNanos(request) - arrivals.sentNanos(request);
    return arrivals.sentNanos(request) == ArrivalColumns.UNSTAMPED || way < 0 ? 0 : way;
  }

  private double delaySeconds() {
    return IntStream.range(0, requests.length).mapToLong(this::way).max().orElse(0) / 1e9;
  }
}
