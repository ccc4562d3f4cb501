package io.trafficgovernor.admission.gate;

/**
 * How a class that others depend on fares. Both ratios fade: each over its last {@value #KEPT}
 * requests or {@value #KEPT_SECONDS} s, whichever is less; three rounds that were well wipe the
 * slate.
 *
 * @param asked requests that were admitted or refused here
 * @param admitted those that were admitted
 * @param outcomes how many ended, those that the backend refused apart
 * @param succeeded successes, usual failures and their scatter included
 * @param idleSeconds for how long nobody has asked for it, but for a stray request a second
 * @param wellRounds successive rounds in which it did well, each judged by itself: what lies behind
 *     must not keep others waiting
 */
public record ParentHealth(
    double asked,
    double admitted,
    double outcomes,
    double succeeded,
    double idleSeconds,
    int wellRounds) {
  static final int KEPT = 100;
  static final int KEPT_SECONDS = 10;
  private static final double MIN_OUTCOMES = 20;
  private static final double IDLE_PER_SECOND = 1;
  private static final double IDLE_AFTER_SECONDS = 3;

  static final ParentHealth UNKNOWN = new ParentHealth(0, 0, 0, 0, 0, 0);

  /**
   * What a round added to one class.
   *
   * @param admitted requests let through
   * @param shed requests refused here
   * @param outcomes how many ended, those that the backend refused apart
   * @param succeeded successes, usual failures and their scatter included
   */
  public record Added(long admitted, long shed, long outcomes, double succeeded) {}

  ParentHealth after(Added added, double seconds) {
    int well = wellRounds(added);
    boolean forgiven = well >= Gates.ROUNDS;
    double askedKept = forgiven ? 0 : kept(asked, seconds);
    double endedKept = forgiven ? 0 : kept(outcomes, seconds);
    long requests = added.admitted() + added.shed();
    boolean idle = requests < IDLE_PER_SECOND * seconds;
    return new ParentHealth(
        askedKept * asked + requests,
        askedKept * admitted + added.admitted(),
        endedKept * outcomes + added.outcomes(),
        endedKept * succeeded + added.succeeded(),
        idle ? idleSeconds + seconds : 0,
        well);
  }

  /** A round in which nobody asked and nothing ended says nothing. */
  private int wellRounds(Added added) {
    long requests = added.admitted() + added.shed();
    if (requests == 0 && added.outcomes() == 0) {
      return wellRounds;
    }
    boolean well =
        added.admitted() >= Gates.OPEN_SERVED * requests
            && added.succeeded() >= Gates.OPEN_SUCCESS * added.outcomes();
    return well ? Math.min(Gates.ROUNDS, wellRounds + 1) : 0;
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
    return idle() || wellRounds >= Gates.ROUNDS;
  }
}
