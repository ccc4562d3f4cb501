package io.trafficgovernor.loadtest.judge;

import io.trafficgovernor.loadtest.record.NodeSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The highest ceiling that could have been in force, over time: at every instant the highest value
 * that any governor could have gone by within the last lease length.
 *
 * <p>A sample says what was true at some instant between question and answer. Its value may have
 * been in force from just after the governor was last asked, and until it was next told of; it
 * counts for all that time, at most 2 s, and one lease length more. In OPEN the rate does not bind.
 * Where nobody said anything the ceiling is 0.
 */
final class CeilingLine {
  /** One lease of 1 s, on a clock that may run 0.1 % slow against three others. */
  static final long LEASE_NANOS = 1_003_000_000L;

  /** A node that says nothing for longer than this may be dead: its word holds no longer. */
  static final long SILENCE_NANOS = 2_000_000_000L;

  private final long[] from;
  private final double[] ceiling;
  private final boolean[] open;
  private final double[] integralBefore;
  private final long[] openBefore;

  /** Part of the line: from that instant until the next one's. */
  private record Step(long fromNanos, double ceiling, boolean open) {}

  private record Event(long atNanos, boolean begins, double ceiling, boolean open) {}

  private CeilingLine(List<Step> steps) {
    int size = steps.size();
    from = new long[size];
    ceiling = new double[size];
    open = new boolean[size];
    integralBefore = new double[size];
    openBefore = new long[size];
    for (int i = 0; i < size; i++) {
      Step step = steps.get(i);
      from[i] = step.fromNanos();
      ceiling[i] = step.open() ? 0 : step.ceiling();
      open[i] = step.open();
      if (i > 0) {
        long length = from[i] - from[i - 1];
        integralBefore[i] = integralBefore[i - 1] + ceiling[i - 1] * length / 1e9;
        openBefore[i] = openBefore[i - 1] + (open[i - 1] ? length : 0);
      }
    }
  }

  /** The line that these samples allow; each node's are in the order of time. */
  static CeilingLine of(List<NodeSample> samples) {
    List<Event> events = new ArrayList<>();
    Map<Integer, List<NodeSample>> byNode = new TreeMap<>();
    for (NodeSample sample : samples) {
      byNode.computeIfAbsent(sample.node(), ignored -> new ArrayList<>()).add(sample);
    }
    for (List<NodeSample> node : byNode.values()) {
      for (int i = 0; i < node.size(); i++) {
        NodeSample sample = node.get(i);
        long before = node.get(Math.max(0, i - 1)).askedNanos();
        long begins = Math.max(before, sample.askedNanos() - SILENCE_NANOS);
        long next = node.get(Math.min(node.size() - 1, i + 1)).toldNanos();
        long ends = Math.min(next, sample.toldNanos() + SILENCE_NANOS) + LEASE_NANOS;
        events.add(new Event(begins, true, sample.ceilingPerSecond(), sample.open()));
        events.add(new Event(ends, false, sample.ceilingPerSecond(), sample.open()));
      }
    }
    return new CeilingLine(steps(events));
  }

  private static List<Step> steps(List<Event> events) {
    events.sort(Comparator.comparingLong(Event::atNanos));
    List<Step> steps = new ArrayList<>();
    TreeMap<Double, Integer> inForce = new TreeMap<>();
    int open = 0;
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      int change = event.begins() ? 1 : -1;
      if (event.open()) {
        open += change;
      } else {
        inForce.merge(event.ceiling(), change, (a, b) -> a + b == 0 ? null : a + b);
      }
      if (i + 1 == events.size() || events.get(i + 1).atNanos() != event.atNanos()) {
        double highest = inForce.isEmpty() ? 0 : inForce.lastKey();
        steps.add(new Step(event.atNanos(), highest, open > 0));
      }
    }
    return steps;
  }

  /** Tokens that the ceiling allowed between two instants; what was OPEN adds nothing. */
  double tokens(long beginNanos, long endNanos) {
    return tokensUntil(endNanos) - tokensUntil(beginNanos);
  }

  private double tokensUntil(long nanos) {
    int at = step(nanos);
    return at < 0 ? 0 : integralBefore[at] + ceiling[at] * (nanos - from[at]) / 1e9;
  }

  /** Whether the rate did not bind at some instant between those two. */
  boolean open(long beginNanos, long endNanos) {
    int at = step(beginNanos);
    return openUntil(endNanos) > openUntil(beginNanos) || (at >= 0 && open[at]);
  }

  private long openUntil(long nanos) {
    int at = step(nanos);
    return at < 0 ? 0 : openBefore[at] + (open[at] ? nanos - from[at] : 0);
  }

  /** The highest ceiling between two instants. */
  double highest(long beginNanos, long endNanos) {
    double highest = 0;
    for (int at = Math.max(0, step(beginNanos)); at < from.length && from[at] <= endNanos; at++) {
      highest = Math.max(highest, ceiling[at]);
    }
    return highest;
  }

  /** The last step that begins at or before that instant; -1 if there is none. */
  private int step(long nanos) {
    int found = Arrays.binarySearch(from, nanos);
    return found >= 0 ? found : -found - 2;
  }
}
