package io.trafficgovernor.loadtest.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The store's own record of who knocked: instant, kind, and the stamp that the governor put on the
 * request when it sent it. Holds the newest {@value #LIMIT} arrivals (18 bytes each); what older
 * readers missed is counted for them. Not thread-safe.
 */
final class ArrivalLog {
  /** Arrivals kept. At 3000 a second that is almost six minutes. */
  static final int LIMIT = 1 << 20;

  /** The kind of a health probe; it is logged, but is no request of a client. */
  static final String PROBE = "probe";

  /** No more kinds than these; what comes later is {@link #OTHER}. */
  static final int KINDS_LIMIT = 64;

  static final String OTHER = "other";

  /** The stamp of a request that carried none. */
  static final long UNSTAMPED = 0;

  private final int limit;
  private final long[] arrivedNanos;
  private final long[] sentNanos;
  private final byte[] kind;
  private final List<String> kinds = new ArrayList<>(List.of(PROBE, OTHER));
  private final long[] countByKind = new long[KINDS_LIMIT];
  private long total;

  ArrivalLog() {
    this(LIMIT);
  }

  ArrivalLog(int limit) {
    this.limit = limit;
    arrivedNanos = new long[limit];
    sentNanos = new long[limit];
    kind = new byte[limit];
  }

  void add(String kindName, long atNanos, long stampNanos) {
    int at = (int) (total % limit);
    int index = indexOf(kindName);
    arrivedNanos[at] = atNanos;
    sentNanos[at] = stampNanos;
    kind[at] = (byte) index;
    countByKind[index]++;
    total++;
  }

  private int indexOf(String kindName) {
    int index = kinds.indexOf(kindName);
    if (index >= 0) {
      return index;
    }
    if (kinds.size() == KINDS_LIMIT) {
      return kinds.indexOf(OTHER);
    }
    kinds.add(kindName);
    return kinds.size() - 1;
  }

  /** How many there were, probes included; also the number of the next one. */
  long total() {
    return total;
  }

  Map<String, Long> countByKind() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int index = 0; index < kinds.size(); index++) {
      counts.put(kinds.get(index), countByKind[index]);
    }
    return counts;
  }

  /**
   * A part of the log as text.
   *
   * @param next number of the first arrival after this part
   * @param lost arrivals before this part that were asked for but are no longer held
   * @param lines one per arrival: its instant, its stamp and its kind, separated by blanks
   */
  record Part(long next, long lost, String lines) {}

  /** At most {@code most} arrivals from number {@code since} on. */
  Part part(long since, int most) {
    long from = Math.min(Math.max(since, Math.max(0, total - limit)), total);
    long end = Math.min(total, from + most);
    StringBuilder lines = new StringBuilder();
    for (long number = from; number < end; number++) {
      int at = (int) (number % limit);
      lines
          .append(arrivedNanos[at])
          .append(' ')
          .append(sentNanos[at])
          .append(' ')
          .append(kinds.get(kind[at]))
          .append('\n');
    }
    return new Part(end, Math.max(0, from - Math.max(0, since)), lines.toString());
  }
}
