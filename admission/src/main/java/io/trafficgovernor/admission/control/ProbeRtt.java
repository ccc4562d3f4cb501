package io.trafficgovernor.admission.control;

/**
 * The timetable of looks at the bare latency: now and then the window is made small for three
 * rounds, so that a base that drifted up in a standing queue is found out.
 *
 * @param dueNanos when the next look may begin
 * @param gapNanos time from one look to the next
 * @param round 0 when none is under way, else which of its rounds comes next, 1 to {@value #ROUNDS}
 * @param quietUntilNanos rounds that begin before this do not feed the base latency
 */
public record ProbeRtt(long dueNanos, long gapNanos, int round, long quietUntilNanos) {
  static final int ROUNDS = 3;
  private static final long FIRST_GAP_NANOS = 10_000_000_000L;
  private static final long MAX_GAP_NANOS = 40_000_000_000L;
  private static final long MIN_LIFE_NANOS = 40_000_000_000L;
  private static final long QUIET_NANOS = 1_100_000_000L;

  static ProbeRtt start(long nowNanos) {
    return new ProbeRtt(nowNanos + FIRST_GAP_NANOS, FIRST_GAP_NANOS, 0, nowNanos + QUIET_NANOS);
  }

  boolean active() {
    return round > 0;
  }

  boolean due(long nowNanos) {
    return !active() && nowNanos - dueNanos >= 0;
  }

  /** Whether a round that began then tells the latency of normal running. */
  boolean feedsBase(long roundStartNanos) {
    return !active() && roundStartNanos - quietUntilNanos >= 0;
  }

  /** How long a block of base latency counts: it must outlive the gap to the next look. */
  long blockLifeNanos() {
    return Math.max(MIN_LIFE_NANOS, gapNanos + gapNanos / 2);
  }

  ProbeRtt nextRound() {
    return new ProbeRtt(dueNanos, gapNanos, round + 1, quietUntilNanos);
  }

  /** Ended as planned; a base that was right may go unlooked at for twice as long. */
  ProbeRtt measured(boolean baseWasRight, long nowNanos) {
    long gap = baseWasRight ? Math.min(MAX_GAP_NANOS, 2 * gapNanos) : FIRST_GAP_NANOS;
    return new ProbeRtt(nowNanos + gap, gap, 0, nowNanos + QUIET_NANOS);
  }

  /** Ended without a result: too few answers, or a failure came between. */
  ProbeRtt ended(long nowNanos) {
    return active() ? new ProbeRtt(nowNanos + gapNanos, gapNanos, 0, nowNanos + QUIET_NANOS) : this;
  }
}
