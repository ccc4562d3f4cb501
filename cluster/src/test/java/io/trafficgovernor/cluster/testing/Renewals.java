package io.trafficgovernor.cluster.testing;

import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A node's renewals for tests: the counters rise as if all were well. */
public final class Renewals {
  private final String node;
  private final int classes;
  private long sequence;
  private Optional<Grant> held = Optional.empty();

  public Renewals(String node, int classes) {
    this.node = node;
    this.classes = classes;
  }

  /** The next renewal, sent at that instant. */
  public Renewal next(long sentNanos) {
    sequence++;
    List<ClassReport> reports = new ArrayList<>();
    for (int rank = 0; rank < classes; rank++) {
      Tally tally = new Tally(5 * sequence, 0, 0, 0, 0, sequence * 100_000_000L);
      reports.add(new ClassReport(5 * sequence, 0, 5 * sequence, 0, tally));
    }
    return new Renewal(
        node,
        node.hashCode(),
        sequence,
        sentNanos,
        held.map(Grant::id).orElse(GrantId.NONE),
        held.map(grant -> grant.cluster().epoch()).orElse(0L),
        held.map(Grant::ratePerSecond).orElse(0.0),
        held.map(Grant::slots).orElse(0),
        new NodeReport(reports, 1, 0),
        Optional.empty());
  }

  /** Takes a grant into use. */
  public void hold(Grant grant) {
    held = Optional.of(grant);
  }
}
