package io.trafficgovernor.admission.lease;

/**
 * How a probe went.
 *
 * @param number the number under which the ledger asked for it
 * @param good whether the backend answered well and in time
 */
public record ProbeResult(long number, boolean good) {}
