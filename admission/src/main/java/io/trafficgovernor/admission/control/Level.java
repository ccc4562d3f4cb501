package io.trafficgovernor.admission.control;

/**
 * Where the controller stands.
 *
 * @param ceiling tokens per second for the whole cluster, 0 or more
 * @param window requests in flight for the whole cluster, 0 or more
 * @param slowStart whether growth doubles until the window binds
 * @param knownGood a level that has held before: below half of it growth doubles; 0 if none
 */
public record Level(double ceiling, double window, boolean slowStart, double knownGood) {
  /** Nothing passes. */
  public static final Level CLOSED = new Level(0, 0, false, 0);

  public Level withCeiling(double ceiling) {
    return new Level(ceiling, window, slowStart, knownGood);
  }

  Level withSlowStart(boolean slowStart) {
    return new Level(ceiling, window, slowStart, knownGood);
  }
}
