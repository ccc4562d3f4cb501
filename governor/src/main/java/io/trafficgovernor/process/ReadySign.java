package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.operator.OperatorVerticle.Readiness;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether a balancer should send requests here. A node starts until it has had a lease by which it
 * lets requests through, or which says that nobody does: where others serve, one that has nothing
 * to give yet would refuse by chance what they would not. It does not wait for that forever: when
 * the whole grid is away, no node would ever be ready, and an orchestrator that starts them one by
 * one would never start the second. That patience begins when the node has come to the grid, for
 * until then it only knows that it knows nothing. But a node that the ledger refuses (a second
 * process of one name, another list of classes) can serve nobody, and says so for as long as it
 * lasts.
 *
 * <p>Thread-safe. Told by the lease thread, asked by the operator's.
 */
final class ReadySign implements LeaseHolder.Listener, Supplier<Readiness> {
  /** How long a node without any answer of the grid waits before it serves without one. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final Ticker ticker;
  private final BooleanSupplier excluded;
  private volatile boolean leased;
  private volatile OptionalLong joinedNanos = OptionalLong.empty();
  private volatile boolean draining;

  /**
   * The sign of a node that starts now.
   *
   * @param excluded whether the ledger refuses this node as it is
   */
  ReadySign(Ticker ticker, BooleanSupplier excluded) {
    this.ticker = requireNonNull(ticker, "ticker");
    this.excluded = requireNonNull(excluded, "excluded");
  }

  @Override
  public void granted(Lease granted) {
    if (serves(granted.grant())) {
      leased = true;
    }
  }

  /** Whether what is refused by it is refused on purpose. */
  private static boolean serves(Grant grant) {
    Phase phase = grant.cluster().phase();
    return grant.ratePerSecond() > 0 || phase == Phase.OUTAGE || phase == Phase.PROBING;
  }

  /** The node has come to the grid, or asks for it in the background. */
  void joined() {
    joinedNanos = OptionalLong.of(ticker.nanos());
  }

  /** From now on the answer is "draining", and stays so. */
  void drain() {
    draining = true;
  }

  @Override
  public Readiness get() {
    if (draining) {
      return Readiness.DRAINING;
    }
    if (excluded.getAsBoolean()) {
      return Readiness.REFUSED;
    }
    OptionalLong since = joinedNanos;
    boolean patient = since.isEmpty() || ticker.nanos() - since.getAsLong() < PATIENCE_NANOS;
    return leased || !patient ? Readiness.READY : Readiness.STARTING;
  }
}
