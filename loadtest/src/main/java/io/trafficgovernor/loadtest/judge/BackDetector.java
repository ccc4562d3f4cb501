package io.trafficgovernor.loadtest.judge;

import io.trafficgovernor.loadtest.record.AttemptLog;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Finds when a system or class was restored: the first t after the store's return from which at
 * least 99 % of the first attempts of the next 3 s succeed. A window that holds fewer than 100 of
 * them is lengthened until it does, to 10 s at most; then it is too short to tell. Attempts belong
 * to the instant at which they were planned.
 */
final class BackDetector {
  private static final long WINDOW_NANOS = 3_000_000_000L;
  private static final long LONGEST_NANOS = 10_000_000_000L;
  private static final int FEWEST = 100;
  private static final int PERCENT = 99;

  private final long[] planned;
  private final int[] goodBefore;

  private BackDetector(long[] planned, int[] goodBefore) {
    this.planned = planned;
    this.goodBefore = goodBefore;
  }

  /** Looks at these first attempts of the log, which are in the order of their plan. */
  static BackDetector of(AttemptLog log, int[] firsts) {
    long[] planned = new long[firsts.length];
    int[] goodBefore = new int[firsts.length + 1];
    for (int i = 0; i < firsts.length; i++) {
      planned[i] = log.plannedNanos(firsts[i]);
      goodBefore[i + 1] = goodBefore[i] + (log.ending(firsts[i]).good() ? 1 : 0);
    }
    return new BackDetector(planned, goodBefore);
  }

  /** The first attempts that were planned at or after that instant, in the order of their plan. */
  static int[] firsts(AttemptLog log, long fromNanos) {
    return IntStream.range(0, log.size())
        .filter(index -> log.first(index) && log.plannedNanos(index) >= fromNanos)
        .boxed()
        .sorted(Comparator.comparingLong(log::plannedNanos))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * When it was restored, counted from {@code returnNanos}; no attempt is older than that.
   *
   * @param knownNanos attempts planned before this have all ended; later windows are not judged
   */
  Back after(long returnNanos, long knownNanos) {
    boolean judged = false;
    long from = returnNanos;
    for (int start = 0; start < planned.length; start++) {
      int end = end(start, from);
      long length = Math.max(WINDOW_NANOS, planned[end - 1] - from);
      if (from + length > knownNanos) {
        break;
      }
      if (end - start >= FEWEST && length <= LONGEST_NANOS) {
        judged = true;
        if (PERCENT * (end - start) <= 100 * (goodBefore[end] - goodBefore[start])) {
          return new Back.Restored((from - returnNanos) / 1e9);
        }
      }
      from = planned[start] + 1;
    }
    return judged ? new Back.Never() : new Back.TooFew();
  }

  /** One past the last attempt of the window that begins at {@code from} with {@code start}. */
  private int end(int start, long from) {
    int end = start;
    while (end < planned.length && (planned[end] - from <= WINDOW_NANOS || end - start < FEWEST)) {
      end++;
    }
    return end;
  }
}
