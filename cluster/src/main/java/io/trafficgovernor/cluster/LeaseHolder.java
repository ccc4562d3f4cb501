package io.trafficgovernor.cluster;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a node's lease fresh: every tau it reports what the node has seen and hands the new lease
 * to the admission controller. A cut of its slots it acknowledges at once, so that others may have
 * them. It also sends the cluster's probe when the ledger asks this node to.
 *
 * <p>Validity counts from the send on this node's own ticker, so a slow answer shortens the lease
 * and never stretches it. Everything here runs on the scheduler's one thread; answers of the grid
 * are brought there first.
 */
public final class LeaseHolder {
  private static final long FIRST_PERIOD_NANOS = 100_000_000L;

  /** How often a node asks again that is refused for what it is. */
  private static final long EXCLUDED_PERIOD_NANOS = 1_000_000_000L;

  /** Renewals under way at most: a grid that hangs must not be buried. */
  private static final int MAX_IN_FLIGHT = 5;

  private final String node;
  private final long incarnation;
  private final AdmissionController admission;
  private final LedgerGrid grid;
  private final Scheduler scheduler;
  private final ProbeSender prober;
  private final Listener listener;

  private long sequence;
  private int inFlight;
  private boolean stopped;
  private long periodNanos = FIRST_PERIOD_NANOS;
  private @Nullable Lease lease;
  private Optional<ProbeResult> probeResult = Optional.empty();
  private volatile Optional<String> exclusion = Optional.empty();

  /** Told of what happens to the lease; must not throw or block. */
  public interface Listener {
    Listener NONE = new Listener() {};

    /** A lease came. */
    default void granted(Lease lease) {}

    /** The ledger refused, and why. */
    default void refused(String why) {}

    /** No answer in time, or the grid failed. */
    default void failed(Throwable cause) {}
  }

  /**
   * A holder that does nothing until {@link #start}.
   *
   * @param node its configured name, unique in the cluster
   * @param incarnation drawn at random when the process started
   * @param scheduler runs all tasks on one thread
   */
  public LeaseHolder(
      String node,
      long incarnation,
      AdmissionController admission,
      LedgerGrid grid,
      Scheduler scheduler,
      ProbeSender prober,
      Listener listener) {
    this.node = requireNonNull(node, "node");
    this.incarnation = incarnation;
    this.admission = requireNonNull(admission, "admission");
    this.grid = requireNonNull(grid, "grid");
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.prober = requireNonNull(prober, "prober");
    this.listener = requireNonNull(listener, "listener");
  }

  /** Begins to renew after that time; nodes that start together should not renew in step. */
  public void start(long delayNanos) {
    scheduler.after(delayNanos, this::tick);
  }

  /** Renews no more; the lease runs out. */
  public void stop() {
    scheduler.after(0, now -> stopped = true);
  }

  /**
   * Why the ledger refuses this node as it is (its name is taken, its classes differ), in words;
   * empty if it does not. Such a node is not ready to serve. Thread-safe.
   */
  public Optional<String> exclusion() {
    return exclusion;
  }

  private void tick(long nowNanos) {
    if (stopped) {
      return;
    }
    renew(nowNanos);
    scheduler.after(periodNanos, this::tick);
  }

  private void renew(long nowNanos) {
    if (inFlight >= MAX_IN_FLIGHT) {
      return;
    }
    inFlight++;
    sequence++;
    Lease held = lease;
    boolean valid = held != null && held.valid(nowNanos);
    Renewal renewal =
        new Renewal(
            node,
            incarnation,
            sequence,
            nowNanos,
            held == null ? GrantId.NONE : held.grant().id(),
            held == null ? 0 : held.grant().cluster().epoch(),
            valid ? requireNonNull(held).grant().ratePerSecond() : 0,
            valid ? requireNonNull(held).grant().slots() : 0,
            admission.report(nowNanos),
            probeResult);
    Optional<ProbeResult> sent = probeResult;
    grid.renew(renewal)
        .whenComplete(
            (reply, failure) ->
                scheduler.after(0, now -> answered(reply, failure, sent, nowNanos, now)));
  }

  private void answered(
      @Nullable GrantReply reply,
      @Nullable Throwable failure,
      Optional<ProbeResult> reported,
      long sentNanos,
      long nowNanos) {
    inFlight--;
    if (failure != null || reply == null) {
      listener.failed(failure == null ? new IllegalStateException("empty answer") : failure);
      return;
    }
    if (reply instanceof GrantReply.Refused refused) {
      if (refused.lasting()) {
        exclusion = Optional.of(refused.why());
        periodNanos = EXCLUDED_PERIOD_NANOS;
      }
      listener.refused(refused.why());
      return;
    }
    if (probeResult.equals(reported)) {
      probeResult = Optional.empty();
    }
    adopt(new Lease(((GrantReply.Granted) reply).grant(), sentNanos), nowNanos);
  }

  private void adopt(Lease next, long nowNanos) {
    Grant grant = next.grant();
    if (grant.probe().isPresent()) {
      probe(grant.probe().getAsLong());
    }
    if (!next.valid(nowNanos) || (lease != null && next.sentNanos() - lease.sentNanos() <= 0)) {
      return;
    }
    boolean cut = lease != null && grant.slots() < lease.grant().slots();
    lease = next;
    exclusion = Optional.empty();
    periodNanos = grant.renewEveryNanos();
    admission.adopt(next, nowNanos);
    listener.granted(next);
    if (cut && !stopped) {
      renew(nowNanos);
    }
  }

  /** The answer of a probe is reported at once: it may begin the recovery. */
  private void probe(long number) {
    prober.probe(
        good ->
            scheduler.after(
                0,
                now -> {
                  probeResult = Optional.of(new ProbeResult(number, good));
                  if (!stopped) {
                    renew(now);
                  }
                }));
  }
}
