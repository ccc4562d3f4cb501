package io.trafficgovernor.admission.request;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.order.HeavyKeys;
import io.trafficgovernor.admission.order.SessionKey;
import org.jspecify.annotations.Nullable;

/**
 * One request at the door. Made once per request and handed in again when it is replayed.
 *
 * <p>The fields that change are guarded by the controller that decides on it.
 */
public final class Arrival {
  /** Most tokens one request may cost. */
  public static final int MAX_COST = 100;

  private final int rank;
  private final long sessionHash;
  private final long arrivedNanos;
  private final Attempt attempt;
  private final int cost;
  private final Waiter waiter;
  private boolean withdrawn;
  private int replays;
  private int place;
  private @Nullable HeavyKeys orderedBy;
  private long position = HeavyKeys.OF_SESSION;

  /** Whoever waits for a decision that could not be taken at once. */
  @FunctionalInterface
  public interface Waiter {
    /**
     * Called once, with an {@link Decision.Admitted} or a {@link Decision.Shed}, on whatever thread
     * made the decision possible. Must not block.
     */
    void decided(Decision decision, long nowNanos);
  }

  /** A request that costs one token, with {@code firstAttempt} for {@link Attempt}. */
  public Arrival(
      int rank, long sessionHash, long arrivedNanos, boolean firstAttempt, Waiter waiter) {
    this(rank, sessionHash, arrivedNanos, firstAttempt ? Attempt.FIRST : Attempt.RETRY, 1, waiter);
  }

  /**
   * A request that arrived now.
   *
   * @param rank of its class
   * @param sessionHash stable hash of the session; the same session must give the same on every
   *     node
   * @param arrivedNanos from which patience and deadline count
   * @param cost tokens and slots it takes, 1 to {@value #MAX_COST}
   * @param waiter told of a decision that takes time
   */
  public Arrival(
      int rank, long sessionHash, long arrivedNanos, Attempt attempt, int cost, Waiter waiter) {
    if (cost < 1 || cost > MAX_COST) {
      throw new IllegalArgumentException("cost: got " + cost + " tokens, allowed 1 to " + MAX_COST);
    }
    this.rank = rank;
    this.place = rank;
    this.sessionHash = sessionHash;
    this.arrivedNanos = arrivedNanos;
    this.attempt = requireNonNull(attempt, "attempt");
    this.cost = cost;
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

  public Attempt attempt() {
    return attempt;
  }

  /** Tokens and slots it takes. */
  public int cost() {
    return cost;
  }

  /** The rank it is served at: its own, or a lower one for a retry. */
  int place() {
    return place;
  }

  void place(int rank) {
    place = rank;
  }

  /**
   * Counts it, and gives it a place of its own if its session is many users'. Once for each node's
   * door: sent again it keeps its place, and a second store has an order of its own.
   */
  void orderBy(HeavyKeys keys, long nowNanos) {
    if (orderedBy != keys) {
      orderedBy = keys;
      position = keys.position(rank, sessionHash, attempt.first(), nowNanos);
    }
  }

  /**
   * Whether it has a place of its own in the order, so that its session's key does not tell whether
   * it lies below the cutoff. Known once it was decided on.
   */
  public boolean placedAlone() {
    return position != HeavyKeys.OF_SESSION;
  }

  /** Its key as one of class {@code rank}. */
  long key(int rank, long incidentSalt) {
    return placedAlone()
        ? SessionKey.at(rank, position)
        : SessionKey.of(rank, sessionHash, incidentSalt);
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
