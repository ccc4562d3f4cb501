package io.trafficgovernor.admission.recovery;

import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered across phases.
 *
 * @param redNanos end of the last red round; {@link Brakes#NEVER} if none
 * @param hardNanos end of the last round with HARD; {@link Brakes#NEVER} if none
 * @param outages when OUTAGE was entered, of the last 30 s; bounded
 * @param rollbacks when ROLLBACK was entered, of the last 30 s; bounded
 * @param rampNanos time spent in RAMPING since the ramp began; a fail-over delays, never advances
 *     it
 * @param rungs ceilings that were green, rising; where a rollback can go
 * @param reachedOpen whether OPEN was ever reached: the first boot need not wait a minute for it
 * @param failed what caused the last rollback or outage of this recovery
 */
public record Memory(
    long redNanos,
    long hardNanos,
    List<Long> outages,
    List<Long> rollbacks,
    long rampNanos,
    List<Double> rungs,
    boolean reachedOpen,
    Optional<Failed> failed) {
  private static final long RECENT_NANOS = 30_000_000_000L;
  private static final int MAX_RECENT = 8;
  private static final double RUNG_STEP = 1.25;
  private static final int MAX_RUNGS = 64;

  public static final Memory NONE =
      new Memory(
          Brakes.NEVER, Brakes.NEVER, List.of(), List.of(), 0, List.of(), false, Optional.empty());

  public Memory {
    outages = List.copyOf(outages);
    rollbacks = List.copyOf(rollbacks);
    rungs = List.copyOf(rungs);
  }

  Memory afterRound(RoundFacts facts, boolean ramping) {
    boolean red = facts.verdict().red();
    boolean hard = facts.verdict().signal().filter(s -> s == Signal.HARD).isPresent();
    return new Memory(
        red ? facts.endNanos() : redNanos,
        hard ? facts.endNanos() : hardNanos,
        outages,
        rollbacks,
        rampNanos + (ramping ? facts.durationNanos() : 0),
        facts.verdict().green() ? climbed(facts.level().ceiling()) : rungs,
        reachedOpen,
        red || facts.goodOutcomes() == 0
            ? failed
            : failed.map(f -> f.tried(facts.level().ceiling())));
  }

  private List<Double> climbed(double ceiling) {
    List<Double> climbed = below(ceiling * (1 + 1e-9));
    if (climbed.isEmpty() || ceiling >= RUNG_STEP * climbed.get(climbed.size() - 1)) {
      climbed.add(ceiling);
    }
    return climbed.subList(Math.max(0, climbed.size() - MAX_RUNGS), climbed.size());
  }

  private List<Double> below(double ceiling) {
    return new ArrayList<>(rungs.stream().filter(rung -> rung < ceiling).toList());
  }

  /** The highest green ceiling clearly below the present one; half of it if there is none. */
  double lastGreenStep(double ceiling) {
    List<Double> lower = below(ceiling / RUNG_STEP * (1 + 1e-9));
    return lower.isEmpty() ? ceiling / 2 : lower.get(lower.size() - 1);
  }

  Memory enteredOutage(long nowNanos) {
    return new Memory(
        redNanos,
        hardNanos,
        recent(outages, nowNanos),
        List.of(),
        rampNanos,
        List.of(),
        reachedOpen,
        failed);
  }

  /** Bound of the ceiling that comes from what failed; positive infinity if there is none. */
  double cap() {
    return failed.map(Failed::cap).orElse(Double.POSITIVE_INFINITY);
  }

  Memory with(Optional<Failed> failed) {
    return new Memory(
        redNanos, hardNanos, outages, rollbacks, rampNanos, rungs, reachedOpen, failed);
  }

  Memory enteredRollback(Optional<Failed> cause, long nowNanos) {
    return new Memory(
        redNanos,
        hardNanos,
        outages,
        recent(rollbacks, nowNanos),
        rampNanos,
        rungs,
        reachedOpen,
        cause.or(() -> failed));
  }

  /** All is well: nothing of the incident is held against the backend. */
  public Memory enteredOpen() {
    return new Memory(
        redNanos, hardNanos, List.of(), List.of(), 0, List.of(), true, Optional.empty());
  }

  Memory rampStarted() {
    return withRampNanos(0);
  }

  Memory withRampNanos(long rampNanos) {
    return new Memory(
        redNanos, hardNanos, outages, rollbacks, rampNanos, rungs, reachedOpen, failed);
  }

  int recentOutages(long nowNanos) {
    return (int) outages.stream().filter(at -> nowNanos - at <= RECENT_NANOS).count();
  }

  int recentRollbacks(long nowNanos) {
    return (int) rollbacks.stream().filter(at -> nowNanos - at <= RECENT_NANOS).count();
  }

  private static List<Long> recent(List<Long> before, long nowNanos) {
    List<Long> kept =
        new ArrayList<>(before.stream().filter(at -> nowNanos - at <= RECENT_NANOS).toList());
    kept.add(nowNanos);
    return kept.subList(Math.max(0, kept.size() - MAX_RECENT), kept.size());
  }
}
