package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.loadtest.witness.Witness;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How well the part of the marginal class that passes the cutoff is the part that was planned.
 *
 * <p>Each first attempt that comes to a node by whose lease the cutoff lies within its class was
 * planned to pass with the class's open part. Second by second and class by class the passed and
 * the planned are compared, so that too many in one second do not make up for too few in another.
 */
final class Marginal implements Witness {
  private static final long SECOND = 1_000_000_000L;

  private final Map<Integer, Held> leases = new HashMap<>();
  private final double[] surplus;
  private long second;
  private double off;
  private long came;

  /** What a node goes by, on its own clock. */
  private record Held(Lease lease, Ticker clock) {}

  Marginal(int classes) {
    surplus = new double[classes];
  }

  @Override
  public void adopted(int node, Lease lease, Ticker clock, long nowNanos) {
    leases.put(node, new Held(lease, clock));
  }

  @Override
  public void surrendered(int node, long nowNanos) {
    leases.remove(node);
  }

  @Override
  public void vanished(int node, long nowNanos) {
    leases.remove(node);
  }

  @Override
  public void arrived(Asked asked, long nowNanos) {
    double part = openPart(asked);
    if (part > 0 && part < 1) {
      turn(nowNanos);
      came++;
      surplus[asked.rank()] += 1 - part;
    }
  }

  @Override
  public void refused(Asked asked, ShedReason reason, @Nullable Lease lease, long nowNanos) {
    double part = reason == ShedReason.CUTOFF ? openPart(asked) : 0;
    if (part > 0 && part < 1) {
      turn(nowNanos);
      surplus[asked.rank()]--;
    }
  }

  /** Part of the class that passes the cutoff, in [0, 1]; 0 where the cutoff is not asked. */
  private double openPart(Asked asked) {
    Held held = leases.get(asked.node());
    if (held == null || !asked.firstAttempt() || !held.lease().valid(held.clock().nanos())) {
      return 0;
    }
    Grant.ClusterView view = held.lease().grant().cluster();
    boolean unasked = view.phase() == Phase.OUTAGE || view.gated(asked.rank());
    return unasked ? 0 : new Cutoff(view.cutoffKey(), 0, 0).openShare(asked.rank());
  }

  private void turn(long nowNanos) {
    if (nowNanos / SECOND != second) {
      off += open();
      Arrays.fill(surplus, 0);
      second = nowNanos / SECOND;
    }
  }

  private double open() {
    double sum = 0;
    for (double each : surplus) {
      sum += Math.abs(each);
    }
    return sum;
  }

  /** Passed beyond or below what was planned, percent of those that came; NaN if none came. */
  double errorPercent() {
    return came == 0 ? Double.NaN : 100 * (off + open()) / came;
  }
}
