package io.trafficgovernor.loadtest.fault;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.judge.Envelope;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a fault did.
 *
 * @param excess the worst windows of each length, of all arrivals from the fault to the end
 * @param delaySeconds J: the longest way of any request from a governor to the store
 * @param removedSeconds until a survivor did not see a victim any more; empty if it never came to
 *     that
 * @param backSeconds until the ceiling was used to 95 % again; 0 if it always was
 * @param rejoinSeconds the same, counted from the instant at which the fault was undone
 * @param lowest smallest part of what could be used in any second of it
 * @param used part of what could be used that was, from the fault to its end
 * @param criticalWithin success of the two top classes at the survivors until they were back
 * @param criticalAfter the same from then on
 * @param criticals first attempts of these classes that were counted
 */
public record FaultRow(
    Played played,
    List<Envelope.Worst> excess,
    double delaySeconds,
    OptionalDouble removedSeconds,
    double backSeconds,
    double rejoinSeconds,
    double lowest,
    double used,
    double criticalWithin,
    double criticalAfter,
    int criticals) {
  public FaultRow {
    requireNonNull(played, "played");
    requireNonNull(removedSeconds, "removedSeconds");
    excess = List.copyOf(excess);
  }
}
