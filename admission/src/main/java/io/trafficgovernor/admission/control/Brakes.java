package io.trafficgovernor.admission.control;

/**
 * When the red signals were last seen, and how long the backend has been silent.
 *
 * @param fastNanos end of the last round with FAST; {@link #NEVER} if none
 * @param hardNanos end of the last round with HARD; {@link #NEVER} if none
 * @param answeredNanos end of the last round that held an answer, or in which nothing was awaited
 * @param dueRate goodput at that moment, per second: what the silence is measured against
 * @param stalledSinceNanos when the present STALL began; {@link #NEVER} if there is none
 * @param stoodNanos how long the backend may have stood still of late
 * @param resumedNanos when that was over
 * @param provenNanos until when it is certain to have answered, or had nothing to answer: the
 *     beginning of the round with the last answer, for nobody knows when in it that came
 */
public record Brakes(
    long fastNanos,
    long hardNanos,
    long answeredNanos,
    double dueRate,
    long stalledSinceNanos,
    long stoodNanos,
    long resumedNanos,
    long provenNanos) {
  /** Before any time: far enough back that differences do not overflow. */
  public static final long NEVER = Long.MIN_VALUE / 4;

  /** So long without an answer is a stand-still. */
  private static final long STOOD_NANOS = 1_000_000_000L;

  /** So long without the end of a round nobody was there to say how the backend did. */
  private static final long UNHEARD_NANOS = 3_000_000_000L;

  /** Stand-stills one soon after the other add up to no more than this. */
  private static final long MOST_STOOD_NANOS = 60_000_000_000L;

  private static final double STALL_SECONDS = 0.5;
  private static final long HARD_HOLD_NANOS = 750_000_000L;
  private static final long FAST_HOLD_NANOS = 2_000_000_000L;
  private static final long FAST_CARE_NANOS = 22_000_000_000L;

  static Brakes start(long nowNanos) {
    return new Brakes(NEVER, NEVER, nowNanos, 0, NEVER, 0, nowNanos, nowNanos);
  }

  boolean stalled() {
    return stalledSinceNanos != NEVER;
  }

  /** Whether answers are overdue: 0.5 s of silence in which 20 were due. Only an answer ends it. */
  boolean stalls(Round round) {
    if (round.answered() || stalled()) {
      return stalled() && !round.answered();
    }
    double seconds = (round.endNanos() - answeredNanos) / 1e9;
    return round.inFlight() > 0
        && seconds >= STALL_SECONDS
        && dueRate * seconds >= Goodput.MIN_COMPLETIONS;
  }

  /** Whether the window stays where HARD put it. */
  boolean holdsWindow(long nowNanos) {
    return nowNanos - hardNanos < HARD_HOLD_NANOS;
  }

  /** For 2 s after FAST the ceiling grows by 1 % a round. */
  boolean holdsCeiling(long nowNanos) {
    return nowNanos - fastNanos < FAST_HOLD_NANOS;
  }

  /** For 20 s more it grows by 5 % a round. */
  boolean caresForCeiling(long nowNanos) {
    return nowNanos - fastNanos < FAST_CARE_NANOS;
  }

  Brakes fast(long nowNanos) {
    return with(nowNanos, hardNanos, stalledSinceNanos);
  }

  Brakes hard(long nowNanos) {
    return with(fastNanos, nowNanos, stalledSinceNanos);
  }

  Brakes stall(long nowNanos) {
    return stalled() ? this : with(fastNanos, hardNanos, nowNanos);
  }

  private Brakes with(long fastNanos, long hardNanos, long stalledSinceNanos) {
    return new Brakes(
        fastNanos,
        hardNanos,
        answeredNanos,
        dueRate,
        stalledSinceNanos,
        stoodNanos,
        resumedNanos,
        provenNanos);
  }

  /**
   * After a round without STALL: it heard from the backend, or had nothing to wait for.
   *
   * @param requestNanos how long a request may last
   */
  Brakes heard(Round round, double best, long requestNanos) {
    if (!round.answered() && round.inFlight() > 0) {
      return this;
    }
    long end = round.endNanos();
    long gap = end - answeredNanos;
    boolean stood = round.startNanos() - answeredNanos >= STOOD_NANOS || gap >= UNHEARD_NANOS;
    long before = stood(stood ? answeredNanos : end, requestNanos);
    long all = stood ? Math.min(MOST_STOOD_NANOS, before + gap) : before;
    long resumed = stood ? end : resumedNanos;
    long proven = round.answered() ? round.startNanos() : end;
    return new Brakes(fastNanos, hardNanos, end, best, NEVER, all, resumed, proven);
  }

  /**
   * When the oldest request that may still be at the backend was sent: it has had no time to end
   * while nothing ended.
   *
   * @param requestNanos how long a request may last
   */
  public long askedSince(long nowNanos, long requestNanos) {
    long answered = Math.min(nowNanos, answeredNanos);
    return Math.min(answered, provenNanos) - requestNanos - stood(answered, requestNanos);
  }

  /** Whether no round that is closed has heard from it for a second, though it was asked. */
  public boolean silent(long nowNanos) {
    return nowNanos - answeredNanos >= STOOD_NANOS;
  }

  /** Once it has answered for a request's time again, nothing is left of before. */
  private long stood(long answeredNanos, long requestNanos) {
    return answeredNanos - resumedNanos < requestNanos ? stoodNanos : 0;
  }
}
