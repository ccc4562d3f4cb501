package io.trafficgovernor.admission.recovery;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Verdict;
import java.util.Locale;
import java.util.Optional;

/**
 * What went wrong at which level, and how carefully that level is tried again. Immutable.
 *
 * <p>The way back up to {@value #NEAR} of the level is free. From there the ceiling may grow by
 * {@value #GROWTH} in a round that is not red, by half of that for each time that level has failed
 * before, and by {@value #MIN_GROWTH} at least, until it is {@value #BEYOND} times the level.
 *
 * @param signal the red signal
 * @param value what was measured
 * @param bar what it was held against
 * @param ceilingPerSecond the level that failed
 * @param className the class with most of the bad outcomes; empty if unknown
 * @param node the node that stands out; empty if none does
 * @param times how often that level has failed in this recovery
 * @param limitPerSecond bound of the ceiling now; 0 once the level has held, or if unknown
 */
public record Failed(
    Signal signal,
    double value,
    double bar,
    double ceilingPerSecond,
    String className,
    String node,
    int times,
    double limitPerSecond) {
  static final double NEAR = 0.8;
  static final double BEYOND = 1.1;
  static final double GROWTH = 0.05;
  static final double MIN_GROWTH = 0.01;

  /** A ceiling within that part of the bound tries it. */
  private static final double TRIED = 0.95;

  private static final int MAX_TIMES = 1000;

  /**
   * Whom the bad outcomes of a red round hit.
   *
   * @param className the class that had most of them; empty if there were none
   * @param node the node that had most of them, and more than its part; empty if none stands out
   */
  public record Blame(String className, String node) {
    /** Nobody in particular. */
    public static final Blame NOBODY = new Blame("", "");

    public Blame {
      requireNonNull(className, "className");
      requireNonNull(node, "node");
    }
  }

  public Failed {
    requireNonNull(signal, "signal");
    requireNonNull(className, "className");
    requireNonNull(node, "node");
  }

  /**
   * A level has failed.
   *
   * @param verdict red
   * @param level tokens per second it failed at
   * @param before what failed last; it counts if its level was about the same
   */
  static Failed at(double level, Verdict verdict, Blame blame, Optional<Failed> before) {
    int times =
        before
            .filter(f -> level >= NEAR * f.ceilingPerSecond && NEAR * level <= f.ceilingPerSecond)
            .map(Failed::times)
            .orElse(0);
    return new Failed(
        verdict.signal().orElseThrow(),
        verdict.value(),
        verdict.bar(),
        level,
        blame.className(),
        blame.node(),
        Math.min(MAX_TIMES, times + 1),
        NEAR * level);
  }

  /** After a round with good outcomes that was not red, at that ceiling. */
  Failed tried(double ceiling) {
    if (!cautious() || ceiling < TRIED * limitPerSecond) {
      return this;
    }
    double next = limitPerSecond * (1 + growth());
    return withLimit(next >= BEYOND * ceilingPerSecond ? 0 : next);
  }

  /** An operator wants to go on at once. */
  Failed waived() {
    return withLimit(0);
  }

  private Failed withLimit(double limit) {
    return new Failed(signal, value, bar, ceilingPerSecond, className, node, times, limit);
  }

  private double growth() {
    return Math.max(MIN_GROWTH, GROWTH / Math.pow(2, Math.min(30, times - 1)));
  }

  /** Whether the level has not held yet. */
  public boolean cautious() {
    return limitPerSecond > 0;
  }

  /** Bound of the ceiling, tokens per second; positive infinity if there is none. */
  double cap() {
    return cautious() ? limitPerSecond : Double.POSITIVE_INFINITY;
  }

  /** In words: what an operator's pin fell to, and why. */
  String underPin(double ceilingPerSecond) {
    return String.format(Locale.ROOT, "pin fell to %.0f/s, %s", ceilingPerSecond, words());
  }

  /** In words: signal, value and bar, whom it hit, and at which level. */
  String words() {
    return String.format(
        Locale.ROOT,
        "%s: %.2f, bar %.2f%s%s, at %.0f/s%s",
        signal,
        value,
        bar,
        className.isEmpty() ? "" : ", class " + className,
        node.isEmpty() ? "" : ", node " + node,
        ceilingPerSecond,
        times > 1 ? ", for the " + times + ". time" : "");
  }
}
