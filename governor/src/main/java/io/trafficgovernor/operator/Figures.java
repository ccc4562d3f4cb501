package io.trafficgovernor.operator;

/** Figures for people: three decimals are enough. */
final class Figures {
  private Figures() {}

  static double rounded(double value) {
    return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : value;
  }

  static double millis(long nanos) {
    return rounded(nanos / 1e6);
  }
}
