package io.trafficgovernor.admission.order;

/**
 * Finds sessions that are no single user, such as everybody behind one address (NAT, a balancer):
 * one key for all of them would let all in or none. First attempts are counted in {@value #BUCKETS}
 * buckets of each class; the requests of a bucket with more than a tenth of its class are placed
 * one by one, by golden-ratio steps, so that of any n in a row as many lie below a cutoff as
 * should.
 *
 * <p>Counts are those of one node; they are halved every 5 s. Bounded: a counter for each class and
 * bucket. Not thread-safe.
 */
public final class HeavyKeys {
  /** The request has the place of its session. */
  public static final long OF_SESSION = -1;

  private static final int BUCKETS = 64;
  private static final int BUCKET_SHIFT = 58;
  private static final int FEWEST = 16;
  private static final int ONE_IN = 10;
  private static final long HALVED_NANOS = 5_000_000_000L;
  private static final int MAX_HALVINGS = 31;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final int POSITION_SHIFT = 48;

  private final int[][] counts;
  private final int[] totals;
  private final long[] halvedNanos;
  private final long[] drawn;

  /** Nothing counted yet. */
  public HeavyKeys(int classes) {
    counts = new int[classes][BUCKETS];
    totals = new int[classes];
    halvedNanos = new long[classes];
    drawn = new long[classes];
  }

  /**
   * Counts a request, and places it if its bucket is heavy: for each request once.
   *
   * @param sessionHash not salted, so that a new incident forgets nothing
   * @param firstAttempt only those are counted; all are placed
   * @return a place in [0, 65536) for this request alone, or {@link #OF_SESSION}
   */
  public long position(int rank, long sessionHash, boolean firstAttempt, long nowNanos) {
    if (rank == 0) {
      return OF_SESSION; // never ordered by session
    }
    halve(rank, nowNanos);
    int bucket = (int) (SessionKey.mix(sessionHash) >>> BUCKET_SHIFT);
    if (firstAttempt) {
      counts[rank][bucket]++;
      totals[rank]++;
    }
    int count = counts[rank][bucket];
    if (count < FEWEST || (long) count * ONE_IN <= totals[rank]) {
      return OF_SESSION;
    }
    drawn[rank] += GOLDEN;
    return drawn[rank] >>> POSITION_SHIFT;
  }

  private void halve(int rank, long nowNanos) {
    if (totals[rank] == 0) {
      halvedNanos[rank] = nowNanos;
      return;
    }
    long halvings = (nowNanos - halvedNanos[rank]) / HALVED_NANOS;
    if (halvings <= 0) {
      return;
    }
    int shift = (int) Math.min(MAX_HALVINGS, halvings);
    int[] row = counts[rank];
    int left = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      row[bucket] >>= shift;
      left += row[bucket];
    }
    totals[rank] = left;
    halvedNanos[rank] += halvings * HALVED_NANOS;
  }
}
