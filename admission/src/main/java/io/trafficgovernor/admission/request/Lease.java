package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.lease.Grant;

/**
 * A grant in a node's hand.
 *
 * @param sentNanos when the renewal was sent: validity counts from here
 */
public record Lease(Grant grant, long sentNanos) {
  /** What is taken off at the end, for the time between the check and the first byte. */
  private static final long GUARD_NANOS = 20_000_000L;

  public Lease {
    requireNonNull(grant, "grant");
  }

  /** The instant from which it is no longer valid. */
  public long endsNanos() {
    return sentNanos + grant.lengthNanos() - GUARD_NANOS;
  }

  public boolean valid(long nowNanos) {
    return nowNanos - endsNanos() < 0;
  }

  /** The instant from which not even the fail-safe share may be used. */
  public long shareEndsNanos() {
    return sentNanos + Grant.FAIL_SAFE_NANOS;
  }
}
