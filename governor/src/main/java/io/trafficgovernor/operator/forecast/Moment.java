package io.trafficgovernor.operator.forecast;

import io.trafficgovernor.admission.forecast.Trend;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.NodeSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * Where cluster and node stand at one moment, as far as this node knows.
 *
 * @param phase ISOLATED if this node has no valid lease
 * @param cluster by the entry if it was read, else by this node's last lease; empty before both
 * @param ledger the entry as read just now; empty if the grid did not answer
 */
public record Moment(
    Phase phase, Optional<Grant.ClusterView> cluster, Optional<LedgerState> ledger) {
  /** What is known. */
  public static Moment of(NodeSnapshot node, Optional<LedgerState> ledger) {
    Optional<Grant.ClusterView> cluster =
        ledger
            .map(state -> state.view(List.of(), List.of()))
            .or(() -> node.lease().map(lease -> lease.grant().cluster()));
    Phase phase =
        node.isolated()
            ? Phase.ISOLATED
            : cluster.map(Grant.ClusterView::phase).orElse(Phase.ISOLATED);
    return new Moment(phase, cluster, ledger);
  }

  /** What is known: {@code cluster}, only the last {@code lease}, or the {@code configuration}. */
  String basis() {
    return ledger.isPresent() ? "cluster" : cluster.isPresent() ? "lease" : "configuration";
  }

  /** Ramp time that has passed; 0 if that is not known. */
  long rampNanos() {
    return ledger.map(state -> state.recovery().memory().rampNanos()).orElse(0L);
  }

  /** How the ceiling rises; empty if that is not known. */
  Optional<Trend> trend() {
    return ledger.map(state -> state.control().trend());
  }

  /** Nodes with a lease; 0 if that is not known. */
  int nodes() {
    return ledger.map(state -> state.live().size()).orElse(0);
  }

  /** Whether an operator keeps the phase. */
  boolean held() {
    return ledger.map(state -> state.recovery().stay().held()).orElse(false);
  }
}
