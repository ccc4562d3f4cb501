package io.trafficgovernor.answers.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which writes wait for delivery, by target, and how much room they take. Writes to one target are
 * delivered one after the other, in the order in which they came. Thread-safe.
 */
final class PendingWrites {
  private final long maxBytes;
  private final Map<String, Deque<JournalFile.Row>> byTarget = new LinkedHashMap<>();
  private final Map<String, Integer> arriving = new LinkedHashMap<>();
  private final Set<Long> underWay = new HashSet<>();
  private long bytes;
  private long count;

  PendingWrites(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Takes room for a write that is about to be put on disk; false if there is none. */
  synchronized boolean reserve(String target, long size) {
    if (bytes + size > maxBytes) {
      return false;
    }
    bytes += size;
    arriving.merge(target, 1, Integer::sum);
    return true;
  }

  /** It was not put on disk after all. */
  synchronized void giveBack(String target, long size) {
    bytes -= size;
    arrived(target);
  }

  /** It is on disk. */
  synchronized void add(JournalFile.Row row) {
    arrived(row.target());
    queue(row);
  }

  /** It was on disk when the process started. */
  synchronized void found(JournalFile.Row row) {
    bytes += row.bytes();
    queue(row);
  }

  private void queue(JournalFile.Row row) {
    byTarget.computeIfAbsent(row.target(), target -> new ArrayDeque<>()).addLast(row);
    count++;
  }

  private void arrived(String target) {
    arriving.computeIfPresent(target, (same, number) -> number == 1 ? null : number - 1);
  }

  /** Whether a later write to that target would overtake one that waits. */
  synchronized boolean waiting(String target) {
    return byTarget.containsKey(target) || arriving.containsKey(target);
  }

  /** Takes writes that may be delivered now, the oldest target first, but to none of those. */
  synchronized List<JournalFile.Row> take(int most, Set<String> resting) {
    List<JournalFile.Row> taken = new ArrayList<>();
    for (Deque<JournalFile.Row> rows : byTarget.values()) {
      JournalFile.Row first = rows.getFirst();
      if (taken.size() >= most) {
        break;
      }
      if (!resting.contains(first.target()) && underWay.add(first.seq())) {
        taken.add(first);
      }
    }
    return taken;
  }

  /** It was not delivered, and may be taken again. */
  synchronized void putBack(JournalFile.Row row) {
    underWay.remove(row.seq());
  }

  /** So much of the room is taken by what was set aside before the process started. */
  synchronized void occupied(long size) {
    bytes += size;
  }

  /** It waits no more, but stays on disk: what it takes is not free again. */
  synchronized void setAside(JournalFile.Row row) {
    long before = bytes;
    remove(row);
    bytes = before;
  }

  /** It is over. */
  synchronized void remove(JournalFile.Row row) {
    Deque<JournalFile.Row> rows = byTarget.get(row.target());
    if (rows != null && rows.remove(row)) {
      bytes -= row.bytes();
      count--;
      underWay.remove(row.seq());
      if (rows.isEmpty()) {
        byTarget.remove(row.target());
      }
    }
  }

  /** Those that came before that time and are not under way. */
  synchronized List<JournalFile.Row> olderThan(long millis) {
    List<JournalFile.Row> old = new ArrayList<>();
    for (Deque<JournalFile.Row> rows : byTarget.values()) {
      for (JournalFile.Row row : rows) {
        if (row.acceptedMillis() < millis && !underWay.contains(row.seq())) {
          old.add(row);
        }
      }
    }
    return old;
  }

  synchronized long count() {
    return count;
  }

  synchronized long bytes() {
    return bytes;
  }

  /** When the oldest came; empty if none waits. */
  synchronized OptionalLong oldestMillis() {
    return byTarget.values().stream().mapToLong(rows -> rows.getFirst().acceptedMillis()).min();
  }
}
