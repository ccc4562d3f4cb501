package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * I3 and I4: the ceiling is raised at most to a fixed factor of the goodput demonstrated in the
 * last 2 s, and falls back to it when it is not used. Looked at twice: by what the ledger says it
 * has seen, exactly; and by the answers that the nodes really had, with the slack that the time of
 * their reports needs; the second is noted as I3-late.
 */
final class Evidence implements Witness {
  private static final double BOLD = 2;
  private static final double USUAL = 1.5;
  private static final double DECAY = 0.9;
  private static final double ROUNDING = 1e-6;
  private static final double SLOTS_OF_FLOOR = 8;
  private static final double TIMEOUT_SHARE_OF_FLOOR = 0.25;

  /** Rounds are at least this long; reports of two renewals may fall into one. */
  private static final long ROUND_NANOS = 250_000_000L;

  private static final long REPORTS_NANOS = 200_000_000L;

  /** Best of 2 s, taken over up to 5 s of rounds, reported and closed up to 2 s later. */
  private static final long MEMORY_NANOS = 9_000_000_000L;

  private static final Set<Phase> EXEMPT =
      EnumSet.of(Phase.OPEN, Phase.OUTAGE, Phase.FROZEN, Phase.ISOLATED);

  private final double timeoutSeconds;
  private final Violations violations;
  private final Deque<Long> answers = new ArrayDeque<>();
  private final Deque<Rate> falling = new ArrayDeque<>();
  private long fastUntilNanos;

  private record Rate(long atNanos, double perSecond) {}

  /**
   * A witness of the evidence.
   *
   * @param timeoutSeconds the least of the classes' time-outs
   */
  Evidence(double timeoutSeconds, Violations violations) {
    this.timeoutSeconds = timeoutSeconds;
    this.violations = violations;
  }

  @Override
  public void answered(Asked asked, boolean good, long nowNanos) {
    if (!good) {
      return;
    }
    answers.addLast(nowNanos);
    while (nowNanos - answers.peekFirst() > ROUND_NANOS + REPORTS_NANOS) {
      answers.removeFirst();
    }
    double rate = answers.size() / (ROUND_NANOS / 1e9);
    while (!falling.isEmpty() && falling.peekLast().perSecond() <= rate) {
      falling.removeLast();
    }
    falling.addLast(new Rate(nowNanos, rate));
  }

  /** The best rate that any round of the last seconds can have shown. */
  private double demonstrated(long nowNanos) {
    while (!falling.isEmpty() && nowNanos - falling.peekFirst().atNanos() > MEMORY_NANOS) {
      falling.removeFirst();
    }
    return falling.isEmpty() ? 0 : falling.peekFirst().perSecond();
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    if (before == null || EXEMPT.contains(after.recovery().phase())) {
      return;
    }
    ControllerState from = before.control().controller();
    ControllerState to = after.control().controller();
    if (from.equals(to) || EXEMPT.contains(before.recovery().phase())) {
      return;
    }
    if (to.brakes().fastNanos() != from.brakes().fastNanos()) {
      fastUntilNanos = to.brakes().fastNanos() + 2_000_000_000L;
    }
    double floor =
        Math.max(
            after.control().reference().minCeiling(),
            SLOTS_OF_FLOOR / (TIMEOUT_SHARE_OF_FLOOR * timeoutSeconds));
    boolean begun = before.recovery().phase() != after.recovery().phase();
    if (!begun || judged(from, to)) {
      raise(from, to, floor, nowNanos);
    }
    if (judged(from, to)) {
      decay(from, to, floor, after, nowNanos);
    }
  }

  /** Whether a round has added to what is known; a new owner takes away from it instead. */
  private static boolean judged(ControllerState from, ControllerState to) {
    return !to.goodput().samples().isEmpty()
        && !to.goodput().samples().equals(from.goodput().samples())
        && !from.goodput().samples().containsAll(to.goodput().samples());
  }

  private void raise(ControllerState from, ControllerState to, double floor, long nowNanos) {
    double ceiling = to.level().ceiling();
    if (ceiling <= from.level().ceiling() * (1 + ROUNDING)) {
      return;
    }
    boolean restarted = from.brakes().stalledSinceNanos() != Brakes.NEVER;
    boolean bold =
        restarted
            || from.level().slowStart()
            || from.level().ceiling() < 0.5 * from.level().knownGood();
    double factor = bold ? BOLD : USUAL;
    double said = factor * to.goodput().best();
    if (ceiling > Math.max(floor, said) * (1 + ROUNDING)) {
      violations.add(
          "I3",
          nowNanos,
          "ceiling raised to %.1f/s, allowed %.1f times the goodput seen, %.1f/s"
              .formatted(ceiling, factor, said));
    }
    double real = factor * demonstrated(nowNanos);
    if (ceiling > Math.max(floor, real) * (1 + ROUNDING)) {
      violations.add(
          "I3-late",
          nowNanos,
          "ceiling raised to %.1f/s, allowed %.1f times what the nodes were really answered, %.1f/s"
              .formatted(ceiling, factor, real));
    }
  }

  private void decay(
      ControllerState from, ControllerState to, double floor, LedgerState after, long nowNanos) {
    double ceiling = to.level().ceiling();
    double unused = Math.max(floor, DECAY * from.level().ceiling());
    boolean used = ceiling <= BOLD * to.goodput().best() * (1 + ROUNDING);
    boolean held = after.nowNanos() - fastUntilNanos < 0;
    if (!used && !held && ceiling > unused * (1 + ROUNDING)) {
      violations.add(
          "I4",
          nowNanos,
          "ceiling of %.1f/s stays at %.1f/s, goodput seen %.1f/s"
              .formatted(from.level().ceiling(), ceiling, to.goodput().best()));
    }
  }
}
