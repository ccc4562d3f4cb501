package io.trafficgovernor.admission.gate;

/**
 * How a class that others depend on fares. Both ratios fade: each over its last {@value #KEPT}
 * requests or {@value #KEPT_SECONDS} s, whichever is less.
 *
 * @param asked requests that were admitted or refused here
 * @param admitted those that were admitted
 * @param outcomes how many ended, those that the backend refused apart
 * @param succeeded successes, usual failures included
 * @param idleSeconds for how long nobody has asked for it, but for a stray request a second
 */
public record ParentHealth(
    double asked, double admitted, double outcomes, double succeeded, double idleSeconds) {
  static final int KEPT = 100;
  static final int KEPT_SECONDS = 10;
  private static final double MIN_OUTCOMES = 20;
  private static final double IDLE_PER_SECOND = 1;
  private static final double IDLE_AFTER_SECONDS = 3;

  static final ParentHealth UNKNOWN = new ParentHealth(0, 0, 0, 0, 0);

  /**
   * What a round added to one class.
   *
   * @param admitted requests let through
   * @param shed requests refused here
   * @param outcomes how many ended, those that the backend refused apart
   * @param succeeded successes, usual failures included
   */
  public record Added(long admitted, long shed, long outcomes, double succeeded) {}

  ParentHealth after(Added added, double seconds) {
    double askedKept = kept(asked, seconds);
    double endedKept = kept(outcomes, seconds);
    long requests = added.admitted() + added.shed();
    boolean idle = requests < IDLE_PER_SECOND * seconds;
    return new ParentHealth(
        askedKept * asked + requests,
        askedKept * admitted + added.admitted(),
        endedKept * outcomes + added.outcomes(),
        endedKept * succeeded + added.succeeded(),
        idle ? idleSeconds + seconds : 0);
  }

  private static double kept(double count, double seconds) {
    return (count <= KEPT ? 1 : KEPT / count) * Math.exp(-seconds / KEPT_SECONDS);
  }

  /** Whether nobody asks for it: then nobody need wait for it. */
  boolean idle() {
    return idleSeconds >= IDLE_AFTER_SECONDS;
  }

  /** Whether there is enough to judge it by. */
  boolean known() {
    return outcomes >= MIN_OUTCOMES;
  }

  /** Part of its requests that were admitted, in [0, 1]; 1 while there were none. */
  double served() {
    return asked < 1 ? 1 : Math.min(1, admitted / asked);
  }

  /** Part of its outcomes that were good, in [0, 1]; 1 while there were none. */
  double success() {
    return outcomes < 1 ? 1 : Math.min(1, succeeded / outcomes);
  }

  boolean failing() {
    return known() && (served() < Gates.CLOSE_SERVED || success() < Gates.CLOSE_SUCCESS);
  }

  boolean well() {
    return idle() || (served() >= Gates.OPEN_SERVED && success() >= Gates.OPEN_SUCCESS);
  }
}
