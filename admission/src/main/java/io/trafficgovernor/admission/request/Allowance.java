package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.order.HeavyKeys;
import io.trafficgovernor.admission.pool.TokenPool;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the lease in hand lets this node send now: its tokens, its slots, and what is left of both
 * once the lease has ended. Not thread-safe: {@link AdmissionController} guards it.
 */
final class Allowance {
  /** How far ahead of the higher classes' demand tokens are kept for them. */
  private static final double RESERVE_SECONDS = 0.020;

  private static final int MAX_EXTRA_RESERVE = 2;

  private final TokenPool tokens = new TokenPool();
  private final RecentOutcomes recent = new RecentOutcomes();
  private final ArrivalRates rates;
  private final @Nullable HeavyKeys heavyKeys;
  private final boolean reserves;
  private @Nullable Lease lease;
  private double capPerSecond = Double.POSITIVE_INFINITY;
  private int inFlight;

  Allowance(int classes, Rules rules) {
    this.reserves = rules.hold(Rule.RESERVE);
    this.rates = new ArrivalRates(classes);
    this.heavyKeys = rules.hold(Rule.HEAVY_KEYS) ? new HeavyKeys(classes) : null;
  }

  Optional<Lease> lease() {
    return Optional.ofNullable(lease);
  }

  int inFlight() {
    return inFlight;
  }

  double ratePerSecond() {
    return tokens.ratePerSecond();
  }

  double granted(long nowNanos) {
    return tokens.granted(nowNanos);
  }

  double retryShare() {
    return rates.retryShare();
  }

  void arrived(Arrival arrival, long nowNanos) {
    rates.arrived(arrival.place(), arrival.cost(), arrival.attempt().first());
    if (heavyKeys != null) {
      arrival.orderBy(heavyKeys, nowNanos);
    }
  }

  void updateRates(long nowNanos) {
    rates.update(nowNanos);
  }

  /** Takes a newer, valid lease into use; says whether it did. */
  boolean adopt(Lease next, long nowNanos) {
    if (!next.valid(nowNanos) || !newer(next)) {
      return false;
    }
    settle(nowNanos);
    boolean wasAway = lease == null || phase() == Phase.OUTAGE;
    lease = next;
    rerate(next.grant().ratePerSecond(), nowNanos);
    if (wasAway || phase() == Phase.OUTAGE) {
      tokens.drain(nowNanos);
      recent.clear();
    }
    return true;
  }

  /** As before the first lease. */
  void surrender(long nowNanos) {
    lease = null;
    tokens.rerate(0, nowNanos);
    recent.clear();
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

  /**
   * From the end of the lease on the bucket runs at the fail-safe share. Called before all else.
   */
  void settle(long nowNanos) {
    Lease held = lease;
    if (held == null || held.valid(nowNanos)) {
      return;
    }
    boolean share = nowNanos - held.shareEndsNanos() < 0 && recent.healthy(nowNanos);
    double rate = share ? held.grant().failSafePerSecond() : 0;
    if (rate != tokens.ratePerSecond()) {
      rerate(rate, nowNanos);
    }
  }

  private void rerate(double ratePerSecond, long nowNanos) {
    tokens.rerate(Math.min(ratePerSecond, capPerSecond), nowNanos);
  }

  /**
   * An operator's bound of this node's rate, whatever the lease says; it never raises anything.
   *
   * @param perSecond 0 or more; positive infinity takes the bound away
   */
  void cap(double perSecond, long nowNanos) {
    settle(nowNanos);
    capPerSecond = perSecond;
    Lease held = lease;
    if (held != null && held.valid(nowNanos)) {
      rerate(held.grant().ratePerSecond(), nowNanos);
    } else {
      rerate(tokens.ratePerSecond(), nowNanos);
      settle(nowNanos);
    }
  }

  boolean stopped() {
    return capPerSecond == 0;
  }

  boolean isolated(long nowNanos) {
    return lease == null || !lease.valid(nowNanos);
  }

  private Phase phase() {
    return view().phase();
  }

  private Grant.ClusterView view() {
    return requireNonNull(lease, "no lease yet").grant().cluster();
  }

  /** Whether tokens are counted now. */
  boolean bound(long nowNanos) {
    return isolated(nowNanos) || view().boundByRate();
  }

  boolean outage() {
    return lease != null && phase() == Phase.OUTAGE;
  }

  /** Whether the class is one of the two highest with demand, or above them: it was silent. */
  boolean top(int rank) {
    return lease != null
        && lease.grant().cluster().topRanks().stream().anyMatch(top -> rank <= top);
  }

  /** Why no request whatever can wait; null if some can. Null means that there is a lease. */
  @Nullable ShedReason closedForAll() {
    if (stopped()) {
      return ShedReason.FROZEN;
    }
    if (lease == null) {
      return ShedReason.ISOLATED;
    }
    return outage() ? ShedReason.OUTAGE : null;
  }

  /** Why the request cannot even wait; null if it can. */
  @Nullable ShedReason closedFor(Arrival arrival, long nowNanos) {
    Lease held = lease;
    ShedReason all = closedForAll();
    if (held == null || all != null) {
      return all;
    }
    Grant.ClusterView cluster = held.grant().cluster();
    if (!held.valid(nowNanos)) {
      return shareFor(held, arrival.place(), nowNanos) > 0 ? null : ShedReason.ISOLATED;
    }
    if (cluster.gated(arrival.place())) {
      return ShedReason.GATE;
    }
    long key = arrival.key(arrival.place(), cluster.incidentSalt());
    return key >= cluster.cutoffKey() ? ShedReason.CUTOFF : null;
  }

  /**
   * Takes slots and tokens for a request; says what is lacking, or null if it has both. One free
   * slot is enough for a request that takes several.
   */
  @Nullable ShedReason take(Arrival arrival, long nowNanos) {
    return take(arrival, reserve(arrival), nowNanos);
  }

  /** The same, with no regard to what higher classes may want. */
  @Nullable ShedReason takeUnreserved(Arrival arrival, long nowNanos) {
    return take(arrival, 0, nowNanos);
  }

  private @Nullable ShedReason take(Arrival arrival, double reserve, long nowNanos) {
    Lease held = requireNonNull(lease, "a node without a lease admits nothing");
    int place = arrival.place();
    boolean valid = held.valid(nowNanos);
    int slots = (valid ? held.grant().slots() : 0) + (top(place) ? held.grant().topSlots() : 0);
    if (inFlight >= slots) {
      return ShedReason.SLOTS;
    }
    boolean bound = !valid || view().boundByRate() || Double.isFinite(capPerSecond);
    if (bound && !tokens.take(arrival.cost(), reserve, nowNanos)) {
      return valid ? ShedReason.TOKENS : ShedReason.ISOLATED;
    }
    inFlight += arrival.cost();
    return null;
  }

  /**
   * Nanoseconds until the request's tokens may be there; Long.MAX_VALUE if that is not in sight.
   */
  long nanosUntilToken(Arrival arrival, long nowNanos) {
    return tokens.nanosUntil(arrival.cost(), reserve(arrival), nowNanos);
  }

  /** The same for {@link #takeUnreserved}. */
  long nanosUntilUnreserved(Arrival arrival, long nowNanos) {
    return tokens.nanosUntil(arrival.cost(), 0, nowNanos);
  }

  /** Tokens that stay behind for the classes above: 20 ms of their demand, and up to two more. */
  private double reserve(Arrival arrival) {
    int place = arrival.place();
    return place == 0 || !reserves
        ? 0
        : RESERVE_SECONDS * rates.above(place) + Math.min(place, MAX_EXTRA_RESERVE);
  }

  /** Whether a request that was admitted may still be written to the backend. */
  boolean maySend(Arrival arrival, long nowNanos) {
    Lease held = lease;
    if (held == null || stopped() || phase() == Phase.OUTAGE) {
      return false;
    }
    return held.valid(nowNanos) || shareFor(held, arrival.place(), nowNanos) > 0;
  }

  private double shareFor(Lease held, int rank, long nowNanos) {
    boolean inTime = nowNanos - held.shareEndsNanos() < 0;
    return top(rank) && inTime && recent.healthy(nowNanos) ? held.grant().failSafePerSecond() : 0;
  }

  /** In shadow mode: one more in flight, whatever the lease says. */
  void overdraw(Arrival arrival) {
    inFlight += arrival.cost();
  }

  /** A request that was admitted will not be sent: token and slot come back. */
  void takeBack(Arrival arrival, long nowNanos) {
    inFlight -= arrival.cost();
    tokens.giveBack(arrival.cost(), nowNanos);
  }

  /** The backend no longer works on a request. */
  void freeSlot(Arrival arrival) {
    inFlight -= arrival.cost();
  }

  void ended(Outcome outcome, long nowNanos) {
    if (outcome != Outcome.IGNORED) {
      recent.add(outcome == Outcome.SUCCESS, nowNanos);
    }
  }
}
