package io.trafficgovernor.observe;

import io.trafficgovernor.admission.pool.TokenPool;
import io.trafficgovernor.admission.request.NodeSnapshot;

/**
 * Watches the envelope (I2) from outside the law: over every window between two looks, by how much
 * the cost of what went to the backend was above the tokens the node was entitled to. It follows
 * {@code x = max(0, x + sent - granted)}, the level of a queue that is served at the granted rate:
 * its highest value is the worst excess of any window. While tokens are not counted (OPEN) there is
 * no envelope, and the level is 0; nor does a window begin there.
 *
 * <p>One thread looks; any thread reads.
 */
public final class SurgeWitness {
  private double onTheWay;
  private boolean counted;
  private final double debt;
  private double granted;
  private long sent;
  private double level;
  private volatile double worst;
  private volatile double bound;

  /**
   * A witness that has seen nothing.
   *
   * @param eventLoops each may have one request between the check and the write
   * @param largestCost tokens that the dearest request takes, 1 or more
   */
  public SurgeWitness(int eventLoops, int largestCost) {
    this.onTheWay = (double) (eventLoops + 1) * largestCost;
    this.debt = largestCost - 1.0;
  }

  /** Takes a look; to be called at short, regular times. */
  public void look(NodeSnapshot node) {
    long sentNow = node.classes().stream().mapToLong(NodeSnapshot.ClassCounts::sentTokens).sum();
    double grantedNow = node.grantedTokens();
    boolean before = counted;
    counted =
        node.lease()
            .filter(lease -> node.isolated() || lease.grant().cluster().boundByRate())
            .isPresent();
    if (counted) {
      int slots = node.lease().map(l -> l.grant().slots() + l.grant().topSlots()).orElse(0);
      onTheWay = Math.max(onTheWay, Math.min(node.heldTokens(), slots * (debt + 1)));
    }
    level = before && counted ? Math.max(0, level + (sentNow - sent) - (grantedNow - granted)) : 0;
    sent = sentNow;
    granted = grantedNow;
    worst = Math.max(worst, level);
    bound = Math.max(counted ? TokenPool.burst(node.ratePerSecond()) + debt + onTheWay : 0, bound);
  }

  /** The worst excess since the start, in tokens; 0 or more. */
  public double worstTokens() {
    return worst;
  }

  /**
   * What it may be: the burst at the highest rate so far, what the bucket may owe for a request
   * that costs more than it holds, and what is on its way between check and write: one request of
   * the dearest for each event loop and one beside them, or the most that was seen to wait for a
   * connection, as far as the slots went that the lease gave: more than those is a surge and no
   * excuse for one; 0 before the first counted token.
   */
  public double boundTokens() {
    return bound;
  }
}
