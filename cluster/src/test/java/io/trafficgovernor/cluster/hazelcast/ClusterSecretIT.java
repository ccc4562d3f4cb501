package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.cluster.hazelcast.entry.ClusterSecret;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerHost;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A member that has found the port and the name of the grid, but not its secret. */
final class ClusterSecretIT {
  private static final int CLASSES = 2;

  @Test
  void member_withoutTheSecretGetsNoLease() throws Exception {
    List<Integer> ports = LocalMembers.freePorts(3);
    List<String> voters = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    List<HazelcastLedgerGrid> members = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        String words = i < 2 ? "the words that all of us know" : "words that somebody made up";
        GridSettings settings =
            new GridSettings(
                "secret",
                "m" + i,
                "127.0.0.1",
                ports.get(i),
                new Voters.Listed(voters),
                ClusterSecret.of(words),
                false);
        members.add(
            HazelcastLedgerGrid.join(
                "kv", LocalMembers.ledger(3, CLASSES), settings, System::nanoTime));
      }
      // an entry that lies on one of us
      String entry = "kv";
      for (int i = 0; ownedByStranger(entry); i++) {
        entry = "kv-" + i;
      }
      assertThat(reply(members.get(0), entry)).isInstanceOf(GrantReply.Granted.class);
      GrantReply refused = reply(members.get(2), entry);
      assertThat(refused.toString()).contains("cluster secret: got another");
      long alarms = host(0).refusedOrders() + host(1).refusedOrders();
      assertThat(alarms).isEqualTo(1);
      assertThat(members.stream().mapToLong(HazelcastLedgerGrid::refusedOrders).sum())
          .as("what the meter says")
          .isEqualTo(1);
    } finally {
      members.forEach(HazelcastLedgerGrid::close);
    }
  }

  private static HazelcastInstance instance(int member) {
    return requireNonNull(Hazelcast.getHazelcastInstanceByName("secret/m" + member));
  }

  private static LedgerHost host(int member) {
    return (LedgerHost) requireNonNull(instance(member).getUserContext().get(LedgerHost.KEY));
  }

  private static boolean ownedByStranger(String entry) {
    Member owner =
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> instance(2).getPartitionService().getPartition(entry).getOwner(),
                Objects::nonNull);
    return owner.localMember();
  }

  private static GrantReply reply(HazelcastLedgerGrid grid, String entry) throws Exception {
    return grid.ofBackend(entry)
        .renew(new Renewals("a", CLASSES).next(System.nanoTime()))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }
}
