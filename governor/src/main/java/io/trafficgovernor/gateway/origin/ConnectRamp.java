package io.trafficgovernor.gateway.origin;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.config.GovernorConfig.Backend;
import java.util.concurrent.atomic.LongAdder;

/**
 * New connections to one backend as tokens: so many a second for the whole cluster, of which a node
 * has the part that it has of the ceiling. So pools grow at a rate of their own, however many
 * nodes, loops and requests want connections at once; the parts of all nodes are at most the whole,
 * as their shares of the ceiling are (I1).
 *
 * <p>Over any time t at most {@code rate * part * (t + }{@value #BURST_SECONDS}{@code s) + 1}
 * connections are begun on a node. Thread-safe: one short critical section for each connection.
 */
public final class ConnectRamp {
  /** Tokens saved up: those of so many seconds, and one at least. */
  public static final double BURST_SECONDS = 0.05;

  /** Whoever waits looks again after that time at the latest: the part may have grown. */
  static final long LOOK_NANOS = 20_000_000L;

  /** For so long a part that was asked for is used. */
  private static final long PART_NANOS = 10_000_000L;

  private static final long LEAST_NANOS = 1_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final Part part;
  private final LongAdder begun = new LongAdder();
  private final LongAdder held = new LongAdder();
  private final LongAdder refused = new LongAdder();

  // guarded by this
  private double tokens = 1;
  private double share;
  private long shareNanos;
  private long settledNanos;
  private boolean asked;

  /** Which part of the cluster's tokens is this node's. Thread-safe. */
  @FunctionalInterface
  public interface Part {
    /** In [0, 1]; 0 means that no connection may be begun. */
    double at(long nowNanos);
  }

  /**
   * No connection has been begun.
   *
   * @param perSecond of the whole cluster, above 0
   */
  public ConnectRamp(double perSecond, Part part) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("connect rate: got " + perSecond + "/s, allowed above 0");
    }
    this.perSecond = perSecond;
    this.part = requireNonNull(part, "part");
  }

  /**
   * Of one backend, by what its admission says of this node. A node has the part of the tokens that
   * it has of the ceiling. In OPEN, where tokens are not counted and a node without demand has no
   * part, it has that of its equals at least. In shadow mode nothing is held back.
   */
  public static ConnectRamp of(
      Backend backend, AdmissionController admission, int expectedNodes, boolean shadow) {
    return new ConnectRamp(
        backend.connectsPerSecond(),
        now -> shadow ? 1 : part(admission.snapshot(now), 1.0 / expectedNodes));
  }

  private static double part(NodeSnapshot node, double equals) {
    return node.lease()
        .map(lease -> lease.grant().cluster())
        .filter(cluster -> cluster.ceilingPerSecond() > 0)
        .map(
            cluster -> {
              double own = node.ratePerSecond() / cluster.ceilingPerSecond();
              boolean counted = node.isolated() || cluster.phase().boundByRate();
              return counted ? own : Math.max(own, equals);
            })
        .orElse(0.0);
  }

  /**
   * Takes a token.
   *
   * @return 0 if there was one: a connection may be begun; else when to ask again, from now
   */
  public synchronized long take(long nowNanos) {
    settle(nowNanos);
    if (tokens >= 1) {
      tokens--;
      begun.increment();
      return 0;
    }
    held.increment();
    double missing = share == 0 ? Double.POSITIVE_INFINITY : (1 - tokens) / (perSecond * share);
    double nanos = Math.min(LOOK_NANOS, missing * NANOS_PER_SECOND);
    return Math.max(LEAST_NANOS, (long) Math.ceil(nanos));
  }

  private void settle(long nowNanos) {
    if (asked) {
      double seconds = Math.max(0, nowNanos - settledNanos) / NANOS_PER_SECOND;
      tokens += seconds * perSecond * share;
    }
    if (!asked || nowNanos - shareNanos >= PART_NANOS) {
      share = Math.max(0, Math.min(1, part.at(nowNanos)));
      shareNanos = nowNanos;
    }
    // loops may ask in another order than they have read the clock
    settledNanos = nowNanos - settledNanos > 0 || !asked ? nowNanos : settledNanos;
    asked = true;
    tokens = share == 0 ? 0 : Math.min(tokens, Math.max(1, perSecond * share * BURST_SECONDS));
  }

  /** A request has waited for a connection for as long as it could. */
  void refused() {
    refused.increment();
  }

  /** Connections begun since the start. */
  public long begunCount() {
    return begun.sum();
  }

  /** How often a connection that was wanted had to wait for a token. */
  public long heldCount() {
    return held.sum();
  }

  /** Requests refused because no token came in their time. */
  public long refusedCount() {
    return refused.sum();
  }
}
