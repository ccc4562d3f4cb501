package io.trafficgovernor.admission.control;

/**
 * When the red signals were last seen, and how long the backend has been silent.
 *
 * @param fastNanos end of the last round with FAST; {@link #NEVER} if none
 * @param hardNanos end of the last round with HARD; {@link #NEVER} if none
 * @param answeredNanos end of the last round that held an answer, or in which nothing was awaited
 * @param dueRate goodput at that moment, per second: what the silence is measured against
 * @param stalledSinceNanos when the present STALL began; {@link #NEVER} if there is none
 */
public record Brakes(
    long fastNanos, long hardNanos, long answeredNanos, double dueRate, long stalledSinceNanos) {
  /** Before any time: far enough back that differences do not overflow. */
  public static final long NEVER = Long.MIN_VALUE / 4;

  private static final double STALL_SECONDS = 0.5;
  private static final long HARD_HOLD_NANOS = 750_000_000L;
  private static final long FAST_HOLD_NANOS = 2_000_000_000L;
  private static final long FAST_CARE_NANOS = 22_000_000_000L;

  static Brakes start(long nowNanos) {
    return new Brakes(NEVER, NEVER, nowNanos, 0, NEVER);
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
    return new Brakes(nowNanos, hardNanos, answeredNanos, dueRate, stalledSinceNanos);
  }

  Brakes hard(long nowNanos) {
    return new Brakes(fastNanos, nowNanos, answeredNanos, dueRate, stalledSinceNanos);
  }

  Brakes stall(long nowNanos) {
    return stalled() ? this : new Brakes(fastNanos, hardNanos, answeredNanos, dueRate, nowNanos);
  }

  /** After a round without STALL: it heard from the backend, or had nothing to wait for. */
  Brakes heard(Round round, double best) {
    boolean settled = round.answered() || round.inFlight() == 0;
    return settled ? new Brakes(fastNanos, hardNanos, round.endNanos(), best, NEVER) : this;
  }
}
