package io.trafficgovernor.loadtest.scenario;

/** Which node a client's attempt comes to. */
public sealed interface NodeChoice {
  /** Any of them, alike. */
  record Even() implements NodeChoice {}

  /** The k-th node in proportion to k to the power of minus the exponent. */
  record Skewed(double exponent) implements NodeChoice {}

  /** One node gets that share; which one changes from time to time. */
  record MovingHot(double share, double everySeconds) implements NodeChoice {}
}
