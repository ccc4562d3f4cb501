package io.trafficgovernor.admission.lease;

/** The ledger's answer to a renewal. */
public sealed interface GrantReply {
  /** Here is the lease. */
  record Granted(Grant grant) implements GrantReply {}

  /** No lease, and why in words. */
  record Refused(String why) implements GrantReply {}
}
