package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.order.MinimumShares;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is on this node: serves the classes strictly in order. While the head of a class
 * lacks a slot or a token, nothing below it is sent (I6 b). Not thread-safe: the controller guards
 * it.
 */
final class Turns {
  /** A timer that rings so late means that the process stood still. */
  private static final long LATE_NANOS = 5_000_000L;

  private static final long CATCH_UP_NANOS = 1_000_000L;

  private final ClassTable classes;
  private final Allowance allowance;
  private final WaitingRoom room;
  private final WakeUp wakeUp;
  private final MinimumShares shares;

  /** Those who go before all others; at most as many as there are classes. */
  private final Deque<Arrival> claimants = new ArrayDeque<>();

  /** When a wait last ended in a refusal; of no meaning before the first. */
  private long refusedNanos;

  /** The highest class refused then. */
  private int refusedPlace;

  private boolean refusedSome;
  private boolean catchingUp;
  private long caughtUpNanos;

  /** Told of the end of a wait. */
  interface Hearer {
    /** Slots and tokens are taken. */
    void admitted(Arrival arrival);

    void refused(Arrival arrival, ShedReason reason);
  }

  /**
   * Nobody waits yet.
   *
   * @param look run when those who wait must be looked at again; must call {@link #serve}
   */
  Turns(ClassTable classes, Allowance allowance, Scheduler scheduler, Scheduler.Task look) {
    this.classes = classes;
    this.allowance = allowance;
    this.room = new WaitingRoom(classes);
    this.shares = new MinimumShares(classes);
    this.wakeUp = new WakeUp(scheduler, look);
  }

  /** Takes slots and tokens if nobody is before it; says whether it did. */
  boolean atOnce(Arrival arrival, long nowNanos) {
    if (room.occupiedDownTo(arrival.place())) {
      return false;
    }
    if (refusedAbove(arrival.place(), nowNanos)) {
      wakeUp.by(nowNanos + CATCH_UP_NANOS, nowNanos);
      return false;
    }
    ShedReason lacking = allowance.take(arrival, nowNanos);
    if (lacking != null) {
      room.blocked(arrival.place(), lacking);
    }
    return lacking == null;
  }

  /**
   * Lets a request whose turn has not come wait in front of all others, if its class has a claim;
   * says whether it does. A retry that was moved down has none: the claim is of those who belong to
   * the class.
   */
  boolean claims(Arrival arrival, Grant.ClusterView cluster, long nowNanos) {
    if (arrival.place() != arrival.rank()
        || room.patienceOver(arrival, nowNanos)
        || claimants.size() >= classes.size()
        || !shares.claim(
            arrival.place(), arrival.cost(), cluster, allowance.ratePerSecond(), nowNanos)) {
      return false;
    }
    claimants.addLast(arrival);
    wakeUp.by(nowNanos, nowNanos);
    return true;
  }

  /** A ramp begins: nobody has a claim yet. */
  void clearClaims() {
    shares.clear();
  }

  /** Joins the room; says why it cannot, or null. */
  @Nullable ShedReason join(Arrival arrival, long nowNanos) {
    int place = arrival.place();
    if (room.patienceOver(arrival, nowNanos)) {
      return room.lastBlocked(place);
    }
    if (room.waiting(place) >= room.places(place, allowance.ratePerSecond())) {
      return ShedReason.ROOM_FULL;
    }
    boolean first = room.head(place) == null;
    room.join(arrival);
    if (first) {
      wakeUp.by(room.givesUpNanos(arrival), nowNanos);
      wakeUpForToken(arrival, nowNanos);
    }
    return null;
  }

  /** What its class lacked last. */
  ShedReason lastBlocked(Arrival arrival) {
    return room.lastBlocked(arrival.place());
  }

  boolean patienceOver(Arrival arrival, long nowNanos) {
    return room.patienceOver(arrival, nowNanos);
  }

  /** Back to the head of its room; nowhere if its client has left meanwhile. */
  void rejoin(Arrival arrival) {
    if (!arrival.withdrawn()) {
      room.rejoin(arrival);
    }
  }

  /** Its client has left: its place is free. */
  void withdraw(Arrival arrival) {
    arrival.withdraw();
    room.remove(arrival);
    claimants.remove(arrival);
  }

  /**
   * Serves the waiting as far as slots and tokens go. Who could be sent is not refused for want of
   * patience: a process that stood still must not refuse the first and send the last.
   *
   * @param closed why nobody may wait any more; null if they may
   */
  void serve(@Nullable ShedReason closed, long nowNanos, Hearer hearer) {
    long late = wakeUp.lateness(nowNanos);
    wakeUp.looked(nowNanos);
    if ((room.isEmpty() && claimants.isEmpty()) || (closed == null && catchingUp(late, nowNanos))) {
      return;
    }
    serveClaims(closed, nowNanos, hearer);
    ShedReason stopped = null;
    for (int place = 0; place < classes.size(); place++) {
      if (closed == null) {
        stopped = serveClass(place, stopped, nowNanos, hearer);
      }
      refuseTheImpatient(place, closed, nowNanos, hearer);
      if (!room.isEmpty(place)) {
        wakeUp.by(room.nextGivesUpNanos(place), nowNanos);
      }
    }
  }

  /**
   * Whether the process stood still and has not heard yet what came meanwhile: arrivals and endings
   * that have piled up are taken in first, or the first class would be refused for its patience and
   * another be sent in the same breath.
   */
  private boolean catchingUp(long lateNanos, long nowNanos) {
    if (catchingUp) {
      catchingUp = nowNanos - caughtUpNanos < 0;
    } else if (lateNanos > LATE_NANOS) {
      catchingUp = true;
      caughtUpNanos = nowNanos + CATCH_UP_NANOS;
    }
    if (catchingUp) {
      wakeUp.by(caughtUpNanos, nowNanos);
    }
    return catchingUp;
  }

  /**
   * Serves those with a claim, unless somebody's patience ends now, or ended at this very instant:
   * nobody is sent at the instant at which a class above is refused (I6 b), and who was served in
   * the same breath comes back here when it is sent.
   */
  private void serveClaims(@Nullable ShedReason closed, long nowNanos, Hearer hearer) {
    for (Arrival head = claimants.peekFirst(); head != null; head = claimants.peekFirst()) {
      boolean justRefused = refusedSome && nowNanos == refusedNanos;
      if (closed == null && (justRefused || room.anybodyImpatient(nowNanos))) {
        wakeUp.by(nowNanos + CATCH_UP_NANOS, nowNanos);
        return;
      }
      boolean late = room.patienceOver(head, nowNanos);
      ShedReason lacking = closed != null ? closed : allowance.takeUnreserved(head, nowNanos);
      if (lacking == null) {
        claimants.removeFirst();
        hearer.admitted(head);
      } else if (late || closed != null) {
        claimants.removeFirst();
        hearer.refused(head, lacking);
      } else {
        wakeUp.by(room.givesUpNanos(head), nowNanos);
        long wait = allowance.nanosUntilUnreserved(head, nowNanos);
        if (lacking != ShedReason.SLOTS && wait != Long.MAX_VALUE) {
          wakeUp.by(nowNanos + wait, nowNanos);
        }
        return;
      }
    }
  }

  /**
   * Whether somebody of a higher class was refused at this very instant. What came free since then
   * in the same breath would else go to a lower one (I6 b, schedule 7683).
   */
  private boolean refusedAbove(int place, long nowNanos) {
    return refusedSome && nowNanos == refusedNanos && refusedPlace < place;
  }

  private void refuseTheImpatient(
      int place, @Nullable ShedReason closed, long nowNanos, Hearer hearer) {
    for (Arrival gone = room.impatient(place, closed != null, nowNanos);
        gone != null;
        gone = room.impatient(place, closed != null, nowNanos)) {
      refusedPlace = refusedAbove(place, nowNanos) ? refusedPlace : place;
      refusedSome = true;
      refusedNanos = nowNanos;
      hearer.refused(gone, closed != null ? closed : room.lastBlocked(place));
    }
  }

  /**
   * Serves one class.
   *
   * @param stopped what a higher class lacks, so that nothing here may be sent; null if nothing
   * @return what stops the classes below; null if nothing
   */
  private @Nullable ShedReason serveClass(
      int place, @Nullable ShedReason stopped, long nowNanos, Hearer hearer) {
    for (Arrival head = room.head(place); head != null; head = room.head(place)) {
      if (room.deadlineOver(head, nowNanos)) {
        room.leave(place);
        hearer.refused(head, ShedReason.TOO_LATE);
        continue;
      }
      if (stopped == null && refusedAbove(place, nowNanos)) {
        wakeUp.by(nowNanos + CATCH_UP_NANOS, nowNanos);
        return room.lastBlocked(refusedPlace);
      }
      ShedReason lacking = stopped != null ? stopped : allowance.take(head, nowNanos);
      if (lacking != null) {
        room.blocked(place, lacking);
        if (stopped == null) {
          wakeUpForToken(head, nowNanos);
        }
        return lacking;
      }
      room.leave(place);
      hearer.admitted(head);
    }
    return stopped;
  }

  private void wakeUpForToken(Arrival head, long nowNanos) {
    if (room.lastBlocked(head.place()) != ShedReason.SLOTS) {
      long wait = allowance.nanosUntilToken(head, nowNanos);
      if (wait != Long.MAX_VALUE) {
        wakeUp.by(nowNanos + wait, nowNanos);
      }
    }
  }
}
