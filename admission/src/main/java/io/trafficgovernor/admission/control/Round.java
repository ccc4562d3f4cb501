package io.trafficgovernor.admission.control;

import java.util.List;

/**
 * One step of evidence: what the whole cluster saw between two instants of the ledger's clock.
 *
 * @param endNanos later than {@code startNanos}
 * @param tallies one for each class, in order of importance
 * @param inFlight requests at the backend at the end of the round, zombies included
 * @param slotRefusals requests refused during the round for want of a slot
 * @param goodProbes probes that the backend answered well during the round
 */
public record Round(
    long startNanos,
    long endNanos,
    List<Tally> tallies,
    int inFlight,
    long slotRefusals,
    int goodProbes) {

  public Round {
    tallies = List.copyOf(tallies);
    if (endNanos - startNanos <= 0) {
      throw new IllegalArgumentException(
          "length of a round: got " + (endNanos - startNanos) + " ns, allowed more than 0");
    }
  }

  public double seconds() {
    return (endNanos - startNanos) / 1e9;
  }

  /** The sum over the classes. */
  public Tally total() {
    return tallies.stream().reduce(Tally.NONE, Tally::plus);
  }

  /** Whether the backend said anything at all, to a probe or to a request. */
  public boolean answered() {
    return goodProbes > 0 || total().answered();
  }

  /** Successes, and as many failures of each class as it always shows. */
  public double useful(Reference reference) {
    double useful = 0;
    for (int rank = 0; rank < tallies.size(); rank++) {
      Tally tally = tallies.get(rank);
      useful += tally.success() + reference.usualFailures(rank, tally);
    }
    return useful;
  }

  /** Failures beyond what each class always shows, connection failures included. */
  public double unusualFailures(Reference reference) {
    double unusual = 0;
    for (int rank = 0; rank < tallies.size(); rank++) {
      Tally tally = tallies.get(rank);
      unusual += tally.failure() - reference.usualFailures(rank, tally) + tally.unreachable();
    }
    return unusual;
  }
}
