package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import java.util.List;
import java.util.OptionalLong;

/**
 * A lease that knows the store: exactly its slots, no bound by rate but the provider's quota, the
 * same waiting room, no cutoff. What a single node does with it is the yardstick.
 */
final class OracleDoor {
  private OracleDoor() {}

  static void open(
      AdmissionController admission, ClassTable classes, int slots, double quota, long nowNanos) {
    boolean bound = quota != Double.POSITIVE_INFINITY;
    Grant.ClusterView view =
        new Grant.ClusterView(
            1,
            bound ? Phase.RAMPING : Phase.OPEN,
            quota,
            slots,
            1,
            classes.size() * 65536L,
            0,
            List.of(),
            "oracle",
            0,
            List.of());
    long day = 86_400_000_000_000L;
    Grant grant =
        new Grant(
            new GrantId(1, 1 + nowNanos),
            view,
            bound ? quota : 1e6,
            slots,
            0,
            day,
            day,
            OptionalLong.empty(),
            1);
    admission.adopt(new Lease(grant, nowNanos), nowNanos);
  }
}
