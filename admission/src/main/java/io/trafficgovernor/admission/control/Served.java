package io.trafficgovernor.admission.control;

/**
 * How much of what comes gets an answer, smoothed over the last {@value #MEMORY_SECONDS} s. Both
 * parts are taken over the same requests, so that the chance of arrivals hardly shows in the share:
 * a demand that is met shows as met at 10 requests per second too. Immutable.
 *
 * @param answered tokens per second whose requests got an answer in time
 * @param ended the same, and those that were refused here or there, or got none
 */
public record Served(double answered, double ended) {
  static final int MEMORY_SECONDS = 5;

  /** Less than this, tokens per second, is nothing to judge. */
  private static final double SILENT_PER_SECOND = 0.01;

  /** The demand is met from this share on. */
  private static final double MET = 0.95;

  public static final Served NOTHING = new Served(0, 0);

  /**
   * After one more round.
   *
   * @param answers in time in the round, tokens
   * @param ended the same, and whatever else came to an end in it
   * @param seconds how long it lasted
   */
  public Served after(double answers, double ended, double seconds) {
    double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
    return new Served(
        answered + weight * (answers / seconds - answered),
        this.ended + weight * (ended / seconds - this.ended));
  }

  /** In [0, 1]; 1 while there is nothing to judge. */
  public double share() {
    return ended < SILENT_PER_SECOND ? 1 : Math.min(1, answered / ended);
  }

  /** Whether nearly all that comes is answered. */
  public boolean met() {
    return share() >= MET;
  }

  /** Share from which on the demand counts as met. */
  public static double bar() {
    return MET;
  }
}
