package io.trafficgovernor.admission.herd;

/**
 * Where the ceiling is going, as far as one can tell: it grows by the same part of itself every
 * second, as it did lately.
 *
 * @param ceilingPerSecond now, more than 0
 * @param growthPerSecond of the logarithm of the ceiling, in [{@value #MIN_GROWTH}, {@value
 *     #MAX_GROWTH}]
 */
public record PlannedRamp(double ceilingPerSecond, double growthPerSecond) {
  /** A ceiling that does not rise at all would send clients away for good. */
  public static final double MIN_GROWTH = 0.002;

  /** Nobody is called back faster than this. */
  public static final double MAX_GROWTH = 0.2;

  /** What a ramp is expected to do before it has shown anything. */
  public static final double FIRST_GROWTH = 0.1;

  /** What the growth is smoothed over. */
  public static final double MEMORY_SECONDS = 10;

  public PlannedRamp {
    if (!(ceilingPerSecond > 0)) {
      throw new IllegalArgumentException(
          "ceiling: got " + ceilingPerSecond + " tokens/s, allowed more than 0");
    }
    growthPerSecond = Math.max(MIN_GROWTH, Math.min(MAX_GROWTH, growthPerSecond));
  }

  /**
   * The growth after one more round, smoothed over {@value #MEMORY_SECONDS} s. What rises and falls
   * again adds up to nothing. Pure.
   *
   * @param before the growth up to then
   * @param ceilingBefore 0 or more; 0 leaves the growth as it was
   */
  public static double growth(
      double before, double ceilingBefore, double ceilingAfter, double seconds) {
    if (ceilingBefore <= 0 || ceilingAfter <= 0 || seconds <= 0) {
      return before;
    }
    double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
    return before + weight * (Math.log(ceilingAfter / ceilingBefore) / seconds - before);
  }

  /** The ceiling in that many seconds, tokens per second. */
  public double ceilingIn(double seconds) {
    return ceilingPerSecond * Math.exp(growthPerSecond * seconds);
  }

  /** Seconds until the ceiling is that high; 0 if it is. */
  public double secondsUntil(double perSecond) {
    return Math.log(Math.max(1, perSecond / ceilingPerSecond)) / growthPerSecond;
  }
}
