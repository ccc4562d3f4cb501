package io.trafficgovernor.loadtest.record;

import java.util.Arrays;

/**
 * Every attempt of a run in the order of their ends, 23 bytes each, at most so many. Not
 * thread-safe; {@link #copy} hands a snapshot to another thread.
 */
public final class AttemptLog {
  /** Attempts held of a run on sockets; 3000 a second for eleven minutes. */
  public static final int LIMIT = 2_000_000;

  private final int limit;
  private int size;
  private long lost;
  private long[] planned = new long[1 << 14];
  private long[] ended = new long[1 << 14];
  private byte[] system = new byte[1 << 14];
  private byte[] number = new byte[1 << 14];
  private byte[] door = new byte[1 << 14];
  private Ending[] ending = new Ending[1 << 14];

  /** A log of at most {@value #LIMIT}. */
  public AttemptLog() {
    this(LIMIT);
  }

  public AttemptLog(int limit) {
    this.limit = limit;
  }

  /** Adds an attempt whose gateway does not matter. */
  public void add(int ofSystem, int attempt, long plannedNanos, long endedNanos, Ending how) {
    add(ofSystem, attempt, 0, plannedNanos, endedNanos, how);
  }

  /**
   * Adds an attempt.
   *
   * @param atDoor which gateway had it in the end, from 0
   * @param attempt 0 for a first attempt, else the number of the retry
   * @param plannedNanos when it was to be sent; latency counts from there
   */
  public void add(
      int ofSystem, int attempt, int atDoor, long plannedNanos, long endedNanos, Ending how) {
    if (size == limit) {
      lost++;
      return;
    }
    if (size == planned.length) {
      grow(Math.min(limit, 2 * size));
    }
    planned[size] = plannedNanos;
    ended[size] = endedNanos;
    system[size] = (byte) ofSystem;
    number[size] = (byte) attempt;
    door[size] = (byte) atDoor;
    ending[size] = how;
    size++;
  }

  private void grow(int length) {
    planned = Arrays.copyOf(planned, length);
    ended = Arrays.copyOf(ended, length);
    system = Arrays.copyOf(system, length);
    number = Arrays.copyOf(number, length);
    door = Arrays.copyOf(door, length);
    ending = Arrays.copyOf(ending, length);
  }

  public int size() {
    return size;
  }

  /** Attempts that found no room. */
  public long lost() {
    return lost;
  }

  public int system(int index) {
    return system[index];
  }

  public boolean first(int index) {
    return number[index] == 0;
  }

  /** Which gateway had it in the end, from 0. */
  public int door(int index) {
    return door[index];
  }

  public long plannedNanos(int index) {
    return planned[index];
  }

  public long endedNanos(int index) {
    return ended[index];
  }

  public Ending ending(int index) {
    return ending[index];
  }

  /** The attempts so far. */
  public AttemptLog copy() {
    AttemptLog copy = new AttemptLog(limit);
    copy.size = size;
    copy.lost = lost;
    copy.planned = Arrays.copyOf(planned, size);
    copy.ended = Arrays.copyOf(ended, size);
    copy.system = Arrays.copyOf(system, size);
    copy.number = Arrays.copyOf(number, size);
    copy.door = Arrays.copyOf(door, size);
    copy.ending = Arrays.copyOf(ending, size);
    return copy;
  }
}
