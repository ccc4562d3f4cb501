package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.NodeSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Sees everything that happens in a simulated cluster, at the instant at which it happens. Times
 * are true time, which no node can read. Single-threaded.
 */
public interface Witness {
  /**
   * A request as everybody but the node under test knows it, but for one thing.
   *
   * @param placedAlone whether the node says that the session is many users', and placed the
   *     request by itself; false until it has decided
   */
  record Asked(int node, int rank, long session, boolean firstAttempt, boolean placedAlone) {
    /** A request that nobody has decided on yet. */
    public Asked(int node, int rank, long session, boolean firstAttempt) {
      this(node, rank, session, firstAttempt, false);
    }

    /** The same once the node has decided on it. */
    public Asked decided(boolean alone) {
      return alone == placedAlone ? this : new Asked(node, rank, session, firstAttempt, alone);
    }
  }

  /**
   * The owner of the entry has taken a step.
   *
   * @param before null if there was none
   */
  default void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {}

  /**
   * A node takes a lease into use.
   *
   * @param clock the node's own, on which the lease runs
   */
  default void adopted(int node, Lease lease, Ticker clock, long nowNanos) {}

  /** A node has given its lease up, and what was to follow it. */
  default void surrendered(int node, long nowNanos) {}

  /** A process is gone, with its lease. */
  default void vanished(int node, long nowNanos) {}

  /** A request has come to a node. */
  default void arrived(Asked asked, long nowNanos) {}

  /**
   * A node has refused a request.
   *
   * @param lease what it went by; null if it had none
   */
  default void refused(Asked asked, ShedReason reason, @Nullable Lease lease, long nowNanos) {}

  /** A node has let a request go to the store. */
  default void sent(Asked asked, long nowNanos) {}

  /** The store no longer works on a request. */
  default void finished(Asked asked, long nowNanos) {}

  /** A node has heard how its request went, in time. */
  default void answered(Asked asked, boolean good, long nowNanos) {}

  /** Something has gone wrong with the cluster, in words. */
  default void happened(String what, long nowNanos) {}

  /**
   * A look at a node's books.
   *
   * @param outstanding requests it has sent and the store still has
   */
  default void audited(int node, NodeSnapshot books, int outstanding, long nowNanos) {}
}
