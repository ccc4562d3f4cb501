package io.trafficgovernor.admission.control;

/**
 * What came back for one class: counts of outcomes, and the summed latency of the answers that came
 * in time. All components are 0 or more. Outcomes that clients did not wait for are not in it.
 *
 * <p>Outcomes count in tokens: one of a request that costs five is five. How much evidence they are
 * is told by the number of requests, or one dear request would pass for twenty.
 *
 * @param requests how many requests they are of; 0 if the node does not tell: then each is of one
 */
public record Tally(
    long success,
    long refused,
    long failure,
    long unreachable,
    long timeout,
    long latencyNanos,
    long requests) {

  public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

  /** Of requests that cost one token each. */
  public Tally(
      long success, long refused, long failure, long unreachable, long timeout, long latencyNanos) {
    this(success, refused, failure, unreachable, timeout, latencyNanos, 0);
  }

  /** How many requests came to an end. */
  public long ended() {
    return requests == 0 ? completions() : requests;
  }

  /** So many requests those tokens are of, as far as the mean cost tells. */
  public double inRequests(double tokens) {
    return requests == 0 || completions() == 0 ? tokens : tokens * requests / completions();
  }

  /** Answers in time, failures of the application included; their latencies are what counts. */
  public long answers() {
    return success + failure;
  }

  /** Whether the backend said anything at all: late time-outs are not an answer. */
  public boolean answered() {
    return completions() > timeout;
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
        latencyNanos + other.latencyNanos,
        requests == 0 && other.requests == 0 ? 0 : ended() + other.ended());
  }

  /** What was added since {@code earlier}, for cumulative tallies. */
  public Tally minus(Tally earlier) {
    return new Tally(
        success - earlier.success,
        refused - earlier.refused,
        failure - earlier.failure,
        unreachable - earlier.unreachable,
        timeout - earlier.timeout,
        latencyNanos - earlier.latencyNanos,
        earlier.ended() == earlier.requests ? requests - earlier.requests : 0);
  }
}
