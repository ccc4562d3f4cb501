package io.trafficgovernor.admission.herd;

/**
 * How many arrivals there are for each first attempt, over the last {@value #SECONDS} s: 1 when
 * nobody tries again, 4 when every request comes four times. Above it lies the way into a
 * metastable failure: the retries alone keep the backend busy. Not thread-safe: the controller
 * guards it.
 */
public final class Amplification {
  /** Length of the window, in seconds. */
  public static final int SECONDS = 10;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final long[][] first;
  private final long[][] all;
  private long second = Long.MIN_VALUE;

  /** Of that many classes, in which nothing has arrived. */
  public Amplification(int classes) {
    first = new long[classes][SECONDS];
    all = new long[classes][SECONDS];
  }

  /** A request came in. Times must not fall. */
  public void arrived(int rank, boolean firstAttempt, long nowNanos) {
    int slot = slotAt(nowNanos);
    all[rank][slot]++;
    first[rank][slot] += firstAttempt ? 1 : 0;
  }

  /** Empties the slots of the seconds that have gone by, and gives the present one. */
  private int slotAt(long nowNanos) {
    long now = Math.floorDiv(nowNanos, SECOND_NANOS);
    long from = second == Long.MIN_VALUE ? now : Math.max(second + 1, now - SECONDS + 1);
    for (long gone = from; gone <= now; gone++) {
      int slot = Math.floorMod(gone, SECONDS);
      for (int rank = 0; rank < all.length; rank++) {
        all[rank][slot] = 0;
        first[rank][slot] = 0;
      }
    }
    second = Math.max(second, now);
    return Math.floorMod(second, SECONDS);
  }

  /** Arrivals over first attempts of that class, at least 1; 1 while nothing arrives. */
  public double of(int rank, long nowNanos) {
    slotAt(nowNanos);
    return ratio(sum(all[rank]), sum(first[rank]));
  }

  /** The same over all classes. */
  public double ofAll(long nowNanos) {
    slotAt(nowNanos);
    long arrivals = 0;
    long firsts = 0;
    for (int rank = 0; rank < all.length; rank++) {
      arrivals += sum(all[rank]);
      firsts += sum(first[rank]);
    }
    return ratio(arrivals, firsts);
  }

  /** Retries without a first attempt in sight count as if there had been one. */
  private static double ratio(long arrivals, long firsts) {
    return Math.max(1, arrivals) / (double) Math.max(1, firsts);
  }

  private static long sum(long[] slots) {
    long sum = 0;
    for (long slot : slots) {
      sum += slot;
    }
    return sum;
  }
}
