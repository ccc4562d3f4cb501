package io.trafficgovernor.admission.ramp;

import java.util.List;

/**
 * Upper bound of the ceiling over the time spent ramping. Only ever a bound: the controller's
 * evidence may keep the ceiling lower, and no plan can lift it.
 */
public sealed interface RampPlan {
  /**
   * Most tokens per second at {@code elapsedNanos} of ramp time; positive infinity where the plan
   * sets no bound. Never falls over time. Pure.
   *
   * @param elapsedNanos time spent in a rising phase, at least 0
   */
  double limitPerSecond(long elapsedNanos);

  /** Its name in the configuration and in the status. */
  String word();

  /**
   * Ramp time at which the next step begins; {@code elapsedNanos} itself where there are no steps.
   * Pure.
   */
  default long nextStepNanos(long elapsedNanos) {
    return elapsedNanos;
  }

  /** No bound of its own: the evidence alone sets the pace. */
  record Adaptive() implements RampPlan {
    @Override
    public String word() {
      return "adaptive";
    }

    @Override
    public double limitPerSecond(long elapsedNanos) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /** From {@code startPerSecond} to {@code targetPerSecond} in a straight line, then no bound. */
  record Linear(double startPerSecond, double targetPerSecond, long durationNanos)
      implements RampPlan {
    public Linear {
      requireRate("start", startPerSecond);
      requireRate("target", targetPerSecond);
      requireDuration("duration", durationNanos);
      if (targetPerSecond < startPerSecond) {
        throw new IllegalArgumentException(
            "target: got "
                + targetPerSecond
                + "/s, allowed the start ("
                + startPerSecond
                + "/s) or more");
      }
    }

    @Override
    public String word() {
      return "linear";
    }

    @Override
    public double limitPerSecond(long elapsedNanos) {
      if (elapsedNanos >= durationNanos) {
        return Double.POSITIVE_INFINITY;
      }
      double part = elapsedNanos / (double) durationNanos;
      return startPerSecond + part * (targetPerSecond - startPerSecond);
    }
  }

  /** From {@code startPerSecond}, multiplied by {@code factor} in each period, without stairs. */
  record Exponential(double startPerSecond, double factor, long periodNanos) implements RampPlan {
    public Exponential {
      requireRate("start", startPerSecond);
      requireDuration("period", periodNanos);
      requireFactor(factor);
    }

    @Override
    public String word() {
      return "exponential";
    }

    @Override
    public double limitPerSecond(long elapsedNanos) {
      return startPerSecond * Math.pow(factor, elapsedNanos / (double) periodNanos);
    }
  }

  /** One step after another, each for its dwell; no bound after the last. */
  record Steps(List<Step> steps) implements RampPlan {
    /** A level and how long it lasts. */
    public record Step(double ratePerSecond, long dwellNanos) {
      public Step {
        requireRate("rate", ratePerSecond);
        requireDuration("dwell", dwellNanos);
      }
    }

    public Steps {
      steps = List.copyOf(steps);
      if (steps.isEmpty()) {
        throw new IllegalArgumentException("steps: got none, allowed 1 or more");
      }
      for (int i = 1; i < steps.size(); i++) {
        if (steps.get(i).ratePerSecond() < steps.get(i - 1).ratePerSecond()) {
          throw new IllegalArgumentException(
              "steps: got a rate of "
                  + steps.get(i).ratePerSecond()
                  + "/s after "
                  + steps.get(i - 1).ratePerSecond()
                  + "/s, allowed rising rates");
        }
      }
    }

    @Override
    public String word() {
      return "steps";
    }

    @Override
    public double limitPerSecond(long elapsedNanos) {
      long end = 0;
      for (Step step : steps) {
        end += step.dwellNanos();
        if (elapsedNanos < end) {
          return step.ratePerSecond();
        }
      }
      return Double.POSITIVE_INFINITY;
    }

    @Override
    public long nextStepNanos(long elapsedNanos) {
      long end = 0;
      for (Step step : steps) {
        end += step.dwellNanos();
        if (elapsedNanos < end) {
          return end;
        }
      }
      return elapsedNanos;
    }
  }

  /**
   * The 500/50/5 rule of Google's Datastore: at most 500 per second at first, 50 % more every 5
   * minutes.
   */
  record FiveHundredFiftyFive() implements RampPlan {
    private static final double START_PER_SECOND = 500;
    private static final double FACTOR = 1.5;
    private static final long PERIOD_NANOS = 300_000_000_000L;

    @Override
    public String word() {
      return "500-50-5";
    }

    @Override
    public double limitPerSecond(long elapsedNanos) {
      long periods = elapsedNanos / PERIOD_NANOS;
      return START_PER_SECOND * Math.pow(FACTOR, (double) periods);
    }

    @Override
    public long nextStepNanos(long elapsedNanos) {
      return (elapsedNanos / PERIOD_NANOS + 1) * PERIOD_NANOS;
    }
  }

  private static void requireRate(String what, double ratePerSecond) {
    if (!(ratePerSecond > 0) || Double.isInfinite(ratePerSecond)) {
      throw new IllegalArgumentException(
          what + ": got " + ratePerSecond + "/s, allowed more than 0");
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor > 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("factor: got " + factor + ", allowed more than 1");
    }
  }

  private static void requireDuration(String what, long nanos) {
    if (nanos <= 0) {
      throw new IllegalArgumentException(what + ": got " + nanos + " ns, allowed more than 0");
    }
  }
}
