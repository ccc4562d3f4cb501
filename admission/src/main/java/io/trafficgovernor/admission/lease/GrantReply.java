package io.trafficgovernor.admission.lease;

/** The ledger's answer to a renewal. */
public sealed interface GrantReply {
  /** Here is the lease. */
  record Granted(Grant grant) implements GrantReply {}

  /**
   * No lease.
   *
   * @param why in words
   * @param lasting whether only a change of the node itself helps: another name, another
   *     configuration
   */
  record Refused(String why, boolean lasting) implements GrantReply {
    /** A refusal that can pass by itself. */
    public Refused(String why) {
      this(why, false);
    }
  }
}
