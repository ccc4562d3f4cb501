package io.trafficgovernor.cluster;

import io.trafficgovernor.admission.lease.Grant;

/**
 * The highest ceiling that leases told of lately: over at least as long as a fail-safe share lasts,
 * and at most twice as long. Not thread-safe.
 */
final class CeilingPeak {
  private double earlier;
  private double recent;
  private long recentSinceNanos;
  private boolean begun;

  void told(double ceilingPerSecond, long nowNanos) {
    turn(nowNanos);
    recent = Math.max(recent, ceilingPerSecond);
  }

  /** Tokens per second; 0 if nothing was told. */
  double perSecond(long nowNanos) {
    turn(nowNanos);
    return Math.max(earlier, recent);
  }

  private void turn(long nowNanos) {
    if (!begun) {
      begun = true;
      recentSinceNanos = nowNanos;
    }
    if (nowNanos - recentSinceNanos >= Grant.FAIL_SAFE_NANOS) {
      boolean stale = nowNanos - recentSinceNanos >= 2 * Grant.FAIL_SAFE_NANOS;
      earlier = stale ? 0 : recent;
      recent = 0;
      recentSinceNanos = nowNanos;
    }
  }
}
