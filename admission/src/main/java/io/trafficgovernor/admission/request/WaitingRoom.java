package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.ShedReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait for a token and a slot: one bounded queue per class, first in, first out; the
 * classes strictly in order. Not thread-safe.
 */
final class WaitingRoom {
  private static final int MIN_PLACES = 16;

  private final ClassTable classes;
  private final List<Deque<Arrival>> queues = new ArrayList<>();
  private final ShedReason[] lastBlocked;
  private int waiting;

  WaitingRoom(ClassTable classes) {
    this.classes = classes;
    this.lastBlocked = new ShedReason[classes.size()];
    for (int rank = 0; rank < classes.size(); rank++) {
      queues.add(new ArrayDeque<>());
      lastBlocked[rank] = ShedReason.TOKENS;
    }
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  /** Whether somebody of that class, or of a higher one, is waiting. */
  boolean occupiedDownTo(int rank) {
    if (waiting == 0) {
      return false;
    }
    for (int higher = 0; higher <= rank; higher++) {
      if (!queues.get(higher).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Places of a class at that rate of the node: two patiences' worth, 16 at least. */
  int places(int rank, double ratePerSecond) {
    double patienceSeconds = classes.at(rank).patienceNanos() / 1e9;
    return Math.max(MIN_PLACES, (int) (2 * patienceSeconds * ratePerSecond));
  }

  int waiting(int rank) {
    return queues.get(rank).size();
  }

  void join(Arrival arrival) {
    queues.get(arrival.rank()).addLast(arrival);
    waiting++;
  }

  /** A replayed request goes before those that have not been sent yet. */
  void rejoin(Arrival arrival) {
    queues.get(arrival.rank()).addFirst(arrival);
    waiting++;
  }

  /** The first of a class, withdrawn ones skipped; null if nobody waits. */
  @Nullable Arrival head(int rank) {
    Deque<Arrival> queue = queues.get(rank);
    Arrival head = queue.peekFirst();
    while (head != null && head.withdrawn()) {
      leave(rank);
      head = queue.peekFirst();
    }
    return head;
  }

  /** The head of a class goes. */
  void leave(int rank) {
    queues.get(rank).removeFirst();
    waiting--;
  }

  boolean patienceOver(Arrival arrival, long nowNanos) {
    return nowNanos - givesUpNanos(arrival) >= 0;
  }

  long givesUpNanos(Arrival arrival) {
    return arrival.arrivedNanos() + classes.at(arrival.rank()).patienceNanos();
  }

  /** What the class was last refused for; it names the reason when patience ends. */
  ShedReason lastBlocked(int rank) {
    return lastBlocked[rank];
  }

  void blocked(int rank, ShedReason reason) {
    lastBlocked[rank] = reason;
  }
}
