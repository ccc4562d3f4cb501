package io.trafficgovernor.admission.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Measures the {@link Reference} while all is well: medians over the last five minutes, kept as one
 * sample per {@value #SAMPLE_SECONDS} s. Immutable; at most {@value #MAX_SAMPLES} samples.
 *
 * @param samples oldest first
 * @param open what the sample under way holds
 */
public record ReferenceMeter(List<Sample> samples, Sample open) {
  static final int SAMPLE_SECONDS = 5;
  static final int MAX_SAMPLES = 60;

  /** Samples that must exist before a measured value replaces the configured one. */
  private static final int MIN_SAMPLES = 2;

  /** A class that fails more often than this is never taken for well. */
  static final double MAX_USUAL_FAILURES = 0.2;

  /** So much a share of failures that is usual may rise, per second: 2 points in 5 minutes. */
  private static final double RISE_PER_SECOND = 0.02 / 300;

  public static final ReferenceMeter EMPTY = new ReferenceMeter(List.of(), Sample.EMPTY);

  public ReferenceMeter {
    samples = List.copyOf(samples);
  }

  /** Sums over some seconds without a red signal. */
  public record Sample(double seconds, double useful, List<Tally> tallies) {
    static final Sample EMPTY = new Sample(0, 0, List.of());

    public Sample {
      tallies = List.copyOf(tallies);
    }

    private Sample plus(Round round, double useful) {
      List<Tally> sums = new ArrayList<>();
      for (int rank = 0; rank < round.tallies().size(); rank++) {
        Tally before = rank < tallies.size() ? tallies.get(rank) : Tally.NONE;
        sums.add(before.plus(round.tallies().get(rank)));
      }
      return new Sample(seconds + round.seconds(), this.useful + useful, sums);
    }

    private double rate() {
      return useful / seconds;
    }

    private double latencySeconds() {
      Tally total = tallies.stream().reduce(Tally.NONE, Tally::plus);
      return total.answers() == 0 ? 0 : total.latencyNanos() / 1e9 / total.answers();
    }
  }

  /** With one more round of OPEN in which nothing was red. */
  public ReferenceMeter plus(Round round, Reference reference) {
    Sample grown = open.plus(round, round.useful(reference));
    if (grown.seconds() < SAMPLE_SECONDS) {
      return new ReferenceMeter(samples, grown);
    }
    List<Sample> kept = new ArrayList<>(samples);
    kept.add(grown);
    return new ReferenceMeter(
        kept.subList(Math.max(0, kept.size() - MAX_SAMPLES), kept.size()), Sample.EMPTY);
  }

  /**
   * What has been measured; {@code before} where too little was. A usual share of failures, once
   * known, rises slowly and falls at once: a backend that gets worse must not pass for well.
   *
   * @param seconds since this was last asked
   */
  public Reference reference(Reference before, double seconds) {
    if (samples.size() < MIN_SAMPLES) {
      return before;
    }
    double peak = samples.stream().mapToDouble(Sample::rate).max().orElse(0);
    double rate = median(samples.stream().map(Sample::rate).toList());
    double latency = median(samples.stream().map(Sample::latencySeconds).toList());
    return rate > 0 ? new Reference(rate, latency, usual(before, seconds), peak) : before;
  }

  private List<Double> usual(Reference before, double seconds) {
    List<Double> measured = failureShares();
    List<Double> usual = new ArrayList<>();
    for (int rank = 0; rank < measured.size(); rank++) {
      boolean known = rank < before.failureShares().size();
      double most =
          known ? before.failureShares().get(rank) + RISE_PER_SECOND * seconds : MAX_USUAL_FAILURES;
      usual.add(Math.min(Math.min(measured.get(rank), most), MAX_USUAL_FAILURES));
    }
    return usual;
  }

  private List<Double> failureShares() {
    List<Tally> sums = new ArrayList<>(samples.get(0).tallies());
    for (Sample sample : samples.subList(1, samples.size())) {
      for (int rank = 0; rank < sums.size(); rank++) {
        sums.set(rank, sums.get(rank).plus(sample.tallies().get(rank)));
      }
    }
    return sums.stream()
        .map(sum -> sum.answers() == 0 ? 0.0 : sum.failure() / (double) sum.answers())
        .toList();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
    return sorted.get(sorted.size() / 2);
  }
}
