package io.trafficgovernor.config;

import io.trafficgovernor.config.GovernorConfig.Cluster;
import io.trafficgovernor.config.GovernorConfig.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads how a node belongs to the grid: as a voter (of a list, or of whoever a name resolves to) or
 * as a client of the voters.
 */
final class ClusterReader {
  private static final Form<Integer> PORT = Form.whole(1, 65535);
  private static final Form<Member> MEMBER =
      Form.parsed("host:port, the port from 1 to 65535", ClusterReader::member);
  private static final int MOST_VOTERS = 13;

  private final Section section;

  private ClusterReader(Section section) {
    this.section = section;
  }

  static Cluster read(Section section) {
    return new ClusterReader(section).read();
  }

  private Cluster read() {
    String name = section.optional("name", ConfigReader.NAME, "governor");
    String host = section.optional("host", ConfigReader.HOST, "127.0.0.1");
    int port = section.optional("port", PORT, 5701);
    List<Member> members = section.list("members", MEMBER);
    List<Member> attach = section.list("attach", MEMBER);
    Optional<Cluster.Discovery> discovery = discovery(section.section("discovery"));
    int voters = discovery.map(Cluster.Discovery::voters).orElse(members.size());
    int expected = section.optional("expected-nodes", Form.whole(1, 1000), Math.max(1, voters));
    String dataDir = section.optional("data-dir", Form.text("[^\\x00]+", "a directory"), "./data");
    Optional<String> secret = section.secret("secret");
    Cluster.Network network =
        section.optional("network", Form.oneOf(Cluster.Network.class), Cluster.Network.LOOPBACK);
    Optional<Integer> clientPort = section.present("client-port", PORT, 5710);
    boolean witnessLog = section.optional("witness-log", Form.flag(), false);
    section.end();
    Cluster cluster =
        new Cluster(
            name,
            host,
            port,
            members,
            expected,
            Path.of(dataDir),
            secret,
            network,
            clientPort.orElse(0),
            attach,
            discovery,
            witnessLog);
    if (attach.isEmpty() && !section.has("attach")) {
      checkVoter(cluster);
    } else {
      checkClient(cluster);
    }
    return cluster;
  }

  private Optional<Cluster.Discovery> discovery(Section of) {
    if (!section.has("discovery")) {
      return Optional.empty();
    }
    String dns = of.required("service-dns", ConfigReader.HOST, "governor");
    int voters = of.required("voters", Form.whole(1, MOST_VOTERS), 1);
    Duration timeout =
        of.optional(
            "timeout",
            Form.duration(Duration.ofSeconds(1), Duration.ofSeconds(30)),
            Duration.ofSeconds(5));
    of.end();
    if (voters % 2 == 0) {
      of.fault("voters", "got " + voters + ", allowed: an odd number, 1 or more");
    }
    return Optional.of(new Cluster.Discovery(dns, voters, timeout));
  }

  private void checkVoter(Cluster cluster) {
    checkMembers(new Member(cluster.host(), cluster.port()), cluster);
    if (cluster.clientPort() == cluster.port()) {
      section.fault("client-port", "got " + cluster.port() + ", which is cluster.port");
    }
    if (cluster.network() == Cluster.Network.LOOPBACK && !ConfigReader.loopback(cluster.host())) {
      section.fault(
          "host",
          "got "
              + cluster.host()
              + ", allowed: a loopback address, unless network is private-unencrypted: this port"
              + " has no encryption");
    }
  }

  private void checkMembers(Member self, Cluster cluster) {
    List<Member> members = cluster.members();
    if (cluster.discovery().isPresent()) {
      if (!members.isEmpty()) {
        section.fault("members", "got both members and discovery, allowed: one of them");
      }
      return;
    }
    if (members.size() % 2 == 0) {
      section.fault(
          "members", "got " + members.size() + " voters, allowed: an odd number, 1 or more");
    }
    if (Set.copyOf(members).size() < members.size()) {
      section.fault("members", "got a member twice, allowed once");
    }
    if (!members.isEmpty() && !members.contains(self)) {
      section.fault(
          "members",
          "got no "
              + self.text()
              + ", the host and port of this node; a node that is no voter has attach instead");
    }
  }

  /** A client has no port of its own and no vote; it says how it shares the ceiling. */
  private void checkClient(Cluster cluster) {
    if (cluster.attach().isEmpty()) {
      section.fault("attach", "got no address, allowed: host:client-port of one voter or more");
    }
    for (String key : List.of("members", "discovery", "host", "port", "client-port")) {
      if (section.has(key)) {
        section.fault(key, "is for voters; with attach this node is a client of theirs");
      }
    }
    for (Member each : cluster.attach()) {
      if (cluster.network() == Cluster.Network.LOOPBACK && !ConfigReader.loopback(each.host())) {
        section.fault(
            "attach",
            "got "
                + each.text()
                + ", allowed: loopback addresses, unless network is private-unencrypted: this way"
                + " has no encryption");
      }
    }
  }

  private static Optional<Member> member(String text) {
    return Origin.parse("http://" + text)
        .filter(origin -> text.endsWith(":" + origin.port()))
        .map(origin -> new Member(origin.host(), origin.port()));
  }
}
