package io.trafficgovernor.cluster;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a node's lease fresh: every tau it reports what the node has seen and hands the new lease
 * to the admission controller. A cut of its slots it acknowledges at once, so that others may have
 * them. It also sends the cluster's probe when the ledger asks this node to.
 *
 * <p>It asks early when the node's demand changes by more than chance, and after a cut, so that
 * what was cut is free for the others at once.
 *
 * <p>A lease of an epoch before one it was told of comes from a ledger that lost its memory; it is
 * left, and the next renewal tells that ledger of the epoch.
 *
 * <p>Validity counts from the send on this node's own ticker, so a slow answer shortens the lease
 * and never stretches it. A machine that slept has no lease when it wakes. Everything here runs on
 * the scheduler's one thread; answers of the grid are brought there first.
 */
public final class LeaseHolder {
  private static final long FIRST_PERIOD_NANOS = 100_000_000L;

  /** How often demand and sleep are looked at between renewals. */
  private static final long WATCH_NANOS = 30_000_000L;

  /** Least time between a renewal and an early one. */
  private static final long MIN_SPACING_NANOS = 20_000_000L;

  /** A new rate below that part of the old one is a cut. */
  private static final double CUT = 0.9;

  /** How often a node asks again that is refused for what it is. */
  private static final long EXCLUDED_PERIOD_NANOS = 1_000_000_000L;

  /** Renewals under way at most: a grid that hangs must not be buried. */
  private static final int MAX_IN_FLIGHT = 5;

  private final Identity identity;
  private final AdmissionController admission;
  private final LedgerGrid grid;
  private final Scheduler scheduler;
  private final ProbeSender prober;
  private final Listener listener;

  private final SuspendWatch suspension;
  private final DemandWatch demand = new DemandWatch();
  private final CeilingPeak ceilings = new CeilingPeak();

  private long sequence;
  private long lastSentNanos;
  private long wokeNanos;
  private boolean slept;
  private int inFlight;
  private boolean stopped;
  private long periodNanos = FIRST_PERIOD_NANOS;
  private @Nullable Lease lease;

  /** The highest epoch any lease has told of: a ledger that knows less has lost its memory. */
  private long toldEpoch;

  private Optional<ProbeResult> probeResult = Optional.empty();
  private volatile Optional<String> exclusion = Optional.empty();

  /**
   * Who asks for leases.
   *
   * @param node its configured name, unique in the cluster
   * @param incarnation drawn at random when the process started
   * @param succeeds incarnation of the process of that name before it, if that is dead for certain;
   *     0 if nobody knows
   * @param settings what its configuration tells the ledger
   */
  public record Identity(String node, long incarnation, long succeeds, SettingsPrint settings) {
    public Identity {
      requireNonNull(node, "node");
      requireNonNull(settings, "settings");
    }
  }

  /** Told of what happens to the lease; must not throw or block. */
  public interface Listener {
    Listener NONE = new Listener() {};

    /** A lease came, and is taken into use next. */
    default void granted(Lease lease) {}

    /** The ledger refused, and why. */
    default void refused(String why) {}

    /** The machine slept: the lease was dropped. */
    default void slept() {}

    /** No answer in time, or the grid failed. */
    default void failed(Throwable cause) {}
  }

  /** A holder in virtual time, where no machine sleeps. */
  public LeaseHolder(
      String node,
      long incarnation,
      AdmissionController admission,
      LedgerGrid grid,
      Scheduler scheduler,
      ProbeSender prober,
      Listener listener) {
    this(
        new Identity(node, incarnation, 0, SettingsPrint.UNKNOWN),
        admission,
        grid,
        scheduler,
        prober,
        WallClock.NEVER_SLEEPS,
        listener);
  }

  /**
   * A holder that does nothing until {@link #start}.
   *
   * @param scheduler runs all tasks on one thread
   */
  public LeaseHolder(
      Identity identity,
      AdmissionController admission,
      LedgerGrid grid,
      Scheduler scheduler,
      ProbeSender prober,
      WallClock wall,
      Listener listener) {
    this.identity = requireNonNull(identity, "identity");
    this.admission = requireNonNull(admission, "admission");
    this.grid = requireNonNull(grid, "grid");
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.prober = requireNonNull(prober, "prober");
    this.suspension = new SuspendWatch(requireNonNull(wall, "wall"));
    this.listener = requireNonNull(listener, "listener");
  }

  /** Begins to renew after that time; nodes that start together should not renew in step. */
  public void start(long delayNanos) {
    scheduler.after(delayNanos, this::tick);
    scheduler.after(delayNanos, this::watch);
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
    try {
      renew(nowNanos);
    } finally {
      scheduler.after(periodNanos, this::tick);
    }
  }

  private void watch(long nowNanos) {
    if (stopped) {
      return;
    }
    try {
      dropIfSlept(nowNanos);
      if (demand.changed(admission.firstAttempts(), nowNanos)
          && admission.rules().hold(Rule.EARLY_RENEWAL)) {
        renewEarly(nowNanos);
      }
    } finally {
      scheduler.after(WATCH_NANOS, this::watch);
    }
  }

  /** Its lease looks valid for as long as it slept, and so do answers to what it sent before. */
  private void dropIfSlept(long nowNanos) {
    if (suspension.slept(nowNanos)) {
      slept = true;
      wokeNanos = nowNanos;
      lease = null;
      admission.surrender(nowNanos);
      listener.slept();
    }
  }

  private void renewEarly(long nowNanos) {
    if (nowNanos - lastSentNanos >= MIN_SPACING_NANOS) {
      renew(nowNanos);
    }
  }

  private void renew(long nowNanos) {
    if (inFlight >= MAX_IN_FLIGHT) {
      return;
    }
    lastSentNanos = nowNanos;
    inFlight++;
    sequence++;
    Lease held = lease;
    boolean valid = held != null && held.valid(nowNanos);
    Renewal renewal =
        new Renewal(
            identity.node(),
            identity.incarnation(),
            sequence,
            nowNanos,
            held == null ? GrantId.NONE : held.grant().id(),
            toldEpoch,
            valid ? requireNonNull(held).grant().ratePerSecond() : 0,
            valid ? requireNonNull(held).grant().slots() : 0,
            admission.report(nowNanos),
            probeResult,
            identity.settings(),
            ceilings.perSecond(nowNanos),
            identity.succeeds());
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
    dropIfSlept(nowNanos);
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
    Lease held = lease;
    if (!next.valid(nowNanos)
        || (slept && next.sentNanos() - wokeNanos < 0)
        || (held != null && next.sentNanos() - held.sentNanos() <= 0)
        || grant.cluster().epoch() < toldEpoch) {
      return;
    }
    lease = next;
    toldEpoch = grant.cluster().epoch();
    ceilings.told(grant.cluster().ceilingPerSecond(), nowNanos);
    exclusion = Optional.empty();
    periodNanos = grant.renewEveryNanos();
    listener.granted(next);
    admission.adopt(next, nowNanos);
    if (held != null && !stopped && cut(held.grant(), grant)) {
      renew(nowNanos);
    }
  }

  /** Others can have what was cut once the ledger knows that the cut is in use. */
  private static boolean cut(Grant before, Grant now) {
    return now.slots() < before.slots() || now.ratePerSecond() < CUT * before.ratePerSecond();
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
