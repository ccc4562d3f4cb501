package io.trafficgovernor.admission.forecast;

/**
 * How the ceiling rises once slow start is over. A cache that fills gains less and less: under
 * popularities like Zipf's, each time the ramp has lasted e times as long adds the same amount of
 * capacity. So the trend is kept per such fold, not per second. The doublings of slow start are not
 * counted: they say how far the first guess was off, not how fast the backend warms.
 *
 * <p>Immutable. Source of the law and the constants: DESIGN.md, "Forecast".
 *
 * @param ageSeconds since the ramp began; the grid reads 0 from an older version
 * @param perFold tokens per second gained each time the age grows e-fold; 0 until known
 * @param known whether a round without slow start was seen
 */
public record Trend(double ageSeconds, double perFold, boolean known) {
  /** A ramp that has not begun. */
  public static final Trend NONE = new Trend(0, 0, false);

  /** The first seconds are no measure of anything: no ramp is younger. */
  static final double MIN_AGE_SECONDS = 2;

  /** What is expected before it was seen, as a part of the ceiling that slow start leads to. */
  static final double FIRST_FOLD = 0.7;

  /** Slow start about doubles the ceiling once more than it has yet. */
  private static final double SLOW_START_AHEAD = 2;

  /** How many folds it goes back. */
  private static final double MEMORY_FOLDS = 3;

  /**
   * After one more round. What rises and falls again adds up to nothing. Pure.
   *
   * @param slowStart whether the round was part of it
   */
  public Trend after(double ceilingBefore, double ceilingAfter, double seconds, boolean slowStart) {
    if (!(seconds > 0)) {
      return this;
    }
    double age = ageSeconds + seconds;
    double folds = Math.log(Math.max(MIN_AGE_SECONDS, age) / age());
    if (slowStart || folds <= 0) {
      return new Trend(age, perFold, known);
    }
    double expected = known ? perFold : FIRST_FOLD * ceilingBefore;
    double weight = 1 - Math.exp(-folds / MEMORY_FOLDS);
    double seen = (ceilingAfter - ceilingBefore) / folds;
    return new Trend(age, expected + weight * (seen - expected), true);
  }

  /** Seconds the ramp has lasted, as far as the forecast is concerned; more than 0. */
  public double age() {
    return Math.max(MIN_AGE_SECONDS, ageSeconds);
  }

  /**
   * By which part of itself a ceiling grows in the next second; 0 or more.
   *
   * @param ceilingPerSecond where it stands, more than 0
   */
  public double growthPerSecond(double ceilingPerSecond) {
    double part = known ? perFold / ceilingPerSecond : SLOW_START_AHEAD * FIRST_FOLD;
    return Math.max(0, part) / age();
  }
}
