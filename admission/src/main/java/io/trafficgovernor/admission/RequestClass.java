package io.trafficgovernor.admission;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a request is, and how much it matters.
 *
 * @param rank place in the order of importance; 0 returns first
 * @param name unique; letters, digits and hyphens
 * @param after ranks of the classes this one depends on; empty if none
 * @param patienceNanos longest wait for a token and a slot, counted from arrival; at most 0.3 of
 *     the time-out
 * @param timeoutNanos time from arrival to the response head; greater than 0
 */
public record RequestClass(
    int rank, String name, Set<Integer> after, long patienceNanos, long timeoutNanos) {

  /** Most classes a table may hold; keeps every per-class structure small. */
  public static final int MAX_CLASSES = 32;

  /** Largest part of the time-out that may go into waiting here. */
  private static final double MAX_PATIENCE_SHARE = 0.3;

  public RequestClass {
    requireNonNull(name, "name");
    SortedSet<Integer> parents = new TreeSet<>(requireNonNull(after, "after"));
    after = java.util.Collections.unmodifiableSortedSet(parents);
    if (rank < 0 || rank >= MAX_CLASSES) {
      throw new IllegalArgumentException(
          "rank: got " + rank + ", allowed 0 to " + (MAX_CLASSES - 1));
    }
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException(
          "time-out of class " + name + ": got " + timeoutNanos + " ns, allowed more than 0");
    }
    if (patienceNanos < 0) {
      throw new IllegalArgumentException(
          "patience of class " + name + ": got " + patienceNanos + " ns, allowed 0 or more");
    }
    patienceNanos = Math.min(patienceNanos, (long) (MAX_PATIENCE_SHARE * timeoutNanos));
  }

  /** The time-out in seconds. */
  public double timeoutSeconds() {
    return timeoutNanos / 1e9;
  }
}
