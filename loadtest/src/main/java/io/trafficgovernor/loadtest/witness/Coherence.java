package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * I7: a session's key below the cutoff is never refused as {@code cutoff}; while the ledger is
 * RAMPING or in HOLD the cutoff falls only because its budget fell, or because what passes it has
 * grown by more than 2 % since it was set, by the ledger's own demand.
 */
public final class Coherence implements Witness {
  private static final Set<Phase> RISING = EnumSet.of(Phase.RAMPING, Phase.HOLD);

  private final Violations violations;
  private int falls;

  /** What passed the cutoff when it was set; NaN if that was not seen. */
  private double passed = Double.NaN;

  Coherence(Violations violations) {
    this.violations = violations;
  }

  @Override
  public void refused(Asked asked, ShedReason reason, @Nullable Lease lease, long nowNanos) {
    if (reason != ShedReason.CUTOFF) {
      return;
    }
    if (lease == null) {
      violations.add("I7", nowNanos, "refused as cutoff by a node without a lease");
      return;
    }
    if (asked.placedAlone()) {
      return; // many users have that session: its key is not the request's
    }
    Grant.ClusterView view = lease.grant().cluster();
    long key = SessionKey.of(asked.rank(), asked.session(), view.incidentSalt());
    if (key < view.cutoffKey()) {
      violations.add(
          "I7",
          nowNanos,
          "key %d of class %d refused as cutoff, the cutoff is %d"
              .formatted(key, asked.rank(), view.cutoffKey()));
    }
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    if (before == null) {
      passed = Double.NaN;
      return;
    }
    Cutoff from = before.control().cutoff();
    Cutoff to = after.control().cutoff();
    double then = Double.isNaN(passed) ? passing(from, before) : passed;
    boolean set = to.key() != from.key() || to.passing() != from.passing();
    passed = set ? setAt(to, before, after) : then;
    boolean judged =
        RISING.contains(before.recovery().phase()) && RISING.contains(after.recovery().phase());
    if (!judged || to.key() >= from.key()) {
      return;
    }
    falls++;
    boolean poorer = to.budget() < from.budget();
    // the step judges between recording a node and giving it its lease, which makes it count
    double now = Math.max(passing(from, before), passing(from, after));
    boolean crowded = now > then * (1 + Cutoff.DEMAND_TOLERANCE);
    if (!poorer && !crowded) {
      violations.add(
          "I7",
          nowNanos,
          "cutoff fell from %d to %d without a reason".formatted(from.key(), to.key()));
    }
  }

  /**
   * What passed when it was set; nothing if no node held a lease in the step, as it says itself.
   */
  private static double setAt(Cutoff to, LedgerState before, LedgerState after) {
    return to.passing() == 0 ? 0 : Math.min(passing(to, before), passing(to, after));
  }

  private static double passing(Cutoff cutoff, LedgerState state) {
    return cutoff.passing(state.gates().passing(state.demand()));
  }

  /** How often the cutoff fell while the ledger was RAMPING or in HOLD. */
  public int falls() {
    return falls;
  }
}
