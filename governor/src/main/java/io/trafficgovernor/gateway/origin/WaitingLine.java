package io.trafficgovernor.gateway.origin;

import io.trafficgovernor.gateway.origin.OriginPool.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a connection, the highest class first, within a class in the order of their
 * coming: where connections are short, a class must not wait behind a lower one. Holds so many at
 * most. Confined to its event loop.
 */
final class WaitingLine implements Iterable<Waiter> {
  private final int most;

  /** By rank, 0 first; as many as the lowest class that has waited here needs. */
  private final List<Deque<Waiter>> classes = new ArrayList<>();

  private int size;

  /** Nobody waits yet. */
  WaitingLine(int most) {
    this.most = most;
  }

  int size() {
    return size;
  }

  /**
   * Puts the newcomer behind its own class. In a full line it takes the place of whoever came last
   * of the lowest class, if that is below its own.
   *
   * @return who has no place: nobody, or the one it has displaced, or itself
   */
  @Nullable Waiter add(Waiter newcomer) {
    if (size >= most) {
      purge();
    }
    Waiter displaced = null;
    if (size >= most) {
      int lowest = lowest();
      if (lowest <= newcomer.rank()) {
        return newcomer;
      }
      displaced = classes.get(lowest).pollLast();
      size--;
    }
    while (classes.size() <= newcomer.rank()) {
      classes.add(new ArrayDeque<>());
    }
    classes.get(newcomer.rank()).addLast(newcomer);
    size++;
    return displaced;
  }

  /** The rank of the lowest class that waits; -1 if nobody does. */
  private int lowest() {
    int rank = classes.size() - 1;
    while (rank >= 0 && classes.get(rank).isEmpty()) {
      rank--;
    }
    return rank;
  }

  /** Takes out the first that still wants a connection; null if nobody does. */
  @Nullable Waiter poll() {
    for (Deque<Waiter> each : classes) {
      while (!each.isEmpty()) {
        Waiter first = each.pollFirst();
        size--;
        if (first.wants()) {
          return first;
        }
      }
    }
    return null;
  }

  /** Takes out, of the lowest class, the one that waits longest; null if nobody still wants one. */
  @Nullable Waiter pollLowest() {
    for (int rank = lowest(); rank >= 0; rank = lowest()) {
      Waiter oldest = classes.get(rank).removeFirst();
      size--;
      if (oldest.wants()) {
        return oldest;
      }
    }
    return null;
  }

  /** Takes out those who no longer want a connection. */
  void purge() {
    removeIf(each -> !each.wants());
  }

  /** Takes out all of whom that is true, asked in the order of the line. */
  void removeIf(Predicate<Waiter> gone) {
    size = 0;
    for (Deque<Waiter> each : classes) {
      each.removeIf(gone);
      size += each.size();
    }
  }

  void clear() {
    removeIf(each -> true);
  }

  /** In the order of the line. */
  @Override
  public Iterator<Waiter> iterator() {
    return classes.stream().flatMap(Deque::stream).iterator();
  }
}
