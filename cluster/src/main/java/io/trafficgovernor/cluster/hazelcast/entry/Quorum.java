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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * What a member must see before it writes. Hazelcast alone is not enough: its split-brain
 * protection reacts late (an owner that wakes from a pause would grant to itself first), and it
 * does not wait for a replica that is nowhere, so a grant would be answered that only the owner
 * knows of.
 *
 * <p>A majority is one of the voters, or of the most members that this one has ever seen at once,
 * if those were more: of four that share a configuration of three, any two could otherwise go on
 * when two and two are parted. While there are more than the voters nobody writes at all.
 *
 * <p>Thread-safe.
 */
public final class Quorum {
  private final int voters;
  private final int backups;
  private final AtomicInteger most = new AtomicInteger();

  /**
   * For one member.
   *
   * @param voters members of the configuration; odd
   * @param backups copies besides the owner's; each must have a place, on a member in view
   */
  public Quorum(int voters, int backups) {
    this.voters = voters;
    this.backups = backups;
    most.set(voters);
  }

  /** Told of every change, so that what was seen is not only what was seen by chance. */
  public void saw(int members) {
    most.accumulateAndGet(members, Math::max);
  }

  /** Why nothing may be written now, in words; empty if all is there. Cheap; on any thread. */
  Optional<String> lacking(HazelcastInstance on, String key) {
    Set<Address> seen =
        on.getCluster().getMembers().stream().map(Member::getAddress).collect(Collectors.toSet());
    Optional<String> few = lacking(seen.size());
    if (few.isPresent()) {
      return few;
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

  /** The same, of that many members in view. */
  Optional<String> lacking(int members) {
    saw(members);
    if (members > voters) {
      return Optional.of(
          "members in view: got "
              + members
              + ", allowed "
              + voters
              + ", the voters of the configuration: of more, two parts could both be a majority");
    }
    int seenAtOnce = most.get();
    int majority = seenAtOnce / 2 + 1;
    if (members >= majority) {
      return Optional.empty();
    }
    String because =
        seenAtOnce > voters
            ? ": there were " + seenAtOnce + " at once since this node started, of " + voters
            : "";
    return Optional.of(
        "members in view: got " + members + ", allowed " + majority + " or more" + because);
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
