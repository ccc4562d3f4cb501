package io.trafficgovernor.admission.order;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * So that no class is shut out altogether: of a class whose turn has not come, one request per
 * hundred tokens of the node goes before all others. It pays with an ordinary token and takes an
 * ordinary slot, so the node sends no more than it may.
 *
 * <p>None while the backend is only probed, and none for a class that depends on one whose turn has
 * not come either: it could do nothing useful. Not thread-safe.
 */
public final class MinimumShares {
  /** Part of the node's rate that each class has at least. */
  private static final double SHARE = 0.01;

  private static final Set<Phase> GIVEN =
      EnumSet.of(Phase.RAMPING, Phase.HOLD, Phase.ROLLBACK, Phase.DEGRADED, Phase.FROZEN);

  private final ClassTable classes;
  private final long[] nextNanos;
  private final boolean[] begun;

  /** Nobody has a claim yet. */
  public MinimumShares(ClassTable classes) {
    this.classes = classes;
    this.nextNanos = new long[classes.size()];
    this.begun = new boolean[classes.size()];
  }

  /** A ramp begins: nobody has a claim yet. */
  public void clear() {
    Arrays.fill(begun, false);
  }

  /**
   * Whether a request may go before all others; uses the claim of its class up if so.
   *
   * @param place rank at which it is served
   * @param cost in tokens
   * @param nodeRate tokens per second of this node
   */
  public boolean claim(
      int place, int cost, Grant.ClusterView cluster, double nodeRate, long nowNanos) {
    if (nodeRate <= 0 || !mayHave(place, cluster)) {
      return false;
    }
    long interval = (long) (cost * 1e9 / (SHARE * nodeRate));
    boolean due = begun[place] && nextNanos[place] - nowNanos <= 0;
    if (due || !begun[place]) {
      begun[place] = true;
      nextNanos[place] = nowNanos + interval;
    }
    return due;
  }

  private boolean mayHave(int place, Grant.ClusterView cluster) {
    return GIVEN.contains(cluster.phase())
        && classes.at(place).after().stream().noneMatch(parent -> away(parent, cluster));
  }

  private static boolean away(int rank, Grant.ClusterView cluster) {
    return cluster.gated(rank) || cluster.cutoffKey() <= rank * SessionKey.PER_CLASS;
  }
}
