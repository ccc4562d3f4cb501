package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.herd.ReturnSchedule;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.order.SessionKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides on every request of a node, by the lease the node holds.
 *
 * <p>A request whose key lies above the cutoff is refused at once. One below it takes a slot and a
 * token if they are there and nobody of its class or a higher one waits; else it waits in its
 * class's room while its patience lasts. The classes are served strictly in order: while the head
 * of a class lacks a slot or a token, nothing below it is sent (I6 b).
 *
 * <p>Thread-safe: one short critical section, no I/O in it, and waiters are told outside it.
 * Nothing here talks to the grid.
 */
public final class AdmissionController {
  private static final int MAX_REPLAYS = 3;
  private static final long REPLAY_DELAY_NANOS = 5_000_000L;

  private final ClassTable classes;
  private final Scheduler scheduler;
  private final boolean shadow;

  private final Object lock = new Object();
  // all below: guarded by lock
  private final Allowance allowance;
  private final WaitingRoom room;
  private final NodeCounters counters;
  private final ReturnSchedule returns;
  private boolean draining;
  private long wakeNanos;
  private boolean wakePending;
  private long wakes;

  /** A decision to be told once the lock is free. */
  private record Notice(Arrival arrival, Decision decision) {}

  /**
   * A node without a lease: it refuses everything until {@link #adopt}.
   *
   * @param shadow whether to count refusals without refusing
   */
  public AdmissionController(ClassTable classes, Scheduler scheduler, boolean shadow) {
    this.classes = requireNonNull(classes, "classes");
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.shadow = shadow;
    this.allowance = new Allowance(classes.size());
    this.room = new WaitingRoom(classes);
    this.counters = new NodeCounters(classes.size());
    this.returns = new ReturnSchedule(classes.size());
  }

  /**
   * What becomes of the request now. After {@link Decision.Waiting} its waiter is told exactly
   * once, unless it is withdrawn before.
   */
  public Decision decide(Arrival arrival, long nowNanos) {
    int rank = arrival.rank();
    synchronized (lock) {
      allowance.settle(nowNanos);
      counters.arrived(rank, arrival.firstAttempt());
      allowance.arrived(arrival);
      ShedReason closed = draining ? ShedReason.DRAINING : allowance.closedFor(arrival, nowNanos);
      if (closed != null) {
        return refused(arrival, closed, nowNanos);
      }
      if (!room.occupiedDownTo(rank)) {
        ShedReason lacking = allowance.take(rank, nowNanos);
        if (lacking == null) {
          return new Decision.Admitted(permit(arrival, nowNanos));
        }
        room.blocked(rank, lacking);
      }
      return queued(arrival, nowNanos);
    }
  }

  private Decision queued(Arrival arrival, long nowNanos) {
    int rank = arrival.rank();
    if (shadow || room.patienceOver(arrival, nowNanos)) {
      return refused(arrival, room.lastBlocked(rank), nowNanos);
    }
    if (room.waiting(rank) >= room.places(rank, allowance.ratePerSecond())) {
      return refused(arrival, ShedReason.ROOM_FULL, nowNanos);
    }
    boolean first = room.head(rank) == null;
    room.join(arrival);
    if (first) {
      wakeUp(room.givesUpNanos(arrival), nowNanos);
      wakeUpForToken(rank, nowNanos);
    }
    return new Decision.Waiting();
  }

  /** Refused; in shadow mode it is counted and sent all the same, beyond tokens and slots. */
  private Decision refused(Arrival arrival, ShedReason reason, long nowNanos) {
    counters.shed(arrival.rank(), reason);
    if (shadow) {
      allowance.overdraw();
      return new Decision.Admitted(permit(arrival, nowNanos));
    }
    return shed(arrival, reason, nowNanos);
  }

  private Decision.Shed shed(Arrival arrival, ShedReason reason, long nowNanos) {
    return new Decision.Shed(reason, returnNanos(arrival, reason, nowNanos));
  }

  private long returnNanos(Arrival arrival, ShedReason reason, long nowNanos) {
    Lease held = allowance.lease().orElse(null);
    if (held == null) {
      return returns.soonNanos();
    }
    Grant.ClusterView cluster = held.grant().cluster();
    long key = SessionKey.of(arrival.rank(), arrival.sessionHash(), cluster.incidentSalt());
    return returns.delayNanos(
        arrival.rank(), key, reason, cluster, allowance.ratePerSecond(), nowNanos);
  }

  /**
   * When a client that the backend refused should come back, in nanoseconds from now.
   *
   * @param atLeastNanos what the backend itself asked for; 0 if nothing
   */
  public long retryAfterNanos(Arrival arrival, long atLeastNanos, long nowNanos) {
    synchronized (lock) {
      return Math.max(atLeastNanos, returnNanos(arrival, ShedReason.TOKENS, nowNanos));
    }
  }

  /** When a client should come back of which nothing is known: 1 to 5 s, spread. */
  public long retryAfterNanos() {
    synchronized (lock) {
      return returns.soonNanos();
    }
  }

  private Permit permit(Arrival arrival, long nowNanos) {
    counters.admitted(arrival.rank());
    return new Permit(this, arrival, nowNanos);
  }

  /**
   * Sends a refused request once more, if it is of the two top classes, has patience left and was
   * replayed less than three times; in shadow mode never. Its waiter is told, as after {@link
   * Decision.Waiting}.
   *
   * @return whether it will be replayed; if not, the backend's refusal stands
   */
  public boolean replay(Arrival arrival, long nowNanos) {
    synchronized (lock) {
      if (draining
          || shadow
          || arrival.withdrawn()
          || !allowance.top(arrival.rank())
          || arrival.replays() >= MAX_REPLAYS
          || room.patienceOver(arrival, nowNanos + REPLAY_DELAY_NANOS)) {
        return false;
      }
      arrival.countReplay();
      counters.replayed(arrival.rank());
    }
    scheduler.after(REPLAY_DELAY_NANOS, now -> rejoin(arrival, now));
    return true;
  }

  private void rejoin(Arrival arrival, long nowNanos) {
    under(nowNanos, () -> room.rejoin(arrival));
  }

  /** The client of a waiting request has left: its waiter will not be told. */
  public void withdraw(Arrival arrival) {
    synchronized (lock) {
      arrival.withdraw();
    }
  }

  /** Takes a newer lease into use. One that is not newer, or has ended, is ignored. */
  public void adopt(Lease next, long nowNanos) {
    under(nowNanos, () -> allowance.adopt(next, nowNanos));
  }

  /**
   * Gives the lease up at once, fail-safe share included: it looks valid, and is not. Those that
   * wait are refused.
   */
  public void surrender(long nowNanos) {
    under(nowNanos, () -> allowance.surrender(nowNanos));
  }

  /** First attempts of all classes since the start of the process. */
  public long firstAttempts() {
    synchronized (lock) {
      return counters.firstAttempts();
    }
  }

  /** What the node has seen, for its next renewal. */
  public NodeReport report(long nowNanos) {
    under(nowNanos, () -> allowance.updateRates(nowNanos));
    synchronized (lock) {
      return new NodeReport(counters.reports(), allowance.inFlight(), counters.slotRefusals());
    }
  }

  /** Everything at one instant, for status and meters. */
  public NodeSnapshot snapshot(long nowNanos) {
    synchronized (lock) {
      allowance.settle(nowNanos);
      return new NodeSnapshot(
          allowance.lease(),
          allowance.isolated(nowNanos),
          allowance.ratePerSecond(),
          allowance.granted(nowNanos),
          allowance.retryShare(),
          allowance.inFlight(),
          counters.defects(),
          counters.counts());
    }
  }

  /** From now on every new request is refused; those that wait are refused at once. */
  public void drain(long nowNanos) {
    under(nowNanos, () -> draining = true);
  }

  boolean send(Permit permit, long nowNanos) {
    boolean[] sent = {false};
    under(
        nowNanos,
        () -> {
          sent[0] = shadow || allowance.maySend(permit.rank(), nowNanos);
          if (sent[0] ? permit.markSent() : permit.markEnded()) {
            countSending(permit.rank(), sent[0], nowNanos);
          } else {
            counters.defect();
          }
        });
    return sent[0];
  }

  private void countSending(int rank, boolean sent, long nowNanos) {
    if (sent) {
      counters.sent(rank);
    } else {
      allowance.takeBack(nowNanos);
      counters.notSent(rank);
      counters.shed(rank, ShedReason.LEASE_ENDED);
    }
  }

  void end(Permit permit, Outcome outcome, long latencyNanos, long nowNanos) {
    under(
        nowNanos,
        () -> {
          if (permit.markEnded()) {
            allowance.freeSlot();
            count(permit, outcome, latencyNanos, nowNanos);
          } else {
            counters.defect();
          }
        });
  }

  void abandon(Permit permit, Outcome outcome, long nowNanos) {
    synchronized (lock) {
      if (permit.markAbandoned()) {
        count(permit, outcome, 0, nowNanos);
      } else {
        counters.defect();
      }
    }
  }

  void release(Permit permit, long nowNanos) {
    under(
        nowNanos,
        () -> {
          if (permit.markReleased()) {
            allowance.freeSlot();
          } else {
            counters.defect();
          }
        });
  }

  private void count(Permit permit, Outcome outcome, long latencyNanos, long nowNanos) {
    counters.ended(permit.rank(), outcome, latencyNanos);
    allowance.ended(outcome, nowNanos);
  }

  /**
   * Makes a change under the lock, serves those it lets go, and tells them once the lock is free.
   */
  private void under(long nowNanos, Runnable change) {
    List<Notice> notices = new ArrayList<>(0);
    synchronized (lock) {
      allowance.settle(nowNanos);
      change.run();
      serve(nowNanos, notices);
    }
    for (Notice notice : notices) {
      notice.arrival().waiter().decided(notice.decision(), nowNanos);
    }
  }

  /** Serves the waiting, class by class, as far as slots and tokens go. */
  private void serve(long nowNanos, List<Notice> notices) {
    if (room.isEmpty()) {
      return;
    }
    ShedReason stopped = null;
    for (int rank = 0; rank < classes.size(); rank++) {
      stopped = serveClass(rank, stopped, nowNanos, notices);
    }
  }

  /**
   * Serves one class, in which heads whose patience is over are refused.
   *
   * @param stopped what a higher class lacks, so that nothing here may be sent; null if nothing
   * @return what stops the classes below; null if nothing
   */
  private @Nullable ShedReason serveClass(
      int rank, @Nullable ShedReason stopped, long nowNanos, List<Notice> notices) {
    for (Arrival head = room.head(rank); head != null; head = room.head(rank)) {
      ShedReason closed = closedWhileWaiting();
      if (closed != null || room.patienceOver(head, nowNanos)) {
        room.leave(rank);
        ShedReason reason = closed != null ? closed : room.lastBlocked(rank);
        counters.shed(rank, reason);
        notices.add(new Notice(head, shed(head, reason, nowNanos)));
        continue;
      }
      ShedReason lacking = stopped != null ? stopped : allowance.take(rank, nowNanos);
      if (lacking != null) {
        room.blocked(rank, lacking);
        wakeUp(room.givesUpNanos(head), nowNanos);
        if (stopped == null) {
          wakeUpForToken(rank, nowNanos);
        }
        return lacking;
      }
      room.leave(rank);
      notices.add(new Notice(head, new Decision.Admitted(permit(head, nowNanos))));
    }
    return stopped;
  }

  private @Nullable ShedReason closedWhileWaiting() {
    if (draining) {
      return ShedReason.DRAINING;
    }
    if (allowance.lease().isEmpty()) {
      return ShedReason.ISOLATED;
    }
    return allowance.outage() ? ShedReason.OUTAGE : null;
  }

  private void wakeUpForToken(int rank, long nowNanos) {
    if (room.lastBlocked(rank) != ShedReason.SLOTS) {
      long wait = allowance.nanosUntilToken(rank, nowNanos);
      if (wait != Long.MAX_VALUE) {
        wakeUp(nowNanos + wait, nowNanos);
      }
    }
  }

  /** Makes sure that the waiting are looked at again by then; only the latest timer counts. */
  private void wakeUp(long atNanos, long nowNanos) {
    if (wakePending && wakeNanos - atNanos <= 0) {
      return;
    }
    wakePending = true;
    wakeNanos = atNanos;
    wakes++;
    long number = wakes;
    scheduler.after(Math.max(0, atNanos - nowNanos), now -> wake(number, now));
  }

  private void wake(long number, long nowNanos) {
    under(
        nowNanos,
        () -> {
          if (number == wakes) {
            wakePending = false;
          }
        });
  }
}
