package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.pool.TokenPool;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  /** How far ahead of the higher classes' demand tokens are kept for them. */
  private static final double RESERVE_SECONDS = 0.020;

  private static final int MAX_REPLAYS = 3;
  private static final long REPLAY_DELAY_NANOS = 5_000_000L;
  private static final double GOLDEN = 0.6180339887498949;

  private final ClassTable classes;
  private final Scheduler scheduler;
  private final boolean shadow;

  private final Object lock = new Object();
  // all below: guarded by lock
  private final TokenPool tokens = new TokenPool();
  private final WaitingRoom room;
  private final NodeCounters counters;
  private final ArrivalRates rates;
  private final RecentOutcomes recent = new RecentOutcomes();
  private @Nullable Lease lease;
  private int inFlight;
  private boolean draining;
  private long wakeNanos;
  private boolean wakePending;
  private long wakes;
  private double retrySpread;

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
    this.room = new WaitingRoom(classes);
    this.counters = new NodeCounters(classes.size());
    this.rates = new ArrivalRates(classes.size());
  }

  /**
   * What becomes of the request now. After {@link Decision.Waiting} its waiter is told exactly
   * once, unless it is withdrawn before.
   */
  public Decision decide(Arrival arrival, long nowNanos) {
    synchronized (lock) {
      settle(nowNanos);
      counters.arrived(arrival.rank(), arrival.firstAttempt());
      rates.arrived(arrival.rank(), arrival.firstAttempt());
      ShedReason closed = closedFor(arrival, nowNanos);
      if (closed != null) {
        return refused(arrival, closed, nowNanos);
      }
      if (!room.occupiedDownTo(arrival.rank())) {
        ShedReason lacking = take(arrival.rank(), nowNanos);
        if (lacking == null) {
          return new Decision.Admitted(permit(arrival, nowNanos));
        }
        room.blocked(arrival.rank(), lacking);
      }
      return queued(arrival, nowNanos);
    }
  }

  private Decision queued(Arrival arrival, long nowNanos) {
    int rank = arrival.rank();
    if (shadow || room.patienceOver(arrival, nowNanos)) {
      return refused(arrival, room.lastBlocked(rank), nowNanos);
    }
    if (room.waiting(rank) >= room.places(rank, tokens.ratePerSecond())) {
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

  /**
   * Sends a refused request once more, if it is of the two top classes, has patience left and was
   * replayed less than three times. Its waiter is told, as after {@link Decision.Waiting}.
   *
   * @return whether it will be replayed; if not, the backend's refusal stands
   */
  public boolean replay(Arrival arrival, long nowNanos) {
    synchronized (lock) {
      Lease held = lease;
      long inTime = nowNanos + REPLAY_DELAY_NANOS;
      if (held == null
          || draining
          || !held.grant().cluster().topRanks().contains(arrival.rank())
          || arrival.replays() >= MAX_REPLAYS
          || room.patienceOver(arrival, inTime)) {
        return false;
      }
      arrival.countReplay();
      counters.replayed(arrival.rank());
    }
    scheduler.after(REPLAY_DELAY_NANOS, now -> rejoin(arrival, now));
    return true;
  }

  private void rejoin(Arrival arrival, long nowNanos) {
    List<Notice> notices = new ArrayList<>();
    synchronized (lock) {
      settle(nowNanos);
      room.rejoin(arrival);
      serve(nowNanos, notices);
    }
    tell(notices, nowNanos);
  }

  /** The client of a waiting request has left: its waiter will not be told. */
  public void withdraw(Arrival arrival) {
    synchronized (lock) {
      arrival.withdraw();
    }
  }

  /** Takes a newer lease into use. One that is not newer, or has ended, is ignored. */
  public void adopt(Lease next, long nowNanos) {
    List<Notice> notices = new ArrayList<>();
    synchronized (lock) {
      if (!next.valid(nowNanos) || !newer(next)) {
        return;
      }
      settle(nowNanos);
      Phase before = lease == null ? Phase.OUTAGE : lease.grant().cluster().phase();
      lease = next;
      tokens.rerate(next.grant().ratePerSecond(), nowNanos);
      if (next.grant().cluster().phase() == Phase.OUTAGE || before == Phase.OUTAGE) {
        tokens.drain(nowNanos);
        recent.clear();
      }
      serve(nowNanos, notices);
    }
    tell(notices, nowNanos);
  }

  private boolean newer(Lease next) {
    if (lease == null) {
      return true;
    }
    boolean sameLedger = lease.grant().id().lineage() == next.grant().id().lineage();
    return sameLedger
        ? next.grant().id().counter() > lease.grant().id().counter()
        : next.sentNanos() - lease.sentNanos() > 0;
  }

  /** What the node has seen, for its next renewal. */
  public NodeReport report(long nowNanos) {
    List<Notice> notices = new ArrayList<>();
    NodeReport report;
    synchronized (lock) {
      settle(nowNanos);
      rates.update(nowNanos);
      serve(nowNanos, notices);
      report = new NodeReport(counters.reports(), inFlight, counters.slotRefusals());
    }
    tell(notices, nowNanos);
    return report;
  }

  /** Everything at one instant, for status and meters. */
  public NodeSnapshot snapshot(long nowNanos) {
    synchronized (lock) {
      settle(nowNanos);
      return new NodeSnapshot(
          Optional.ofNullable(lease),
          isolated(nowNanos),
          tokens.ratePerSecond(),
          tokens.granted(nowNanos),
          rates.retryShare(),
          inFlight,
          counters.defects(),
          counters.counts());
    }
  }

  /** From now on every new request is refused; those that wait are refused at once. */
  public void drain(long nowNanos) {
    List<Notice> notices = new ArrayList<>();
    synchronized (lock) {
      draining = true;
      serve(nowNanos, notices);
    }
    tell(notices, nowNanos);
  }

  boolean send(Permit permit, long nowNanos) {
    List<Notice> notices = new ArrayList<>();
    boolean sent;
    synchronized (lock) {
      settle(nowNanos);
      sent = shadow || mayStillSend(permit.rank(), nowNanos);
      if (sent) {
        if (permit.markSent()) {
          counters.sent(permit.rank());
        } else {
          counters.defect();
        }
      } else if (permit.markEnded()) {
        inFlight--;
        tokens.giveBack(nowNanos);
        counters.notSent(permit.rank());
        counters.shed(permit.rank(), ShedReason.LEASE_ENDED);
        serve(nowNanos, notices);
      } else {
        counters.defect();
      }
    }
    tell(notices, nowNanos);
    return sent;
  }

  private boolean mayStillSend(int rank, long nowNanos) {
    Lease held = lease;
    if (held == null || held.grant().cluster().phase() == Phase.OUTAGE) {
      return false;
    }
    return held.valid(nowNanos) || shareFor(held, rank, nowNanos) > 0;
  }

  void end(Permit permit, Outcome outcome, long latencyNanos, long nowNanos) {
    List<Notice> notices = new ArrayList<>();
    synchronized (lock) {
      settle(nowNanos);
      if (permit.markEnded()) {
        inFlight--;
        count(permit, outcome, latencyNanos, nowNanos);
        serve(nowNanos, notices);
      } else {
        counters.defect();
      }
    }
    tell(notices, nowNanos);
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
    List<Notice> notices = new ArrayList<>();
    synchronized (lock) {
      settle(nowNanos);
      if (permit.markReleased()) {
        inFlight--;
        serve(nowNanos, notices);
      } else {
        counters.defect();
      }
    }
    tell(notices, nowNanos);
  }

  private void count(Permit permit, Outcome outcome, long latencyNanos, long nowNanos) {
    counters.ended(permit.rank(), outcome, latencyNanos);
    if (outcome != Outcome.IGNORED) {
      recent.add(outcome == Outcome.SUCCESS, nowNanos);
    }
  }

  private static void tell(List<Notice> notices, long nowNanos) {
    for (Notice notice : notices) {
      notice.arrival().waiter().decided(notice.decision(), nowNanos);
    }
  }

  /**
   * The bucket runs at the lease's rate while it lasts, and from its end on at the fail-safe share.
   */
  private void settle(long nowNanos) {
    Lease held = lease;
    if (held == null || held.valid(nowNanos)) {
      return;
    }
    boolean share = nowNanos - held.shareEndsNanos() < 0 && recent.healthy(nowNanos);
    double rate = share ? held.grant().failSafePerSecond() : 0;
    if (rate != tokens.ratePerSecond()) {
      tokens.rerate(rate, nowNanos);
    }
  }

  private boolean isolated(long nowNanos) {
    return lease == null || !lease.valid(nowNanos);
  }

  private double shareFor(Lease held, int rank, long nowNanos) {
    boolean top = held.grant().cluster().topRanks().contains(rank);
    boolean inTime = nowNanos - held.shareEndsNanos() < 0;
    return top && inTime && recent.healthy(nowNanos) ? held.grant().failSafePerSecond() : 0;
  }

  /** Why the request cannot even wait; null if it can. */
  private @Nullable ShedReason closedFor(Arrival arrival, long nowNanos) {
    Lease held = lease;
    if (draining) {
      return ShedReason.DRAINING;
    }
    if (held == null) {
      return ShedReason.ISOLATED;
    }
    Grant.ClusterView cluster = held.grant().cluster();
    if (cluster.phase() == Phase.OUTAGE) {
      return ShedReason.OUTAGE;
    }
    if (!held.valid(nowNanos)) {
      return shareFor(held, arrival.rank(), nowNanos) > 0 ? null : ShedReason.ISOLATED;
    }
    long key = SessionKey.of(arrival.rank(), arrival.sessionHash(), cluster.incidentSalt());
    return key >= cluster.cutoffKey() ? ShedReason.CUTOFF : null;
  }

  /** Takes a slot and a token for that class; says what is lacking, or null if it has both. */
  private @Nullable ShedReason take(int rank, long nowNanos) {
    Lease held = requireNonNull(lease, "a node without a lease admits nothing");
    boolean valid = held.valid(nowNanos);
    boolean top = held.grant().cluster().topRanks().contains(rank);
    int slots = (valid ? held.grant().slots() : 0) + (top ? 1 : 0);
    if (inFlight >= slots) {
      return ShedReason.SLOTS;
    }
    boolean bound = !valid || held.grant().cluster().phase().boundByRate();
    if (bound && !tokens.take(reserve(rank), nowNanos)) {
      return valid ? ShedReason.TOKENS : ShedReason.ISOLATED;
    }
    inFlight++;
    return null;
  }

  /** Tokens that stay behind for the classes above: 20 ms of their demand, and up to two more. */
  private double reserve(int rank) {
    return rank == 0
        ? 0
        : Math.min(tokens.burst() - 1, RESERVE_SECONDS * rates.above(rank) + Math.min(rank, 2));
  }

  private Permit permit(Arrival arrival, long nowNanos) {
    counters.admitted(arrival.rank());
    return new Permit(this, arrival, nowNanos);
  }

  /** Refused; in shadow mode it is counted and sent all the same, beyond tokens and slots. */
  private Decision refused(Arrival arrival, ShedReason reason, long nowNanos) {
    counters.shed(arrival.rank(), reason);
    if (shadow) {
      inFlight++;
      return new Decision.Admitted(permit(arrival, nowNanos));
    }
    return new Decision.Shed(reason, retryAfterNanos());
  }

  /** 1 to 5 s, spread evenly by golden-ratio steps so that refused clients do not come in step. */
  private long retryAfterNanos() {
    retrySpread = (retrySpread + GOLDEN) % 1.0;
    return (long) ((1 + 4 * retrySpread) * 1e9);
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
        notices.add(new Notice(head, new Decision.Shed(reason, retryAfterNanos())));
        continue;
      }
      ShedReason lacking = stopped != null ? stopped : take(rank, nowNanos);
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
    boolean outage = lease != null && lease.grant().cluster().phase() == Phase.OUTAGE;
    return outage ? ShedReason.OUTAGE : null;
  }

  private void wakeUpForToken(int rank, long nowNanos) {
    if (room.lastBlocked(rank) == ShedReason.TOKENS) {
      long wait = tokens.nanosUntil(reserve(rank), nowNanos);
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
    List<Notice> notices = new ArrayList<>();
    synchronized (lock) {
      if (number != wakes) {
        return;
      }
      wakePending = false;
      settle(nowNanos);
      serve(nowNanos, notices);
    }
    tell(notices, nowNanos);
  }
}
