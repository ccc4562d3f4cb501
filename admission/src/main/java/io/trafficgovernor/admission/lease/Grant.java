package io.trafficgovernor.admission.lease;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.recovery.Phase;
import java.util.List;
import java.util.OptionalLong;

/**
 * A lease: what a node may do from the moment it sent the renewal, for {@code lengthNanos}.
 *
 * @param id unique; a later grant has a higher counter
 * @param cluster what holds for the whole cluster
 * @param ratePerSecond this node's tokens per second, 0 or more
 * @param slots requests this node may have in flight
 * @param failSafePerSecond tokens per second for the two top classes once the lease has ended
 * @param lengthNanos how long it is valid, counted from the send on the holder's own ticker
 * @param renewEveryNanos when to ask again
 * @param probe number of the probe this node shall send now; empty if none
 * @param topSlots how many more requests of the two top classes it may have in flight: 1, or 0
 *     while the requests of old that are still at the backend outnumber the window
 */
public record Grant(
    GrantId id,
    ClusterView cluster,
    double ratePerSecond,
    int slots,
    double failSafePerSecond,
    long lengthNanos,
    long renewEveryNanos,
    OptionalLong probe,
    int topSlots) {
  /** How long after its last grant a node may use its fail-safe share, on its own ticker. */
  public static final long FAIL_SAFE_NANOS = 60_000_000_000L;

  public Grant {
    requireNonNull(id, "id");
    requireNonNull(cluster, "cluster");
    requireNonNull(probe, "probe");
  }

  /**
   * The state of the whole cluster as of a grant.
   *
   * @param epoch version of the state; only ever rises
   * @param ceilingPerSecond tokens per second for the whole cluster
   * @param window requests in flight for the whole cluster
   * @param referencePerSecond the good rate from before the incident
   * @param cutoffKey keys at and above it are refused at once
   * @param incidentSalt mixed into session keys; new for each incident
   * @param topRanks the two highest classes that have demand
   * @param why what led to the present phase, in words
   * @param growthPerSecond of the logarithm of the ceiling, as it was lately
   * @param demandPerSecond first attempts per second of each class; empty if nothing is planned
   * @param blockedBy for each class what it waits for, in words, or nothing if its gate is open; an
   *     empty list if all are
   * @param leaving whether OPEN was entered so lately that tokens are still counted
   */
  public record ClusterView(
      long epoch,
      Phase phase,
      double ceilingPerSecond,
      double window,
      double referencePerSecond,
      long cutoffKey,
      long incidentSalt,
      List<Integer> topRanks,
      String why,
      double growthPerSecond,
      List<Double> demandPerSecond,
      List<String> blockedBy,
      boolean leaving) {
    public ClusterView {
      requireNonNull(phase, "phase");
      requireNonNull(why, "why");
      topRanks = List.copyOf(topRanks);
      demandPerSecond = List.copyOf(demandPerSecond);
      blockedBy = List.copyOf(blockedBy);
    }

    /** Whether tokens are counted: in OPEN only while the ramp is being left. */
    public boolean boundByRate() {
      return phase.boundByRate() || leaving;
    }

    /** What that class waits for, in words; empty if its gate is open. */
    public String blockedBy(int rank) {
      return rank < blockedBy.size() ? blockedBy.get(rank) : "";
    }

    /** Whether that class waits for one that it depends on. */
    public boolean gated(int rank) {
      return !blockedBy(rank).isEmpty();
    }
  }
}
