package io.trafficgovernor.loadtest.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The store's arrival log as it was fetched: every request that reached it, probes included, in the
 * order of arrival, 17 bytes each, at most {@value #LIMIT}. Not thread-safe.
 */
public final class ArrivalColumns {
  /** Arrivals held; what comes later counts as lost. */
  public static final int LIMIT = 2_000_000;

  /** The stamp of a request that carried none. */
  public static final long UNSTAMPED = 0;

  private static final String PROBE = "probe";

  private int size;
  private long lost;
  private long[] arrived = new long[1 << 14];
  private long[] sent = new long[1 << 14];
  private byte[] kind = new byte[1 << 14];
  private final List<String> kinds = new ArrayList<>();

  /** Adds one line of the log: its instant, its stamp and its kind, separated by blanks. */
  public void add(String line) {
    String[] parts = line.split(" ", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "arrival: got '" + line + "', allowed 'instant stamp kind'");
    }
    add(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }

  /** Adds an arrival; kinds beyond 127 are a fault. */
  public void add(long arrivedNanos, long sentNanos, String kindName) {
    if (size == LIMIT) {
      lost++;
      return;
    }
    if (size == arrived.length) {
      int length = Math.min(LIMIT, 2 * size);
      arrived = Arrays.copyOf(arrived, length);
      sent = Arrays.copyOf(sent, length);
      kind = Arrays.copyOf(kind, length);
    }
    int index = kinds.indexOf(kindName);
    if (index < 0) {
      index = kinds.size();
      kinds.add(kindName);
    }
    arrived[size] = arrivedNanos;
    sent[size] = sentNanos;
    kind[size] = (byte) index;
    size++;
  }

  /** Notes that the store had dropped some before they were fetched. */
  public void lose(long count) {
    lost += count;
  }

  public int size() {
    return size;
  }

  /** Arrivals that are not here. */
  public long lost() {
    return lost;
  }

  public long arrivedNanos(int index) {
    return arrived[index];
  }

  /** When a governor sent it, or {@link #UNSTAMPED}. */
  public long sentNanos(int index) {
    return sent[index];
  }

  public boolean probe(int index) {
    return kinds.get(kind[index]).equals(PROBE);
  }

  /** All of it as lines that {@link #add(String)} reads. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(size);
    for (int index = 0; index < size; index++) {
      lines.add(arrived[index] + " " + sent[index] + " " + kinds.get(kind[index]));
    }
    return lines;
  }

  /** Requests that were no probes, from the one with that index on. */
  public long requestsSince(int from) {
    long count = 0;
    for (int index = from; index < size; index++) {
      count += probe(index) ? 0 : 1;
    }
    return count;
  }
}
