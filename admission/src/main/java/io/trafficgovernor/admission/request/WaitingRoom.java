package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.ShedReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait for a token and a slot: one bounded queue per class, first in, first out, and
 * one before it for those who were called back; the classes strictly in order. Not thread-safe.
 */
final class WaitingRoom {
  private static final int MIN_PLACES = 16;

  private final ClassTable classes;
  private final List<Queue> queues = new ArrayList<>();
  private final ShedReason[] lastBlocked;
  private int waiting;

  WaitingRoom(ClassTable classes) {
    this.classes = classes;
    this.lastBlocked = new ShedReason[classes.size()];
    for (int rank = 0; rank < classes.size(); rank++) {
      queues.add(new Queue(new ArrayDeque<>(), new ArrayDeque<>()));
      lastBlocked[rank] = ShedReason.TOKENS;
    }
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  boolean isEmpty(int rank) {
    return queues.get(rank).isEmpty();
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
    Queue queue = queues.get(arrival.place());
    boolean calledBack = arrival.attempt() == Attempt.CALLED_BACK;
    (calledBack ? queue.calledBack() : queue.newcomers()).addLast(arrival);
    waiting++;
  }

  /** A replayed request goes before those that have not been sent yet. */
  void rejoin(Arrival arrival) {
    queues.get(arrival.place()).calledBack().addFirst(arrival);
    waiting++;
  }

  /** The first of a class; null if nobody waits. */
  @Nullable Arrival head(int rank) {
    return queues.get(rank).front().peekFirst();
  }

  /** The head of a class goes. */
  void leave(int rank) {
    queues.get(rank).front().removeFirst();
    waiting--;
  }

  /**
   * Takes one out whose patience is over, or anybody; null if there is none.
   *
   * @param anybody whether all are to go
   */
  @Nullable Arrival impatient(int rank, boolean anybody, long nowNanos) {
    Queue queue = queues.get(rank);
    for (Deque<Arrival> each : List.of(queue.calledBack(), queue.newcomers())) {
      // who was called back, or is replayed, may stand before those that came earlier
      boolean inOrder = each == queue.newcomers();
      for (Iterator<Arrival> next = each.iterator(); next.hasNext(); ) {
        Arrival arrival = next.next();
        if (anybody || patienceOver(arrival, nowNanos)) {
          next.remove();
          waiting--;
          return arrival;
        }
        if (inOrder) {
          break;
        }
      }
    }
    return null;
  }

  /** Takes one out whose client has left, so that its place is free; nothing if it is not here. */
  void remove(Arrival arrival) {
    Queue queue = queues.get(arrival.place());
    if (queue.calledBack().remove(arrival) || queue.newcomers().remove(arrival)) {
      waiting--;
    }
  }

  /** Whether the patience of somebody who waits is over. */
  boolean anybodyImpatient(long nowNanos) {
    for (int rank = 0; rank < queues.size(); rank++) {
      if (!isEmpty(rank) && nowNanos - nextGivesUpNanos(rank) >= 0) {
        return true;
      }
    }
    return false;
  }

  boolean patienceOver(Arrival arrival, long nowNanos) {
    return nowNanos - givesUpNanos(arrival) >= 0;
  }

  /** Whether no answer can come in time any more. */
  boolean deadlineOver(Arrival arrival, long nowNanos) {
    return nowNanos - arrival.arrivedNanos() >= classes.at(arrival.place()).timeoutNanos();
  }

  long givesUpNanos(Arrival arrival) {
    return arrival.arrivedNanos() + classes.at(arrival.place()).patienceNanos();
  }

  /** When the patience of the next one of an occupied class ends. */
  long nextGivesUpNanos(int rank) {
    Queue queue = queues.get(rank);
    Arrival first = queue.newcomers().peekFirst();
    for (Arrival each : queue.calledBack()) {
      first = first == null || givesUpNanos(each) - givesUpNanos(first) < 0 ? each : first;
    }
    return givesUpNanos(requireNonNull(first, "an occupied class"));
  }

  /** What the class was last refused for; it names the reason when patience ends. */
  ShedReason lastBlocked(int rank) {
    return lastBlocked[rank];
  }

  void blocked(int rank, ShedReason reason) {
    lastBlocked[rank] = reason;
  }

  /** The waiting of one class. */
  private record Queue(Deque<Arrival> calledBack, Deque<Arrival> newcomers) {
    private Deque<Arrival> front() {
      return calledBack.isEmpty() ? newcomers : calledBack;
    }

    private int size() {
      return calledBack.size() + newcomers.size();
    }

    private boolean isEmpty() {
      return calledBack.isEmpty() && newcomers.isEmpty();
    }
  }
}
