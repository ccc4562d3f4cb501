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
 * back half of its ceiling at most, so that those who are heard of do not starve for the dead. What
 * breaks it only by fail-safe shares is noted as I1-share.
 */
final class Reservation implements Witness {
  private static final double ROUNDING = 1e-6;
  private static final double MOST_FOR_STRAYS = 0.5;

  private final HighestCeiling ceiling;
  private final Violations violations;
  private final @Nullable Lease[] leases;
  private final @Nullable Ticker[] clocks;
  private double shares;
  private double strayShares;
  private long lineage;
  private long hearsayUntilNanos;

  Reservation(int nodes, HighestCeiling ceiling, Violations violations) {
    this.ceiling = ceiling;
    this.violations = violations;
    this.leases = new Lease[nodes];
    this.clocks = new Ticker[nodes];
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    LedgerState.Strays strays = after.strays();
    lineage = after.authority().lineage();
    if (strays.sharePerSecond() > 0 && after.nowNanos() - strays.untilNanos() < 0) {
      hearsayUntilNanos = nowNanos + HighestCeiling.LEASE_NANOS;
    }
  }

  @Override
  public void adopted(int node, Lease lease, Ticker clock, long nowNanos) {
    leases[node] = lease;
    clocks[node] = clock;
    double rates = rates();
    double allowed = ceiling.at(nowNanos);
    boolean hearsay = nowNanos - hearsayUntilNanos < 0;
    double unkept = hearsay ? Math.max(0, strayShares - MOST_FOR_STRAYS * allowed) : 0;
    double left = Math.max(0, allowed - (shares - unkept));
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
          strayShares += lease.grant().id().lineage() == lineage ? 0 : share;
        }
      }
    }
    return rates;
  }

  /** Fail-safe shares that may be in use now, tokens per second. */
  double shares() {
    rates();
    return shares;
  }
}
