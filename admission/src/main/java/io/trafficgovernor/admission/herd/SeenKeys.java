package io.trafficgovernor.admission.herd;

/**
 * Remembers for 15 to 30 s which keys came by, to know a repeated {@code Idempotency-Key} for a
 * retry. Two bit sets that take turns: bounded, and rarely wrong. A key that is taken for seen
 * makes a first attempt a retry: below 2 % at {@value #MOST_KEYS} keys a turn, after which the turn
 * ends early. Thread-safe.
 */
public final class SeenKeys {
  /** Keys in one turn at most. */
  public static final int MOST_KEYS = 100_000;

  private static final int BITS = 1 << 20;
  private static final int HASHES = 3;
  private static final long TURN_NANOS = 15_000_000_000L;

  private long[] present = new long[BITS / Long.SIZE];
  private long[] before = new long[BITS / Long.SIZE];
  private int keys;
  private boolean begun;
  private long turnNanos;

  /**
   * Whether that key came by lately; from now on it has.
   *
   * @param hash 64 evenly spread bits of it
   */
  public synchronized boolean seen(long hash, long nowNanos) {
    turn(nowNanos);
    boolean inPresent = true;
    boolean inBefore = true;
    for (int i = 0; i < HASHES; i++) {
      int bit = (int) (hash >>> (20 * i)) & (BITS - 1);
      long mask = 1L << bit;
      inPresent &= (present[bit / Long.SIZE] & mask) != 0;
      inBefore &= (before[bit / Long.SIZE] & mask) != 0;
      present[bit / Long.SIZE] |= mask;
    }
    keys += inPresent ? 0 : 1;
    return inPresent || inBefore;
  }

  private void turn(long nowNanos) {
    if (!begun) {
      begun = true;
      turnNanos = nowNanos;
    }
    long passed = nowNanos - turnNanos;
    if (passed < TURN_NANOS && keys < MOST_KEYS) {
      return;
    }
    long[] old = before;
    java.util.Arrays.fill(old, 0);
    before = passed < 2 * TURN_NANOS ? present : new long[BITS / Long.SIZE];
    present = old;
    keys = 0;
    turnNanos = nowNanos;
  }
}
