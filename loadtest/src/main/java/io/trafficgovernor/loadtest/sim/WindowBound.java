package io.trafficgovernor.loadtest.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many requests the cluster may have at the store: the highest sum of slots that were granted
 * within the last lease, and one for each node (I5).
 */
final class WindowBound {
  private static final long LEASE_NANOS = 2_006_000_000L;

  private final int nodes;
  private final Deque<Granted> falling = new ArrayDeque<>();

  private record Granted(long atNanos, int slots) {}

  WindowBound(int nodes) {
    this.nodes = nodes;
  }

  /** The bound, now that the granted slots of all nodes add up to that. */
  double after(int slots, long nowNanos) {
    while (!falling.isEmpty() && falling.peekLast().slots() <= slots) {
      falling.removeLast();
    }
    falling.addLast(new Granted(nowNanos, slots));
    while (nowNanos - falling.peekFirst().atNanos() > LEASE_NANOS) {
      falling.removeFirst();
    }
    return falling.peekFirst().slots() + (double) nodes;
  }
}
