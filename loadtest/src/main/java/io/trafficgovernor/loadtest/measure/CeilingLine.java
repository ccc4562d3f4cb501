package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.measure.RunLog.LevelAt;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The ceiling's highest value of the last so many nanoseconds over time, and its integral. */
final class CeilingLine {
  /** What nodes may still be going by. */
  static final long LEASE_NANOS = 1_005_000_000L;

  /** In OPEN the rate does not bind. */
  static final double UNBOUND_PER_SECOND = 1e9;

  private final long[] at;
  private final double[] ceiling;
  private final double[] before;

  /**
   * A line.
   *
   * @param holdNanos how long a ceiling counts after a lower one took its place; 0 for not at all
   */
  CeilingLine(List<LevelAt> levels, long holdNanos) {
    long[] changes = new long[2 * levels.size()];
    for (int i = 0; i < levels.size(); i++) {
      changes[2 * i] = levels.get(i).atNanos();
      changes[2 * i + 1] = levels.get(i).atNanos() + holdNanos;
    }
    Arrays.sort(changes);
    at = changes;
    ceiling = new double[changes.length];
    before = new double[changes.length];
    Deque<Integer> falling = new ArrayDeque<>();
    int next = 0;
    for (int i = 0; i < changes.length; i++) {
      for (; next < levels.size() && levels.get(next).atNanos() <= changes[i]; next++) {
        while (!falling.isEmpty() && bound(levels, falling.peekLast()) <= bound(levels, next)) {
          falling.removeLast();
        }
        falling.addLast(next);
      }
      while (falling.size() > 1
          && levels.get(falling.peekFirst() + 1).atNanos() <= changes[i] - holdNanos) {
        falling.removeFirst();
      }
      ceiling[i] = falling.isEmpty() ? 0 : bound(levels, falling.peekFirst());
      if (i > 0) {
        before[i] = before[i - 1] + ceiling[i - 1] * (at[i] - at[i - 1]) / 1e9;
      }
    }
  }

  private static double bound(List<LevelAt> levels, int index) {
    LevelAt level = levels.get(index);
    return level.bound() ? level.ceiling() : UNBOUND_PER_SECOND;
  }

  /** Tokens that were allowed between two instants. */
  double tokens(long fromNanos, long toNanos) {
    return until(toNanos) - until(fromNanos);
  }

  private double until(long nanos) {
    int found = Arrays.binarySearch(at, nanos);
    int index = found >= 0 ? found : -found - 2;
    return index < 0 ? 0 : before[index] + ceiling[index] * (nanos - at[index]) / 1e9;
  }
}
