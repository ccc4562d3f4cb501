package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

/**
 * One request at the door. Made once per request and handed in again when it is replayed.
 *
 * <p>The fields that change are guarded by the controller that decides on it.
 */
public final class Arrival {
  private final int rank;
  private final long sessionHash;
  private final long arrivedNanos;
  private final boolean firstAttempt;
  private final Waiter waiter;
  private boolean withdrawn;
  private int replays;

  /** Whoever waits for a decision that could not be taken at once. */
  @FunctionalInterface
  public interface Waiter {
    /**
     * Called once, with an {@link Decision.Admitted} or a {@link Decision.Shed}, on whatever thread
     * made the decision possible. Must not block.
     */
    void decided(Decision decision, long nowNanos);
  }

  /**
   * A request that arrived now.
   *
   * @param rank of its class
   * @param sessionHash stable hash of the session; the same session must give the same on every
   *     node
   * @param arrivedNanos from which patience and deadline count
   * @param firstAttempt whether it is not recognised as a retry
   * @param waiter told of a decision that takes time
   */
  public Arrival(
      int rank, long sessionHash, long arrivedNanos, boolean firstAttempt, Waiter waiter) {
    this.rank = rank;
    this.sessionHash = sessionHash;
    this.arrivedNanos = arrivedNanos;
    this.firstAttempt = firstAttempt;
    this.waiter = requireNonNull(waiter, "waiter");
  }

  public int rank() {
    return rank;
  }

  public long sessionHash() {
    return sessionHash;
  }

  public long arrivedNanos() {
    return arrivedNanos;
  }

  public boolean firstAttempt() {
    return firstAttempt;
  }

  Waiter waiter() {
    return waiter;
  }

  boolean withdrawn() {
    return withdrawn;
  }

  void withdraw() {
    withdrawn = true;
  }

  int replays() {
    return replays;
  }

  void countReplay() {
    replays++;
  }
}
