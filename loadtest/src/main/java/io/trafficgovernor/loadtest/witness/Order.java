package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.request.Lease;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * I6: (b) on one node at one instant, if a class is refused for tokens or slots, every lower class
 * is too. (c), measured: refusals of the two top classes in cells of 100 ms in which a lower class
 * was let through somewhere, over their arrivals.
 */
public final class Order implements Witness {
  private static final long CELL_NANOS = 100_000_000L;
  private static final int TOP = 2;
  private static final Set<ShedReason> SCARCE = EnumSet.of(ShedReason.TOKENS, ShedReason.SLOTS);
  private static final Set<ShedReason> CAPACITY =
      EnumSet.of(ShedReason.TOKENS, ShedReason.SLOTS, ShedReason.ROOM_FULL, ShedReason.CUTOFF);

  private final Violations violations;
  private final long[] refusedNanos;
  private final int[] refusedRank;
  private final long[] sentNanos;
  private final int[] sentRank;
  private long cell;
  private int refusedInCell;
  private boolean lowerInCell;
  private long inverted;
  private long asked;
  private long fromNanos;
  private int breaks;

  Order(int nodes, Violations violations) {
    this.violations = violations;
    refusedNanos = new long[nodes];
    refusedRank = new int[nodes];
    sentNanos = new long[nodes];
    sentRank = new int[nodes];
    Arrays.fill(refusedNanos, Long.MIN_VALUE);
    Arrays.fill(sentNanos, Long.MIN_VALUE);
  }

  /** (c) is measured from then on: one second after the demand began. */
  public void measureFrom(long nanos) {
    fromNanos = nanos;
  }

  private void turn(long nowNanos) {
    long now = nowNanos / CELL_NANOS;
    if (now != cell) {
      inverted += lowerInCell ? refusedInCell : 0;
      refusedInCell = 0;
      lowerInCell = false;
      cell = now;
    }
  }

  @Override
  public void arrived(Asked who, long nowNanos) {
    if (who.rank() < TOP && nowNanos - fromNanos >= 0) {
      asked++;
    }
  }

  @Override
  public void refused(Asked who, ShedReason reason, @Nullable Lease lease, long nowNanos) {
    turn(nowNanos);
    if (who.rank() < TOP && CAPACITY.contains(reason) && nowNanos - fromNanos >= 0) {
      refusedInCell++;
    }
    if (!SCARCE.contains(reason)) {
      return;
    }
    int node = who.node();
    boolean higher = refusedNanos[node] != nowNanos || who.rank() < refusedRank[node];
    if (higher) {
      refusedNanos[node] = nowNanos;
      refusedRank[node] = who.rank();
    }
    if (sentNanos[node] == nowNanos && sentRank[node] > who.rank()) {
      broken(who.rank(), sentRank[node], node, nowNanos);
    }
  }

  @Override
  public void sent(Asked who, long nowNanos) {
    turn(nowNanos);
    lowerInCell |= who.rank() >= TOP;
    int node = who.node();
    boolean lower = sentNanos[node] != nowNanos || who.rank() > sentRank[node];
    if (lower) {
      sentNanos[node] = nowNanos;
      sentRank[node] = who.rank();
    }
    if (refusedNanos[node] == nowNanos && who.rank() > refusedRank[node]) {
      broken(refusedRank[node], who.rank(), node, nowNanos);
    }
  }

  private void broken(int refused, int sent, int node, long nowNanos) {
    breaks++;
    violations.add(
        "I6b",
        nowNanos,
        "node %d refused class %d and sent class %d at one instant".formatted(node, refused, sent));
  }

  /** (b): how often it was broken. */
  public int breaks() {
    return breaks;
  }

  /** (c): percent. */
  public double invertedPercent() {
    return asked == 0 ? 0 : 100.0 * (inverted + (lowerInCell ? refusedInCell : 0)) / asked;
  }
}
