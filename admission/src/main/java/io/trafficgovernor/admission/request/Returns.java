package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.herd.ReturnSchedule;
import io.trafficgovernor.admission.lease.Grant;
import org.jspecify.annotations.Nullable;

/** Tells the refused when to come back, by the plan in the lease at hand. Not thread-safe. */
final class Returns {
  private final ReturnSchedule schedule;
  private final boolean planned;

  Returns(int classes, Rules rules) {
    planned = rules.hold(Rule.HERD_SCHEDULE);
    schedule = new ReturnSchedule(classes);
  }

  long nanos(
      Arrival arrival,
      ShedReason reason,
      @Nullable Lease lease,
      double nodeRatePerSecond,
      long nowNanos) {
    if (lease == null || !planned) {
      return schedule.soonNanos();
    }
    Grant.ClusterView cluster = lease.grant().cluster();
    long key = arrival.key(arrival.rank(), cluster.incidentSalt());
    return schedule.delayNanos(arrival.rank(), key, reason, cluster, nodeRatePerSecond, nowNanos);
  }
}
