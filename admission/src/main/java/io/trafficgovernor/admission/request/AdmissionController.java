package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.NodeReport;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides on every request of a node, by the lease the node holds.
 *
 * <p>A request whose key lies above the cutoff is refused at once. One below it takes a slot and a
 * token if they are there and nobody of its class or a higher one waits; else it waits in its
 * class's room while its patience lasts. Whoever is refused is told when to come back.
 *
 * <p>Thread-safe: one short critical section, no I/O in it, and waiters are told outside it.
 * Nothing here talks to the grid.
 */
public final class AdmissionController {
  private static final int MAX_REPLAYS = 3;
  private static final Set<ShedReason> COMMANDED =
      EnumSet.of(ShedReason.FROZEN, ShedReason.DRAINING);
  private static final long REPLAY_DELAY_NANOS = 5_000_000L;

  private final Scheduler scheduler;
  private final boolean shadow;
  private final Rules rules;

  private final Object lock = new Object();
  // all below: guarded by lock
  private final Allowance allowance;
  private final Turns turns;
  private final Retries retries;
  private final Returns returns;
  private final NodeCounters counters;
  private boolean draining;

  /** The same, with retries that count as what they are of. */
  public AdmissionController(ClassTable classes, Scheduler scheduler, boolean shadow) {
    this(classes, scheduler, shadow, RetryRule.EQUAL);
  }

  /** The same, with all rules of the law. */
  public AdmissionController(
      ClassTable classes, Scheduler scheduler, boolean shadow, RetryRule retryRule) {
    this(classes, scheduler, shadow, retryRule, Rules.ALL);
  }

  /**
   * A node without a lease: it refuses everything until {@link #adopt}.
   *
   * @param shadow whether to count refusals without refusing
   * @param rules those of the law that hold: all, but in studies
   */
  public AdmissionController(
      ClassTable classes, Scheduler scheduler, boolean shadow, RetryRule retryRule, Rules rules) {
    this.rules = requireNonNull(rules, "rules");
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.shadow = shadow;
    this.allowance = new Allowance(classes.size(), rules);
    this.turns = new Turns(classes, allowance, scheduler, now -> under(now, () -> {}));
    this.retries = new Retries(retryRule, classes.size());
    this.returns = new Returns(classes.size(), rules);
    this.counters = new NodeCounters(classes.size());
  }

  /**
   * What becomes of the request now. After {@link Decision.Waiting} its waiter is told exactly
   * once, unless it is withdrawn before.
   */
  public Decision decide(Arrival arrival, long nowNanos) {
    synchronized (lock) {
      allowance.settle(nowNanos);
      arrival.place(retries.place(arrival));
      counters.arrived(arrival, nowNanos);
      allowance.arrived(arrival, nowNanos);
      ShedReason closed = closedFor(arrival, nowNanos);
      if (closed != null && claims(arrival, closed, nowNanos)) {
        return new Decision.Waiting();
      }
      if (closed != null) {
        return refused(arrival, closed, nowNanos);
      }
      if (turns.atOnce(arrival, nowNanos)) {
        return new Decision.Admitted(permit(arrival, nowNanos));
      }
      if (shadow || !rules.hold(Rule.ROOM)) {
        return refused(arrival, turns.lastBlocked(arrival), nowNanos);
      }
      ShedReason noRoom = turns.join(arrival, nowNanos);
      return noRoom == null ? new Decision.Waiting() : refused(arrival, noRoom, nowNanos);
    }
  }

  /** Whether a request whose turn has not come waits for its class's minimum share. */
  private boolean claims(Arrival arrival, ShedReason closed, long nowNanos) {
    boolean notItsTurn = closed == ShedReason.CUTOFF || closed == ShedReason.GATE;
    Lease held = allowance.lease().orElse(null);
    return notItsTurn
        && held != null
        && !shadow
        && rules.hold(Rule.MINIMUM_SHARES)
        && turns.claims(arrival, held.grant().cluster(), nowNanos);
  }

  /** Refuses a request because an operator has closed its class; shadow mode or not. */
  public Decision.Shed close(Arrival arrival, long nowNanos) {
    synchronized (lock) {
      counters.arrived(arrival, nowNanos);
      return shed(arrival, ShedReason.OVERRIDE, nowNanos);
    }
  }

  private @Nullable ShedReason closedFor(Arrival arrival, long nowNanos) {
    if (draining) {
      return ShedReason.DRAINING;
    }
    ShedReason closed = allowance.closedFor(arrival, nowNanos);
    if (closed == null && allowance.bound(nowNanos) && retries.tooMany(arrival, nowNanos)) {
      return ShedReason.RETRY_BUDGET;
    }
    return closed;
  }

  /**
   * Refused; in shadow mode it is counted and sent all the same, beyond tokens and slots. What an
   * operator does to this node is no decision of the law: it holds in shadow mode too.
   */
  private Decision refused(Arrival arrival, ShedReason reason, long nowNanos) {
    if (shadow && !COMMANDED.contains(reason)) {
      counters.shed(arrival, reason);
      allowance.overdraw(arrival);
      return new Decision.Admitted(permit(arrival, nowNanos));
    }
    return shed(arrival, reason, nowNanos);
  }

  private Decision.Shed shed(Arrival arrival, ShedReason reason, long nowNanos) {
    counters.shed(arrival, reason);
    return new Decision.Shed(reason, returnNanos(arrival, reason, nowNanos));
  }

  private long returnNanos(Arrival arrival, ShedReason reason, long nowNanos) {
    Lease held = allowance.lease().orElse(null);
    return returns.nanos(arrival, reason, held, allowance.ratePerSecond(), nowNanos);
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

  /** What that class waits for, in words; empty if its gate is open, or before the first lease. */
  public String blockedBy(int rank) {
    synchronized (lock) {
      return allowance.lease().map(l -> l.grant().cluster().blockedBy(rank)).orElse("");
    }
  }

  /** Salt of the present incident, which never leaves the cluster; empty before the first lease. */
  public OptionalLong incidentSalt() {
    synchronized (lock) {
      Lease held = allowance.lease().orElse(null);
      return held == null
          ? OptionalLong.empty()
          : OptionalLong.of(held.grant().cluster().incidentSalt());
    }
  }

  private Permit permit(Arrival arrival, long nowNanos) {
    counters.admitted(arrival);
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
          || !rules.hold(Rule.REPLAY)
          || arrival.withdrawn()
          || !allowance.top(arrival.place())
          || arrival.replays() >= MAX_REPLAYS
          || turns.patienceOver(arrival, nowNanos + REPLAY_DELAY_NANOS)) {
        return false;
      }
      arrival.countReplay();
      counters.replayed(arrival);
    }
    scheduler.after(REPLAY_DELAY_NANOS, now -> under(now, () -> turns.rejoin(arrival)));
    return true;
  }

  /** The client of a waiting request has left: its waiter will not be told. */
  public void withdraw(Arrival arrival) {
    synchronized (lock) {
      turns.withdraw(arrival);
    }
  }

  /** Takes a newer lease into use. One that is not newer, or has ended, is ignored. */
  public void adopt(Lease next, long nowNanos) {
    under(
        nowNanos,
        () -> {
          if (allowance.adopt(next, nowNanos) && allowance.outage()) {
            turns.clearClaims();
          }
        });
  }

  /**
   * Gives the lease up at once, fail-safe share included: it looks valid, and is not. Those that
   * wait are refused.
   */
  public void surrender(long nowNanos) {
    under(nowNanos, () -> allowance.surrender(nowNanos));
  }

  /** The rules of the law that hold. */
  public Rules rules() {
    return rules;
  }

  /** First attempts of all classes since the start of the process, in tokens. */
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
          counters.amplification(nowNanos),
          allowance.inFlight(),
          counters.heldTokens(),
          counters.defects(),
          counters.counts(nowNanos));
    }
  }

  /**
   * Bounds this node's rate, whatever its leases say, until the next call. It never raises
   * anything: the lower of bound and lease counts. 0 refuses everything, also what waits.
   *
   * @param perSecond 0 or more; positive infinity takes the bound away
   */
  public void cap(double perSecond, long nowNanos) {
    if (!(perSecond >= 0)) {
      throw new IllegalArgumentException("cap: got " + perSecond + "/s, allowed 0 or more");
    }
    under(nowNanos, () -> allowance.cap(perSecond, nowNanos));
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
          boolean may =
              shadow ? !allowance.stopped() : allowance.maySend(permit.arrival(), nowNanos);
          boolean moved = may ? permit.markSent() : permit.markEnded();
          if (moved) {
            countSending(permit.arrival(), may, nowNanos);
          } else {
            counters.defect();
          }
          sent[0] = may && moved;
        });
    return sent[0];
  }

  private void countSending(Arrival arrival, boolean sent, long nowNanos) {
    if (sent) {
      counters.sent(arrival);
    } else {
      allowance.takeBack(arrival, nowNanos);
      counters.notSent(arrival);
      counters.shed(arrival, ShedReason.LEASE_ENDED);
    }
  }

  void end(Permit permit, Outcome outcome, long latencyNanos, long nowNanos) {
    under(
        nowNanos,
        () -> {
          if (permit.markEnded()) {
            allowance.freeSlot(permit.arrival());
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
            allowance.freeSlot(permit.arrival());
          } else {
            counters.defect();
          }
        });
  }

  private void count(Permit permit, Outcome outcome, long latencyNanos, long nowNanos) {
    counters.ended(permit, outcome, latencyNanos);
    allowance.ended(outcome, nowNanos);
    retries.ended(permit.arrival(), outcome, nowNanos);
  }

  /**
   * Makes a change under the lock, serves those it lets go, and tells them once the lock is free.
   */
  private void under(long nowNanos, Runnable change) {
    Notices notices = new Notices();
    synchronized (lock) {
      allowance.settle(nowNanos);
      change.run();
      ShedReason closed = draining ? ShedReason.DRAINING : allowance.closedForAll();
      turns.serve(closed, nowNanos, new Telling(notices, nowNanos));
    }
    notices.tell(nowNanos);
  }

  /** Notes what those who waited are to be told. Used under the lock. */
  private final class Telling implements Turns.Hearer {
    private final Notices notices;
    private final long nowNanos;

    private Telling(Notices notices, long nowNanos) {
      this.notices = notices;
      this.nowNanos = nowNanos;
    }

    @Override
    public void admitted(Arrival arrival) {
      notices.add(arrival, new Decision.Admitted(permit(arrival, nowNanos)));
    }

    @Override
    public void refused(Arrival arrival, ShedReason reason) {
      notices.add(arrival, shed(arrival, reason, nowNanos));
    }
  }
}
