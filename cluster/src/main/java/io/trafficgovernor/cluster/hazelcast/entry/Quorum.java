package io.trafficgovernor.cluster.hazelcast.entry;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.InternalPartitionService;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a member must see before it writes. Hazelcast alone is not enough: its split-brain
 * protection reacts late (an owner that wakes from a pause would grant to itself first), and it
 * does not wait for a replica that is nowhere, so a grant would be answered that only the owner
 * knows of.
 *
 * @param majority members that must be in view; no more than may leave the rest a minority
 * @param backups copies besides the owner's; each must have a place, on a member in view
 */
public record Quorum(int majority, int backups) {

  /** Why nothing may be written now, in words; empty if all is there. Cheap; on any thread. */
  Optional<String> lacking(HazelcastInstance on, String key) {
    Set<Address> seen =
        on.getCluster().getMembers().stream().map(Member::getAddress).collect(Collectors.toSet());
    if (seen.size() < majority) {
      return Optional.of(
          "members in view: got " + seen.size() + ", allowed " + majority + " or more");
    }
    if (seen.size() >= 2 * majority) {
      return Optional.of(
          "members in view: got "
              + seen.size()
              + ", allowed "
              + (2 * majority - 1)
              + ", the voters of the configuration: of more, two parts could both be a majority");
    }
    int copies = replicas(on, key, seen);
    return copies > backups
        ? Optional.empty()
        : Optional.of(
            "replicas of the ledger: got "
                + copies
                + ", allowed "
                + (backups + 1)
                + ": members have changed, and the copies are still under way");
  }

  /** Members in view that hold a copy. The public interface tells the owner only. */
  private int replicas(HazelcastInstance on, String key, Set<Address> seen) {
    InternalPartitionService service = original(on).node.getPartitionService();
    InternalPartition partition =
        service.getPartition(on.getPartitionService().getPartition(key).getPartitionId(), false);
    int copies = 0;
    for (int index = 0; index <= backups; index++) {
      Address replica = partition.getReplicaAddress(index);
      copies += replica != null && seen.contains(replica) ? 1 : 0;
    }
    return copies;
  }

  private static HazelcastInstanceImpl original(HazelcastInstance instance) {
    return instance instanceof HazelcastInstanceProxy proxy
        ? proxy.getOriginal()
        : (HazelcastInstanceImpl) instance;
  }
}
