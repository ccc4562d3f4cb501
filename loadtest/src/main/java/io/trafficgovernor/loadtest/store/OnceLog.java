package io.trafficgovernor.loadtest.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the store does once and no more: writes by their {@code Idempotency-Key}, acceptances by
 * their one-time token. It outlives the store's death, as a disk does. Holds the first {@value
 * #LIMIT}; what comes later is done, but not known again. Not thread-safe.
 */
final class OnceLog {
  static final int LIMIT = 1 << 20;

  /** A longer name is not kept. */
  private static final int NAME_LIMIT = 128;

  private final int limit;
  private final Set<String> known = new HashSet<>();
  private final List<String> inOrder = new ArrayList<>();
  private long repeats;

  OnceLog() {
    this(LIMIT);
  }

  OnceLog(int limit) {
    this.limit = limit;
  }

  /** Notes it; false if it was done before. */
  boolean first(String name) {
    if (known.contains(name)) {
      repeats++;
      return false;
    }
    if (known.size() < limit && name.length() <= NAME_LIMIT) {
      known.add(name);
      inOrder.add(name);
    }
    return true;
  }

  /** How often something came that was done before. */
  long repeats() {
    return repeats;
  }

  /**
   * A part of the log as text.
   *
   * @param next number of the first one after this part
   * @param lines a name each
   */
  record Part(long next, String lines) {}

  /** At most {@code most} names from number {@code since} on. */
  Part part(long since, int most) {
    int from = (int) Math.min(Math.max(0, since), inOrder.size());
    int end = Math.min(inOrder.size(), from + most);
    StringBuilder lines = new StringBuilder();
    inOrder.subList(from, end).forEach(name -> lines.append(name).append('\n'));
    return new Part(end, lines.toString());
  }
}
