package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.lease.ClassReport;

/**
 * How one class fares in the whole cluster, smoothed over the last second or so; for display only.
 * All in tokens per second: a request that costs several counts as that many.
 *
 * @param offered what came in, retries included
 * @param admitted what was sent to the backend
 * @param shed what was refused here
 * @param answered what ended
 * @param succeeded what succeeded
 * @param first of those that came in, those that were not recognised as retries
 */
public record ClassRates(
    double offered, double admitted, double shed, double answered, double succeeded, double first) {
  private static final double MEMORY_SECONDS = 1;

  /** What one first attempt is shown as at most: beside no first attempts any number would do. */
  private static final double MOST_AMPLIFIED = 100;

  static final ClassRates NONE = new ClassRates(0, 0, 0, 0, 0, 0);

  ClassRates after(ClassReport added, double seconds) {
    double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
    return new ClassRates(
        mixed(offered, (added.firstAttempts() + added.retries()) / seconds, weight),
        mixed(admitted, added.admitted() / seconds, weight),
        mixed(shed, added.shed() / seconds, weight),
        mixed(answered, added.outcomes().completions() / seconds, weight),
        mixed(succeeded, added.outcomes().success() / seconds, weight),
        mixed(first, added.firstAttempts() / seconds, weight));
  }

  /** Whether there are outcomes to speak of. */
  public boolean judged() {
    return answered >= 0.01;
  }

  /** Successes over outcomes, in [0, 1]; 1 while there is nothing to judge. */
  public double successRatio() {
    return judged() ? Math.min(1, succeeded / answered) : 1;
  }

  /** Arrivals for each first attempt, 1 to {@value #MOST_AMPLIFIED}; 1 while nothing arrives. */
  public double amplification() {
    return offered < 0.01 ? 1 : offered / Math.max(first, offered / MOST_AMPLIFIED);
  }

  private static double mixed(double before, double now, double weight) {
    return before + weight * (now - before);
  }
}
