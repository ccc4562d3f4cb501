package io.trafficgovernor.admission.lease;

import io.trafficgovernor.admission.control.Tally;

/**
 * What a node has seen of one class since it started. Cumulative, so that a lost report costs
 * nothing. All counts are in tokens: a request that costs several counts as that many.
 *
 * @param firstAttempts requests that were not recognised as retries
 * @param retries requests that were
 * @param admitted requests sent to the backend, replays included
 * @param shed requests refused here
 * @param outcomes how the admitted ones ended
 */
public record ClassReport(
    long firstAttempts, long retries, long admitted, long shed, Tally outcomes) {
  public static final ClassReport NONE = new ClassReport(0, 0, 0, 0, Tally.NONE);
}
