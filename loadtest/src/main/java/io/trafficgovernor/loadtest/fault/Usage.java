package io.trafficgovernor.loadtest.fault;

import io.trafficgovernor.loadtest.record.ArrivalColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much of a rate was used, second by second, by the store's own log. Pure.
 *
 * <p>A dip begins with a second in which less than {@value #DEEP} of it was used, and ends with the
 * first second in which {@value #GOOD} is used again: a single short second at the edge is noise of
 * the count.
 */
public final class Usage {
  /** Part of a rate that counts as all of it. */
  public static final double GOOD = 0.95;

  static final double DEEP = 0.9;
  private static final long SECOND = 1_000_000_000L;
  private static final long STEP = 50_000_000L;

  private final long[] arrivals;
  private final double perSecond;

  /**
   * Of these arrivals.
   *
   * @param arrivals instants in nanoseconds, rising
   * @param perSecond what could be used
   */
  Usage(long[] arrivals, double perSecond) {
    this.arrivals = arrivals.clone();
    this.perSecond = perSecond;
  }

  /** A time in which too little was used. */
  record Dip(long fromNanos, long untilNanos) {
    double seconds() {
      return (untilNanos - fromNanos) / 1e9;
    }
  }

  /** Requests, probes left out, that arrived from one instant on and before another. */
  public static int requests(ArrivalColumns arrivals, long fromNanos, long untilNanos) {
    int count = 0;
    for (int index = arrivals.size() - 1; index >= 0; index--) {
      long at = arrivals.arrivedNanos(index);
      if (at < fromNanos) {
        break;
      }
      count += at < untilNanos && !arrivals.probe(index) ? 1 : 0;
    }
    return count;
  }

  /** Part that was used in the second that begins there. */
  double second(long fromNanos) {
    return (index(fromNanos + SECOND) - index(fromNanos)) / perSecond;
  }

  /** Part that was used between two instants. */
  double mean(long fromNanos, long untilNanos) {
    double seconds = (untilNanos - fromNanos) / 1e9;
    return (index(untilNanos) - index(fromNanos)) / (perSecond * seconds);
  }

  private int index(long nanos) {
    int found = Arrays.binarySearch(arrivals, nanos);
    while (found > 0 && arrivals[found - 1] == nanos) {
      found--;
    }
    return found >= 0 ? found : -found - 1;
  }

  /** All dips of the seconds that begin and end between two instants, in their order. */
  List<Dip> dips(long fromNanos, long untilNanos) {
    List<Dip> dips = new ArrayList<>();
    long began = -1;
    for (long at = fromNanos; at + SECOND <= untilNanos; at += STEP) {
      double used = second(at);
      if (began < 0 && used < DEEP) {
        began = at;
      } else if (began >= 0 && used >= GOOD) {
        dips.add(new Dip(began, at));
        began = -1;
      }
    }
    if (began >= 0) {
      dips.add(new Dip(began, untilNanos));
    }
    return dips;
  }

  /** The least that was used in any second between two instants; 1 if there is no whole second. */
  double lowest(long fromNanos, long untilNanos) {
    double lowest = 1;
    for (long at = fromNanos; at + SECOND <= untilNanos; at += STEP) {
      lowest = Math.min(lowest, second(at));
    }
    return lowest;
  }
}
