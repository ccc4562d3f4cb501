package io.trafficgovernor.admission.control;

/**
 * What came back for one class: counts of outcomes, and the summed latency of the answers that came
 * in time. All components are 0 or more. Outcomes that clients did not wait for are not in it.
 */
public record Tally(
    long success, long refused, long failure, long unreachable, long timeout, long latencyNanos) {

  public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

  /** Answers in time, failures of the application included; their latencies are what counts. */
  public long answers() {
    return success + failure;
  }

  /** Everything that ended. */
  public long completions() {
    return success + refused + failure + unreachable + timeout;
  }

  public Tally plus(Tally other) {
    return new Tally(
        success + other.success,
        refused + other.refused,
        failure + other.failure,
        unreachable + other.unreachable,
        timeout + other.timeout,
        latencyNanos + other.latencyNanos);
  }

  /** What was added since {@code earlier}, for cumulative tallies. */
  public Tally minus(Tally earlier) {
    return new Tally(
        success - earlier.success,
        refused - earlier.refused,
        failure - earlier.failure,
        unreachable - earlier.unreachable,
        timeout - earlier.timeout,
        latencyNanos - earlier.latencyNanos);
  }
}
