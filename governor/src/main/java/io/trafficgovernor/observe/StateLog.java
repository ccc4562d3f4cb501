package io.trafficgovernor.observe;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.cluster.LeaseHolder;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One INFO line and one event for each change of phase, of the reason for it (a pin that fell) and
 * of the effective mode; that there is no lease is told as {@link LeaseTrouble} says. Used from the
 * lease thread only, but for {@link #trouble}.
 */
public final class StateLog implements LeaseHolder.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(StateLog.class);

  /** So long a grid may be forming before it is news that it does not answer. */
  private static final long FORMING_NANOS = 10_000_000_000L;

  private final String node;
  private final String backend;
  private final EventLog events;
  private String phase = "none";
  private String why = "";
  private boolean isolated = true;
  private boolean joined;
  private final LeaseTrouble trouble = new LeaseTrouble();
  private final Ticker ticker;

  /** A log of what that node knows of that backend; each event names it. */
  public StateLog(String node, String backend, Ticker ticker, EventLog events) {
    this.node = requireNonNull(node, "node");
    this.backend = requireNonNull(backend, "backend");
    this.ticker = requireNonNull(ticker, "ticker");
    this.events = requireNonNull(events, "events");
  }

  @Override
  public void granted(Lease lease) {
    trouble
        .ended(ticker.nanos())
        .ifPresent(
            line -> {
              LOG.info("node {}, {}: {}", node, backend, line);
              grid(line);
            });
    joined = true;
    Grant.ClusterView cluster = lease.grant().cluster();
    String now = cluster.phase().name();
    if (!now.equals(phase) || !cluster.why().equals(why)) {
      LOG.info(
          "node {}, {}: phase {} -> {}, {}; epoch {}, ceiling {}/s, window {}",
          node,
          backend,
          phase,
          now,
          cluster.why(),
          cluster.epoch(),
          Math.round(cluster.ceilingPerSecond()),
          Math.round(cluster.window()));
      events.add(
          EventLog.Kind.PHASE,
          of().put("from", phase)
              .put("to", now)
              .put("why", cluster.why())
              .put("epoch", cluster.epoch())
              .put("ceiling_rps", Math.round(cluster.ceilingPerSecond())));
      phase = now;
      why = cluster.why();
    }
  }

  private JsonObject of() {
    return new JsonObject().put("backend", backend);
  }

  private void grid(String what) {
    events.add(EventLog.Kind.GRID, of().put("what", what));
  }

  @Override
  public void refused(String why) {
    told(why, 0);
  }

  private void told(String why, long patienceNanos) {
    trouble
        .came(why, patienceNanos, ticker.nanos())
        .ifPresent(
            line -> {
              LOG.warn("node {}, {}: {}", node, backend, line);
              grid(line);
            });
  }

  /** Why there is no lease; empty if there is one. Thread-safe. */
  public Optional<LeaseTrouble.Present> trouble() {
    return trouble.present();
  }

  /** What the node remembers could not be offered to the grid yet, so no lease is asked for. */
  public void waiting(String why) {
    told("the grid has not heard what this node remembers: " + why, FORMING_NANOS);
  }

  @Override
  public void slept() {
    LOG.warn("node {}, {}: this machine slept; the lease was dropped", node, backend);
  }

  /** Words of a failure can hold numbers that change with each; the kind of it does not. */
  @Override
  public void failed(Throwable cause) {
    Throwable root = cause;
    while (root instanceof CompletionException && root.getCause() != null) {
      root = root.getCause();
    }
    String kind = root.getClass().getSimpleName();
    if (joined) {
      told("the grid did not answer: " + kind, 0);
    } else {
      told("the grid has not answered yet: " + kind, FORMING_NANOS);
    }
  }

  /** Looks whether the node has become isolated or joined again; called every tenth of a second. */
  public void watch(NodeSnapshot snapshot) {
    boolean now = snapshot.isolated();
    if (now != isolated) {
      LOG.info("node {}, {}: effective mode {} -> {}", node, backend, word(isolated), word(now));
      events.add(EventLog.Kind.MODE, of().put("from", word(isolated)).put("to", word(now)));
      isolated = now;
    }
  }

  private static String word(boolean isolated) {
    return isolated ? "isolated" : "cluster";
  }
}
