package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.cluster.hazelcast.GridSettings;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.cluster.hazelcast.Voters;
import io.trafficgovernor.cluster.hazelcast.entry.ClusterSecret;
import io.trafficgovernor.config.Fallback;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.GovernorConfig.Cluster;
import io.trafficgovernor.config.GovernorConfig.Member;
import io.trafficgovernor.observe.Meters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

/** How a node comes to the grid: as one of its members, or as a client of them. */
final class Grids {
  private final GovernorConfig config;
  private final Cluster cluster;
  private final Ticker ticker;

  Grids(GovernorConfig config, Ticker ticker) {
    this.config = requireNonNull(config, "config");
    this.cluster = config.cluster();
    this.ticker = requireNonNull(ticker, "ticker");
  }

  /** In words, for the log. */
  String words() {
    return cluster.client()
        ? "client of the grid at " + texts(cluster.attach())
        : "grid member " + cluster.host() + ":" + cluster.port();
  }

  /**
   * Joins the grid as a member, which takes seconds, or attaches to it, which goes on in the
   * background.
   *
   * @throws StartFailedException if something outside is in the way
   */
  HazelcastLedgerGrid come() throws StartFailedException {
    try {
      return cluster.client() ? attached() : joined();
    } catch (RuntimeException e) {
      throw new StartFailedException("cluster: the grid cannot be joined: " + e.getMessage(), e);
    }
  }

  /** What that configuration tells the ledger. */
  static LedgerSettings settingsOf(GovernorConfig config) {
    return new LedgerSettings(
        config.classTable(),
        config.backend().referencePerSecond(),
        config.cluster().expectedNodes(),
        config.ramp().mode(),
        config.ramp().plan());
  }

  private HazelcastLedgerGrid attached() {
    return HazelcastLedgerGrid.attach(
        config.backend().name(),
        cluster.name(),
        config.node().name(),
        texts(cluster.attach()),
        secret());
  }

  private HazelcastLedgerGrid joined() {
    Ledger ledger = new Ledger(settingsOf(config));
    GridSettings settings =
        new GridSettings(
            cluster.name(),
            config.node().name(),
            cluster.host(),
            cluster.port(),
            voters(),
            secret(),
            cluster.network() == Cluster.Network.PRIVATE_UNENCRYPTED,
            cluster.clientPort());
    return HazelcastLedgerGrid.join(config.backend().name(), ledger, others(), settings, ticker);
  }

  private Map<String, Ledger> others() {
    return Fallback.backend(config)
        .map(backend -> Map.of(backend.name(), new Ledger(Redundancy.settingsOf(config, backend))))
        .orElse(Map.of());
  }

  private Voters voters() {
    return cluster
        .discovery()
        .<Voters>map(
            by -> new Voters.Named(by.serviceDns(), cluster.port(), by.voters(), by.timeout()))
        .orElseGet(() -> new Voters.Listed(texts(cluster.members())));
  }

  private ClusterSecret secret() {
    return cluster.secret().map(ClusterSecret::of).orElseGet(ClusterSecret::none);
  }

  private static List<String> texts(List<Member> members) {
    return members.stream().map(Member::text).toList();
  }

  /** Hazelcast needs a second and many lines to find out that a port is taken. */
  void requireFreePorts() throws StartFailedException {
    if (!cluster.client()) {
      requireFree("cluster: ", cluster.port());
      if (cluster.clientPort() > 0) {
        requireFree("cluster.client-port: ", cluster.clientPort());
      }
    }
  }

  private void requireFree(String what, int port) throws StartFailedException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(cluster.host()), port));
    } catch (IOException e) {
      throw new StartFailedException(
          what + cluster.host() + ":" + port + " cannot be listened on: " + e.getMessage(), e);
    }
  }

  /** What the meters ask of the grid this node came to. */
  record OwnGrid(HazelcastLedgerGrid grid) implements Meters.GridFacts {
    @Override
    public long refusedOrders() {
      return grid.refusedOrders();
    }

    @Override
    public boolean ownsLedger() {
      return grid.ownsEntry();
    }
  }
}
