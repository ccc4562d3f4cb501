package io.trafficgovernor.observe;

/** Figures for people: three decimals are enough. */
public final class Figures {
  private Figures() {}

  /** The value with three decimals; what is not finite stays as it is. Pure. */
  public static double rounded(double value) {
    return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : value;
  }

  /** That many nanoseconds in milliseconds, with three decimals. Pure. */
  public static double millis(long nanos) {
    return rounded(nanos / 1e6);
  }
}
