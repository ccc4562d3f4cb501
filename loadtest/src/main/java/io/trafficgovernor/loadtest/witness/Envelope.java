package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.pool.TokenPool;

/**
 * I2: in every window, however long, at most (1 + rho) times the integral of the highest ceiling of
 * the last lease length is sent, plus B. Checked for all windows at once: a bucket that leaks at
 * the ceiling and is filled by what is sent never holds more than B.
 *
 * <p>B = N bursts of max(5, 20 ms of the rate), and two requests a node: the one of the bucket's
 * bound, and one between the late check and the socket. Source: DESIGN.md, "The bound".
 */
public final class Envelope implements Witness {
  private static final double DRIFT = 1e-3;
  private static final double REQUESTS_PER_NODE = 2;

  private final int nodes;
  private final HighestCeiling ceiling;
  private final Reservation reservation;
  private final Violations violations;
  private double level;
  private double highest;
  private long atNanos;

  Envelope(int nodes, HighestCeiling ceiling, Reservation reservation, Violations violations) {
    this.nodes = nodes;
    this.ceiling = ceiling;
    this.reservation = reservation;
    this.violations = violations;
  }

  /** B at that ceiling, tokens. */
  public static double bound(int nodes, double ceilingPerSecond) {
    double bursts =
        Math.max(
            nodes * TokenPool.MIN_BURST_TOKENS,
            (nodes - 1) * TokenPool.MIN_BURST_TOKENS + TokenPool.burst(ceilingPerSecond));
    return bursts + REQUESTS_PER_NODE * nodes;
  }

  @Override
  public void sent(Asked asked, long nowNanos) {
    if (ceiling.open(nowNanos)) {
      level = 0;
      atNanos = nowNanos;
      return;
    }
    double bound = bound(nodes, ceiling.most());
    double rate = ceiling.at(nowNanos);
    if (level > bound / 2) {
      // Cut-off nodes may outlive a ceiling that has fallen below their shares.
      rate = Math.max(rate, reservation.shares());
    }
    level = Math.max(0, level - (1 + DRIFT) * rate * (nowNanos - atNanos) / 1e9) + 1;
    atNanos = nowNanos;
    highest = Math.max(highest, level);
    if (level > bound) {
      violations.add(
          "I2",
          nowNanos,
          "%.1f requests beyond the ceiling of %.1f/s, allowed B = %.1f"
              .formatted(level, rate, bound));
      level = 0;
    }
  }

  /** Most requests beyond the ceiling in any window of the run. */
  public double highest() {
    return highest;
  }
}
