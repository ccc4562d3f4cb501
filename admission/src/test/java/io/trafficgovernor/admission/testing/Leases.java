package io.trafficgovernor.admission.testing;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import java.util.List;
import java.util.OptionalLong;

/**
 * A lease for tests, by what matters to the test; the rest is generous.
 *
 * @param cutoffKey keys below it pass
 * @param blockedBy for each class what it waits for
 */
public record Leases(
    Phase phase,
    double ratePerSecond,
    int slots,
    double failSafePerSecond,
    long cutoffKey,
    long lengthMillis,
    long counter,
    List<String> blockedBy) {

  /** Everything passes: rate and slots are ample, the lease lasts an hour. */
  public static Leases ample() {
    return new Leases(Phase.RAMPING, 10_000, 10_000, 0, Long.MAX_VALUE, 3_600_000, 1, List.of());
  }

  public Leases phase(Phase next) {
    return new Leases(
        next, ratePerSecond, slots, failSafePerSecond, cutoffKey, lengthMillis, counter, blockedBy);
  }

  public Leases rate(double perSecond) {
    return new Leases(
        phase, perSecond, slots, failSafePerSecond, cutoffKey, lengthMillis, counter, blockedBy);
  }

  public Leases slots(int next) {
    return new Leases(
        phase, ratePerSecond, next, failSafePerSecond, cutoffKey, lengthMillis, counter, blockedBy);
  }

  public Leases failSafe(double perSecond) {
    return new Leases(
        phase, ratePerSecond, slots, perSecond, cutoffKey, lengthMillis, counter, blockedBy);
  }

  public Leases cutoff(long key) {
    return new Leases(
        phase, ratePerSecond, slots, failSafePerSecond, key, lengthMillis, counter, blockedBy);
  }

  public Leases lasting(long millis) {
    return new Leases(
        phase, ratePerSecond, slots, failSafePerSecond, cutoffKey, millis, counter, blockedBy);
  }

  public Leases counter(long next) {
    return new Leases(
        phase, ratePerSecond, slots, failSafePerSecond, cutoffKey, lengthMillis, next, blockedBy);
  }

  public Leases blockedBy(List<String> next) {
    return new Leases(
        phase, ratePerSecond, slots, failSafePerSecond, cutoffKey, lengthMillis, counter, next);
  }

  /** The lease, asked for at that instant. */
  public Lease sent(long sentNanos) {
    return sent(sentNanos, List.of(0, 1));
  }

  /** The same, told that those classes are the two highest with demand. */
  public Lease sent(long sentNanos, List<Integer> topRanks) {
    Grant.ClusterView view =
        new Grant.ClusterView(
            1,
            phase,
            ratePerSecond,
            slots,
            1000,
            cutoffKey,
            7,
            topRanks,
            "",
            0.1,
            List.of(),
            blockedBy,
            false);
    return new Lease(
        new Grant(
            new GrantId(1, counter),
            view,
            ratePerSecond,
            slots,
            failSafePerSecond,
            lengthMillis * 1_000_000L,
            100_000_000L,
            OptionalLong.empty(),
            1),
        sentNanos);
  }
}
