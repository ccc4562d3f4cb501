package io.trafficgovernor.cluster.quota;

/**
 * What one tenant may ask for.
 *
 * @param perSecond tokens per second over all nodes, more than 0
 * @param burst most tokens that are saved up while it asks for less, 1 or more
 */
public record Quota(double perSecond, double burst) {
  public Quota {
    if (!(perSecond > 0) || !Double.isFinite(perSecond)) {
      throw new IllegalArgumentException("quota: got " + perSecond + "/s, allowed more than 0/s");
    }
    if (!(burst >= 1) || !Double.isFinite(burst)) {
      throw new IllegalArgumentException("burst: got " + burst + " tokens, allowed 1 or more");
    }
  }

  /** The burst of one second of it, at least one token. */
  public static Quota of(double perSecond) {
    return new Quota(perSecond, Math.max(1, perSecond));
  }
}
