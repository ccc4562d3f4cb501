package io.trafficgovernor.observe;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.cluster.LeaseHolder;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One INFO line and one event for each change of phase and of the effective mode; failures of the
 * grid are told when they begin and when they end, not each time. Used from the lease thread only.
 */
public final class StateLog implements LeaseHolder.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(StateLog.class);

  private final String node;
  private final EventLog events;
  private String phase = "none";
  private boolean isolated = true;
  private boolean joined;
  private long failures;
  private String lastRefusal = "";

  /** A log of that node. */
  public StateLog(String node, EventLog events) {
    this.node = requireNonNull(node, "node");
    this.events = requireNonNull(events, "events");
  }

  @Override
  public void granted(Lease lease) {
    if (failures > 0 && joined) {
      LOG.info("node {}: the grid answers again, after {} renewals without", node, failures);
      grid("answers again");
    }
    joined = true;
    failures = 0;
    lastRefusal = "";
    Grant.ClusterView cluster = lease.grant().cluster();
    String now = cluster.phase().name();
    if (!now.equals(phase)) {
      LOG.info(
          "node {}: phase {} -> {}, {}; epoch {}, ceiling {}/s, window {}",
          node,
          phase,
          now,
          cluster.why(),
          cluster.epoch(),
          Math.round(cluster.ceilingPerSecond()),
          Math.round(cluster.window()));
      events.add(
          EventLog.Kind.PHASE,
          new JsonObject()
              .put("from", phase)
              .put("to", now)
              .put("why", cluster.why())
              .put("epoch", cluster.epoch())
              .put("ceiling_rps", Math.round(cluster.ceilingPerSecond())));
      phase = now;
    }
  }

  private void grid(String what) {
    events.add(EventLog.Kind.GRID, new JsonObject().put("what", what));
  }

  @Override
  public void refused(String why) {
    failures++;
    if (!why.equals(lastRefusal)) {
      LOG.warn("node {}: no lease: {}", node, why);
      grid("no lease: " + why);
      lastRefusal = why;
    }
  }

  @Override
  public void slept() {
    LOG.warn("node {}: this machine slept; the lease was dropped", node);
  }

  /** Before the first lease the grid is still forming: that it does not answer is no news. */
  @Override
  public void failed(Throwable cause) {
    failures++;
    if (failures == 1 && joined) {
      LOG.warn("node {}: the grid did not answer a renewal: {}", node, cause.toString());
      grid("does not answer");
    }
  }

  /** Looks whether the node has become isolated or joined again; called every tenth of a second. */
  public void watch(NodeSnapshot snapshot) {
    boolean now = snapshot.isolated();
    if (now != isolated) {
      LOG.info("node {}: effective mode {} -> {}", node, word(isolated), word(now));
      events.add(
          EventLog.Kind.MODE, new JsonObject().put("from", word(isolated)).put("to", word(now)));
      isolated = now;
    }
  }

  private static String word(boolean isolated) {
    return isolated ? "isolated" : "cluster";
  }
}
