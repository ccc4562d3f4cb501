package io.trafficgovernor.loadtest.measure;

import java.util.OptionalDouble;

/** How long users waited for what they asked, from their first attempt to the answer, by class. */
public final class Waits {
  private static final int FEWEST = 100;

  private final long[] count;
  private final double[] sum;
  private final double[] squares;

  public Waits(int classes) {
    count = new long[classes];
    sum = new double[classes];
    squares = new double[classes];
  }

  /** A user of that class has got it, after so long. */
  public void add(int rank, long nanos) {
    double seconds = nanos / 1e9;
    count[rank]++;
    sum[rank] += seconds;
    squares[rank] += seconds * seconds;
  }

  /** Jain's index of the class in which waiting was shared worst, in (0, 1]. */
  OptionalDouble leastFair() {
    double least = Double.POSITIVE_INFINITY;
    for (int rank = 0; rank < count.length; rank++) {
      if (count[rank] >= FEWEST && squares[rank] > 0) {
        least = Math.min(least, sum[rank] * sum[rank] / (count[rank] * squares[rank]));
      }
    }
    return Double.isFinite(least) ? OptionalDouble.of(least) : OptionalDouble.empty();
  }
}
