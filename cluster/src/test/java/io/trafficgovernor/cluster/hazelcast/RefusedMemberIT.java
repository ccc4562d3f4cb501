package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.trafficgovernor.cluster.testing.LocalMembers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member that the others do not take in. */
final class RefusedMemberIT {
  private static final int CLASSES = 2;

  private static GridSettings settings(String node, List<Integer> ports, int index) {
    List<String> voters = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    return new GridSettings("refused", node, "127.0.0.1", ports.get(index), voters);
  }

  @Test
  void join_saysWhereTheReasonStands() {
    List<Integer> ports = LocalMembers.freePorts(3);
    Config other = GridConfig.of(settings("other", ports, 0));
    other.setProperty("hazelcast.partition.count", "271");
    HazelcastInstance first = Hazelcast.newHazelcastInstance(other);
    try {
      GridSettings ours = settings("ours", ports, 1);
      assertThatThrownBy(
              () ->
                  HazelcastLedgerGrid.join(
                      "kv", LocalMembers.ledger(3, CLASSES), ours, System::nanoTime))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Node failed to start!")
          .hasMessageContaining("log above says why")
          .hasMessageContaining("partition count");
    } finally {
      first.shutdown();
    }
  }
}
