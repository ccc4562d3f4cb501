package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.request.Lease;
import org.jspecify.annotations.Nullable;

/**
 * I9: epochs only rise, in the ledger and in what any node is told; the clock of the ramp never
 * runs ahead of true time, whoever owns the entry; one that goes on from a memory, which begins a
 * blackout, shows what has been before. What only a node was told is noted as I9-told.
 */
final class Authority implements Witness {
  private static final double DRIFT = 1e-3;

  /** The ramp's clock moves by whole rounds, which a step may close late. */
  private static final long ROUND_NANOS = 2_500_000_000L;

  private final Violations violations;
  private final long[] epochs;
  private long rampNanos = -1;
  private long rampSeenNanos;
  private long longestRampNanos;

  Authority(int nodes, Violations violations) {
    this.violations = violations;
    this.epochs = new long[nodes];
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    if (before == null) {
      rampNanos = -1;
      return;
    }
    long from = before.authority().epoch();
    long to = after.authority().epoch();
    if (to < from) {
      violations.add("I9", nowNanos, "epoch fell from %d to %d".formatted(from, to));
    }
    long ramp = after.recovery().memory().rampNanos();
    long blackout = after.authority().blackoutUntilNanos();
    if (blackout != before.authority().blackoutUntilNanos() && ramp <= longestRampNanos) {
      rampNanos = -1;
    }
    ramp(ramp, nowNanos);
    longestRampNanos = Math.max(longestRampNanos, ramp);
  }

  private void ramp(long now, long nowNanos) {
    if (rampNanos < 0 || now < rampNanos) {
      rampNanos = now;
      rampSeenNanos = nowNanos;
      return;
    }
    double passed = (nowNanos - rampSeenNanos) * (1 + DRIFT) + ROUND_NANOS;
    if (now - rampNanos > passed) {
      violations.add(
          "I9",
          nowNanos,
          "the ramp's clock went on by %.3f s in %.3f s"
              .formatted((now - rampNanos) / 1e9, (nowNanos - rampSeenNanos) / 1e9));
      rampNanos = -1;
    }
  }

  @Override
  public void adopted(int node, Lease lease, Ticker clock, long nowNanos) {
    long epoch = lease.grant().cluster().epoch();
    if (epoch < epochs[node]) {
      violations.add(
          "I9-told",
          nowNanos,
          "node %d knew epoch %d and was told %d".formatted(node, epochs[node], epoch));
    }
    epochs[node] = Math.max(epochs[node], epoch);
  }

  @Override
  public void vanished(int node, long nowNanos) {
    epochs[node] = 0;
  }
}
