package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.request.Lease;
import org.jspecify.annotations.Nullable;

/**
 * I1: at every instant what all nodes may use adds up to at most the highest ceiling of the last
 * lease length. A node may use its lease's rate while the lease holds on the node's own clock, then
 * its fail-safe share. Where the shares of the cut-off alone exceed a fallen ceiling, nobody else
 * may have anything; but of shares that it knows by hearsay, from a lost ledger, a ledger keeps
 * back half of its ceiling at most, so that those who are heard of do not starve for the dead. And
 * one that goes on from a memory knows nothing of the last grants of the one before, since nodes
 * write it down once a second. What breaks it only by fail-safe shares is noted as I1-share.
 */
final class Reservation implements Witness {
  private static final double ROUNDING = 1e-6;
  private static final double MOST_FOR_STRAYS = 0.5;

  /** A second from one writing to the next, and one more where the ledger could not be read. */
  private static final long UNWRITTEN_NANOS = 2_000_000_000L;

  private final HighestCeiling ceiling;
  private final Violations violations;
  private final @Nullable Lease[] leases;
  private final @Nullable Ticker[] clocks;
  private final long[] adoptedNanos;
  private double shares;
  private double strayShares;
  private double unwrittenShares;
  private long lineage;
  private boolean fromMemory;
  private long steppedNanos;
  private long unwrittenFromNanos;
  private long hearsayUntilNanos;

  Reservation(int nodes, HighestCeiling ceiling, Violations violations) {
    this.ceiling = ceiling;
    this.violations = violations;
    this.leases = new Lease[nodes];
    this.clocks = new Ticker[nodes];
    this.adoptedNanos = new long[nodes];
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    LedgerState.Strays strays = after.strays();
    if (after.authority().lineage() != lineage) {
      lineage = after.authority().lineage();
      unwrittenFromNanos = steppedNanos - UNWRITTEN_NANOS;
    }
    fromMemory = after.authority().memoryEpoch() > 0;
    steppedNanos = nowNanos;
    if (strays.sharePerSecond() > 0 && after.nowNanos() - strays.untilNanos() < 0) {
      hearsayUntilNanos = nowNanos + HighestCeiling.LEASE_NANOS;
    }
  }

  @Override
  public void adopted(int node, Lease lease, Ticker clock, long nowNanos) {
    leases[node] = lease;
    clocks[node] = clock;
    adoptedNanos[node] = nowNanos;
    double rates = rates();
    double allowed = ceiling.at(nowNanos);
    boolean hearsay = nowNanos - hearsayUntilNanos < 0;
    double unkept = hearsay ? Math.max(0, strayShares - MOST_FOR_STRAYS * allowed) : 0;
    double left = Math.max(0, allowed - (shares - unwrittenShares - unkept));
    if (rates > left * (1 + ROUNDING) + ROUNDING) {
      boolean leasesAlone = rates > allowed * (1 + ROUNDING) + ROUNDING;
      violations.add(
          leasesAlone ? "I1" : "I1-share",
          nowNanos,
          ("leases in use add up to %.2f/s and fail-safe shares to %.2f/s, allowed %.2f/s; "
                  + "node %d has just got %.2f/s")
              .formatted(rates, shares, allowed, node, lease.grant().ratePerSecond()));
    }
  }

  @Override
  public void surrendered(int node, long nowNanos) {
    vanished(node, nowNanos);
  }

  @Override
  public void vanished(int node, long nowNanos) {
    leases[node] = null;
    clocks[node] = null;
  }

  private double rates() {
    double rates = 0;
    shares = 0;
    strayShares = 0;
    unwrittenShares = 0;
    for (int node = 0; node < leases.length; node++) {
      Lease lease = leases[node];
      Ticker clock = clocks[node];
      if (lease != null && clock != null) {
        long local = clock.nanos();
        if (lease.valid(local)) {
          rates += lease.grant().ratePerSecond();
        } else if (local - lease.shareEndsNanos() < 0) {
          double share = lease.grant().failSafePerSecond();
          shares += share;
          if (fromMemory && adoptedNanos[node] - unwrittenFromNanos > 0 && stray(lease)) {
            unwrittenShares += share;
          } else if (stray(lease)) {
            strayShares += share;
          }
        }
      }
    }
    return rates;
  }

  private boolean stray(Lease lease) {
    return lease.grant().id().lineage() != lineage;
  }

  /** Fail-safe shares that may be in use now, tokens per second. */
  double shares() {
    rates();
    return shares;
  }
}
