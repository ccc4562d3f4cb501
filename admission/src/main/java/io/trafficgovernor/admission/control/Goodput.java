package io.trafficgovernor.admission.control;

import java.util.ArrayList;
import java.util.List;

/**
 * The demonstrated goodput: what the backend was seen to do, over the last rounds. Immutable; holds
 * at most the rounds of {@value #KEPT_SECONDS} s.
 *
 * @param samples one for each round, oldest first
 */
public record Goodput(List<Sample> samples) {
  /** Completions a rate must rest on. */
  static final int MIN_COMPLETIONS = 20;

  static final int KEPT_SECONDS = 5;
  private static final double MIN_SECONDS = 1;
  private static final long BEST_OF_NANOS = 2_000_000_000L;

  public static final Goodput NONE = new Goodput(List.of());

  /**
   * One round.
   *
   * @param useful successes, usual failures included
   * @param answers answers in time per class
   * @param rate g as it was at the end of this round, per second
   */
  public record Sample(
      long endNanos,
      long durationNanos,
      double useful,
      long completions,
      List<Long> answers,
      double rate) {
    public Sample {
      answers = List.copyOf(answers);
    }

    private double seconds() {
      return durationNanos / 1e9;
    }
  }

  public Goodput {
    samples = List.copyOf(samples);
  }

  /**
   * With one more round. Its rate g is taken over the last rounds that together last 1 s and hold
   * 20 completions; in slow start the round alone may raise it if it holds 20.
   */
  Goodput plus(Round round, double useful, boolean slowStart) {
    long completions = round.total().ended();
    List<Long> answers = round.tallies().stream().map(Tally::answers).toList();
    long duration = round.endNanos() - round.startNanos();
    Sample unrated = new Sample(round.endNanos(), duration, useful, completions, answers, 0);
    List<Sample> kept = new ArrayList<>();
    for (Sample sample : samples) {
      if (round.endNanos() - sample.endNanos() < KEPT_SECONDS * 1_000_000_000L) {
        kept.add(sample);
      }
    }
    kept.add(unrated);
    double rate = rateOver(kept);
    if (slowStart && completions >= MIN_COMPLETIONS) {
      rate = Math.max(rate, useful / unrated.seconds());
    }
    kept.set(
        kept.size() - 1,
        new Sample(round.endNanos(), duration, useful, completions, answers, rate));
    return new Goodput(kept);
  }

  private static double rateOver(List<Sample> samples) {
    double seconds = 0;
    double useful = 0;
    long completions = 0;
    for (int i = samples.size() - 1; i >= 0; i--) {
      Sample sample = samples.get(i);
      seconds += sample.seconds();
      useful += sample.useful();
      completions += sample.completions();
      if (seconds >= MIN_SECONDS && completions >= MIN_COMPLETIONS) {
        break;
      }
    }
    return useful / seconds;
  }

  /** G: the best rate g of the last 2 s, per second; 0 when nothing was seen. */
  public double best() {
    return recent().stream().mapToDouble(Sample::rate).max().orElse(0);
  }

  /** Part of the answers of the last 2 s that each class had; empty if there were none. */
  List<Double> shares() {
    List<Sample> recent = recent();
    long total = recent.stream().flatMap(s -> s.answers().stream()).mapToLong(n -> n).sum();
    if (total == 0) {
      return List.of();
    }
    List<Double> shares = new ArrayList<>();
    for (int rank = 0; rank < recent.get(0).answers().size(); rank++) {
      int of = rank;
      shares.add(recent.stream().mapToLong(s -> s.answers().get(of)).sum() / (double) total);
    }
    return shares;
  }

  private List<Sample> recent() {
    if (samples.isEmpty()) {
      return samples;
    }
    long end = samples.get(samples.size() - 1).endNanos();
    return samples.stream().filter(s -> end - s.endNanos() < BEST_OF_NANOS).toList();
  }
}
