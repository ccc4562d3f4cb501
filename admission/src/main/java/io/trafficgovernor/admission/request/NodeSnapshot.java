package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's state at one instant.
 *
 * @param lease the last one it was given; empty before the first
 * @param isolated whether it has no valid lease
 * @param ratePerSecond tokens per second it spends now
 * @param grantedTokens tokens it was entitled to since its start
 * @param retryShare part of the arrivals of the last second that were retries
 * @param amplification arrivals over first attempts of the last 10 s, at least 1
 * @param inFlight requests at the backend, zombies included
 * @param heldTokens cost of what is admitted and not sent yet: it waits for its connection
 * @param defects permits that were ended twice; 0 in a program without faults
 * @param classes one for each class, in order of importance
 */
public record NodeSnapshot(
    Optional<Lease> lease,
    boolean isolated,
    double ratePerSecond,
    double grantedTokens,
    double retryShare,
    double amplification,
    int inFlight,
    long heldTokens,
    long defects,
    List<ClassCounts> classes) {
  public NodeSnapshot {
    classes = List.copyOf(classes);
  }

  /**
   * Counts of one class since the start of the process.
   *
   * @param amplification arrivals over first attempts of the last 10 s, at least 1
   * @param sentTokens what the requests that were sent cost; the other counts are of requests
   */
  public record ClassCounts(
      long firstAttempts,
      long retries,
      long admitted,
      long sent,
      long sentTokens,
      long replays,
      double amplification,
      Map<Outcome, Long> outcomes,
      Map<ShedReason, Long> shed) {
    public ClassCounts {
      outcomes = Collections.unmodifiableMap(outcomes);
      shed = Collections.unmodifiableMap(shed);
    }

    /** How many ended so. */
    public long outcome(Outcome outcome) {
      return outcomes.getOrDefault(outcome, 0L);
    }

    public long shedTotal() {
      return shed.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
