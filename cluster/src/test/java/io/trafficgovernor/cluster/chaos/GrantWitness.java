package io.trafficgovernor.cluster.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up, at every instant at which anything changed, what all nodes might use, and compares it
 * with the highest ceiling of the last lease length (I1 as the holders live it). A silent node
 * counts with its fail-safe share until a minute after it last sent, or until its process ended.
 */
final class GrantWitness {
  /** The longest booking, with what the slowest clock may add. */
  private static final long LOOK_BACK_NANOS = 2_006_000_000L;

  private static final long SHARE_NANOS = 60_000_000_000L;

  private final Map<String, List<InUse>> byNode = new TreeMap<>();
  private final List<InUse> all;

  GrantWitness(List<InUse> leases) {
    all = new ArrayList<>(leases);
    all.sort(Comparator.comparingLong(InUse::fromNanos));
    for (InUse lease : all) {
      byNode.computeIfAbsent(lease.node(), node -> new ArrayList<>()).add(lease);
    }
  }

  /** What each node might use at the worst instant, for the message of a failed test. */
  String worst() {
    double worst = worstExcess();
    for (InUse lease : all) {
      long at = lease.fromNanos();
      if (worst > 0 && excess(at) == worst) {
        StringBuilder text = new StringBuilder("excess " + worst + " at " + lease + ":");
        byNode.forEach((node, leases) -> text.append(" " + node + "=" + inUse(leases, at)));
        return text.toString();
      }
    }
    return "no excess";
  }

  /** The worst instant: by how many tokens per second the sum is above the ceiling; 0 if never. */
  double worstExcess() {
    double worst = 0;
    for (InUse lease : all) {
      worst = Math.max(worst, excess(lease.fromNanos()));
    }
    return worst;
  }

  private double excess(long atNanos) {
    double used = 0;
    for (List<InUse> leases : byNode.values()) {
      used += inUse(leases, atNanos);
    }
    double ceiling = 0;
    for (InUse lease : all) {
      boolean known =
          lease.sentNanos() - atNanos <= 0 && atNanos - lease.fromNanos() <= LOOK_BACK_NANOS;
      ceiling = known ? Math.max(ceiling, lease.ceilingPerSecond()) : ceiling;
    }
    double excess = used - ceiling;
    return excess <= 1e-6 * ceiling ? 0 : excess;
  }

  private static double inUse(List<InUse> leases, long atNanos) {
    InUse last = null;
    for (InUse lease : leases) {
      if (lease.fromNanos() - atNanos <= 0) {
        last = lease;
      }
    }
    if (last == null || atNanos - last.sentNanos() > SHARE_NANOS) {
      return 0;
    }
    return atNanos - last.endsNanos() < 0 ? last.ratePerSecond() : last.failSafePerSecond();
  }

  /** The longest time between two leases of one of these nodes, within those instants. */
  long longestGapNanos(List<String> nodes, long fromNanos, long toNanos) {
    long longest = 0;
    for (String node : nodes) {
      long before = fromNanos;
      for (InUse lease : byNode.getOrDefault(node, List.of())) {
        if (lease.fromNanos() - fromNanos > 0 && toNanos - lease.fromNanos() > 0) {
          longest = Math.max(longest, lease.fromNanos() - before);
          before = lease.fromNanos();
        }
      }
      longest = Math.max(longest, toNanos - before);
    }
    return longest;
  }

  /** All leases in the order in which they were taken into use. */
  List<InUse> leases() {
    return List.copyOf(all);
  }
}
