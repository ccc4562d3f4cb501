package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.herd.RetryBudget;

/** Applies the rule for retries. Not thread-safe: the controller guards it. */
final class Retries {
  private final RetryRule rule;
  private final RetryBudget budget;
  private final int lowest;

  Retries(RetryRule rule, int classes) {
    this.rule = rule;
    this.budget = new RetryBudget(classes);
    this.lowest = classes - 1;
  }

  private boolean uninvited(Arrival arrival) {
    return rule == RetryRule.MOVED_DOWN && arrival.attempt() == Attempt.RETRY;
  }

  /** The rank it is served at. */
  int place(Arrival arrival) {
    return uninvited(arrival) ? Math.min(lowest, arrival.rank() + 1) : arrival.rank();
  }

  /** Whether it is a retry that its class cannot pay for; pays for it if it can. */
  boolean tooMany(Arrival arrival, long nowNanos) {
    return uninvited(arrival) && !budget.take(arrival.rank(), arrival.cost(), nowNanos);
  }

  /** A request has ended; if it was useful, it pays for retries. */
  void ended(Arrival arrival, Outcome outcome, long nowNanos) {
    if (outcome == Outcome.SUCCESS) {
      budget.earned(arrival.rank(), arrival.cost(), nowNanos);
    }
  }
}
