package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.cluster.hazelcast.entry.ClusterSecret;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A sidecar: a client of the voters, on a port that is off unless it is asked for. */
final class GridClientIT {
  private static final int CLASSES = 2;
  private static final ClusterSecret SECRET = ClusterSecret.of("the words that we know");

  private static Optional<GrantReply> renewed(LedgerGrid grid, Renewals node) {
    try {
      return Optional.of(
          grid.renew(node.next(System.nanoTime()))
              .toCompletableFuture()
              .orTimeout(10, TimeUnit.SECONDS)
              .join());
    } catch (CompletionException e) {
      return Optional.empty();
    }
  }

  private static Grant granted(LedgerGrid grid, Renewals node) {
    GrantReply reply =
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> renewed(grid, node), Optional::isPresent)
            .orElseThrow();
    assertThat(reply).isInstanceOf(GrantReply.Granted.class);
    Grant grant = ((GrantReply.Granted) reply).grant();
    node.hold(grant);
    return grant;
  }

  @Test
  void client_takesLeasesAndItsLossCostsNothing() {
    List<Integer> ports = LocalMembers.freePorts(6);
    List<String> voters = ports.subList(0, 3).stream().map(port -> "127.0.0.1:" + port).toList();
    List<String> endpoints = ports.subList(3, 6).stream().map(p -> "127.0.0.1:" + p).toList();
    List<HazelcastLedgerGrid> open = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        GridSettings settings =
            new GridSettings(
                    "clients",
                    "m" + i,
                    "127.0.0.1",
                    ports.get(i),
                    new Voters.Listed(voters),
                    SECRET,
                    false)
                .withClientPort(ports.get(3 + i));
        open.add(
            HazelcastLedgerGrid.join(
                "kv", LocalMembers.ledger(4, CLASSES), settings, System::nanoTime));
      }
      HazelcastLedgerGrid client =
          HazelcastLedgerGrid.attach("kv", "clients", "side", endpoints, SECRET);
      open.add(client);
      Renewals side = new Renewals("side", CLASSES);
      Renewals member = new Renewals("m0", CLASSES);
      Grant first = granted(client, side);
      Grant second = granted(open.get(0), member);
      assertThat(second.id().lineage()).isEqualTo(first.id().lineage());
      assertThat(second.id().counter()).isGreaterThan(first.id().counter());
      assertThat(open.get(0).members()).as("a client is no voter").isEqualTo(3);
      assertThat(client.ownsEntry()).isFalse();
      client.close();
      assertThat(granted(open.get(0), member).id().counter()).isGreaterThan(second.id().counter());

      HazelcastLedgerGrid stranger =
          HazelcastLedgerGrid.attach(
              "kv", "clients", "stranger", endpoints, ClusterSecret.of("words that I made up"));
      open.add(stranger);
      GrantReply refused =
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .until(
                  () -> renewed(stranger, new Renewals("stranger", CLASSES)), Optional::isPresent)
              .orElseThrow();
      assertThat(refused.toString()).contains("cluster secret");
    } finally {
      open.forEach(HazelcastLedgerGrid::close);
    }
  }
}
