package io.trafficgovernor.observe;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.cluster.LeaseHolder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One INFO line for each change of phase and of the effective mode; failures of the grid are told
 * when they begin and when they end, not each time. Used from the lease thread only.
 */
public final class StateLog implements LeaseHolder.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(StateLog.class);

  private final String node;
  private final AdmissionController admission;
  private @Nullable Phase phase;
  private boolean isolated = true;
  private long failures;
  private String lastRefusal = "";

  public StateLog(String node, AdmissionController admission) {
    this.node = requireNonNull(node, "node");
    this.admission = requireNonNull(admission, "admission");
  }

  @Override
  public void granted(Lease lease) {
    if (failures > 0) {
      LOG.info("node {}: the grid answers again, after {} renewals without", node, failures);
      failures = 0;
    }
    lastRefusal = "";
    Grant.ClusterView cluster = lease.grant().cluster();
    if (cluster.phase() != phase) {
      LOG.info(
          "node {}: phase {} -> {}, {}; epoch {}, ceiling {}/s, window {}",
          node,
          phase,
          cluster.phase(),
          cluster.why(),
          cluster.epoch(),
          Math.round(cluster.ceilingPerSecond()),
          Math.round(cluster.window()));
      phase = cluster.phase();
    }
  }

  @Override
  public void refused(String why) {
    failures++;
    if (!why.equals(lastRefusal)) {
      LOG.warn("node {}: no lease: {}", node, why);
      lastRefusal = why;
    }
  }

  @Override
  public void failed(Throwable cause) {
    failures++;
    if (failures == 1) {
      LOG.warn("node {}: the grid did not answer a renewal: {}", node, cause.toString());
    }
  }

  /** Looks whether the node has become isolated or joined again; called every tenth of a second. */
  public void watch(long nowNanos) {
    boolean now = admission.snapshot(nowNanos).isolated();
    if (now != isolated) {
      LOG.info(
          "node {}: effective mode {} -> {}",
          node,
          isolated ? "isolated" : "cluster",
          now ? "isolated" : "cluster");
      isolated = now;
    }
  }
}
