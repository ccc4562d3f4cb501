package io.trafficgovernor.cluster.chaos;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.request.Lease;

/**
 * One lease as its holder took it into use; one line of a member's output. Times are of the
 * machine's one monotonic clock, which all its processes share.
 */
record InUse(
    String node,
    long sentNanos,
    long fromNanos,
    long endsNanos,
    double ratePerSecond,
    double failSafePerSecond,
    double ceilingPerSecond,
    long lineage,
    long counter,
    long epoch,
    String phase) {
  private static final String MARK = "lease";

  static InUse of(String node, Lease lease, long nowNanos) {
    Grant grant = lease.grant();
    return new InUse(
        node,
        lease.sentNanos(),
        nowNanos,
        lease.endsNanos(),
        grant.ratePerSecond(),
        grant.failSafePerSecond(),
        grant.cluster().ceilingPerSecond(),
        grant.id().lineage(),
        grant.id().counter(),
        grant.cluster().epoch(),
        grant.cluster().phase().name());
  }

  /** Nothing more: the process has ended. */
  static InUse ended(String node, long nowNanos) {
    return new InUse(node, nowNanos, nowNanos, nowNanos, 0, 0, 0, 0, 0, 0, "ENDED");
  }

  /** Whether it was granted by a ledger. */
  boolean granted() {
    return lineage != 0;
  }

  static boolean isLine(String line) {
    return line.startsWith(MARK + " ");
  }

  String line() {
    return String.join(
        " ",
        MARK,
        node,
        "" + sentNanos,
        "" + fromNanos,
        "" + endsNanos,
        "" + ratePerSecond,
        "" + failSafePerSecond,
        "" + ceilingPerSecond,
        "" + lineage,
        "" + counter,
        "" + epoch,
        phase);
  }

  static InUse parse(String line) {
    String[] part = line.split(" ", -1);
    return new InUse(
        part[1],
        Long.parseLong(part[2]),
        Long.parseLong(part[3]),
        Long.parseLong(part[4]),
        Double.parseDouble(part[5]),
        Double.parseDouble(part[6]),
        Double.parseDouble(part[7]),
        Long.parseLong(part[8]),
        Long.parseLong(part[9]),
        Long.parseLong(part[10]),
        part[11]);
  }
}
