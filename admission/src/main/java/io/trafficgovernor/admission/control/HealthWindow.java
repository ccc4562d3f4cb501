package io.trafficgovernor.admission.control;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Share of errors over the latest outcomes: at least {@value #MIN_OUTCOMES} of them, none older
 * than {@value #MAX_AGE_SECONDS} s. Immutable; rounds beyond what is needed are dropped, so at most
 * {@value #MIN_OUTCOMES} stay.
 *
 * @param samples one per round with outcomes, oldest first
 */
public record HealthWindow(List<Sample> samples) {
  static final int MIN_OUTCOMES = 20;
  static final int MAX_AGE_SECONDS = 30;

  public static final HealthWindow EMPTY = new HealthWindow(List.of());

  /** Errors and outcomes of one round; at least one outcome. */
  public record Sample(long endNanos, double errors, long outcomes) {}

  public HealthWindow {
    samples = List.copyOf(samples);
  }

  /** With the outcomes of one more round; time-outs and unusual failures are errors. */
  public HealthWindow plus(Round round, Reference reference) {
    Tally total = round.total();
    long outcomes = total.ended();
    if (outcomes == 0) {
      return this;
    }
    double errors = total.inRequests(total.timeout() + round.unusualFailures(reference));
    List<Sample> kept = new ArrayList<>();
    long newer = outcomes;
    for (int i = samples.size() - 1; i >= 0 && newer < MIN_OUTCOMES; i--) {
      kept.add(0, samples.get(i));
      newer += samples.get(i).outcomes();
    }
    kept.add(new Sample(round.endNanos(), errors, outcomes));
    return new HealthWindow(kept);
  }

  /** Share of errors, in [0, 1]; empty while fewer than 20 outcomes are young enough. */
  public OptionalDouble errorShare(long nowNanos) {
    double errors = 0;
    long outcomes = 0;
    for (Sample sample : samples) {
      if (nowNanos - sample.endNanos() <= MAX_AGE_SECONDS * 1_000_000_000L) {
        errors += sample.errors();
        outcomes += sample.outcomes();
      }
    }
    return outcomes < MIN_OUTCOMES ? OptionalDouble.empty() : OptionalDouble.of(errors / outcomes);
  }
}
