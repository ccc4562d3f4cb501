package io.trafficgovernor.loadtest.fleet;

import static java.util.stream.Collectors.joining;

import io.trafficgovernor.loadtest.plan.Instead;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** The governor.yaml of each node of a run. */
final class GovernorFile {
  /** Threads of each governor that serve clients; several governors share this machine. */
  static final int EVENT_LOOPS = 1;

  /** Journaled writes are delivered as the lowest class: it has no clients of its own. */
  private static final String DELIVERIES = "\n  - { name: deliveries, default: true }";

  private final Population population;
  private final String cluster;
  private final int storePort;
  private final List<Node> nodes;
  private final Path dataDir;

  /**
   * One governor's place: its ports of the loopback address.
   *
   * @param clusterHost where it meets the others; an address of its own can be cut off
   * @param clusterPort of a voter; 0 of a client of the voters
   * @param clientPort where clients come in; 0 for nowhere
   */
  record Node(
      String name,
      int listenPort,
      int operatorPort,
      String clusterHost,
      int clusterPort,
      int clientPort) {
    /** A voter on the common address, without a port for clients. */
    Node(String name, int listenPort, int operatorPort, int clusterPort) {
      this(name, listenPort, operatorPort, "127.0.0.1", clusterPort, 0);
    }

    boolean voter() {
      return clusterPort > 0;
    }

    String operatorUrl() {
      return "http://127.0.0.1:" + operatorPort;
    }
  }

  GovernorFile(
      Population population, String cluster, int storePort, List<Node> nodes, Path dataDir) {
    this.population = population;
    this.cluster = cluster;
    this.storePort = storePort;
    this.nodes = List.copyOf(nodes);
    this.dataDir = dataDir;
  }

  /** The file of one of the nodes. */
  String text(Node node) {
    return """
        node:     { name: %s }
        listen:   { host: 127.0.0.1, port: %d, event-loops: %d, drain-grace: 0s }
        operator: { host: 127.0.0.1, port: %d }
        backends:
          - name: kv
            origins: [ "http://127.0.0.1:%d" ]
            connect-timeout: 250ms
            probe: { path: /health, expect: 200 }
            reference-rate: %.0f/s
            sent-stamp: true
        classes:
        %s
        session-key: [ { cookie: sid }, peer-address ]
        ramp:     { mode: auto, plan: adaptive, shadow: false }
        cluster:
          name: %s
        %s
          expected-nodes: %d
          data-dir: "%s"
          witness-log: true
        """
        .formatted(
            node.name(),
            node.listenPort(),
            EVENT_LOOPS,
            node.operatorPort(),
            storePort,
            population.ratePerSecond(),
            classes(),
            cluster,
            place(node),
            nodes.size(),
            dataDir.resolve(node.name()));
  }

  /** How it belongs to the grid. */
  private String place(Node node) {
    if (!node.voter()) {
      return "  attach: [ %s ]".formatted(addresses(GovernorFile.Node::clientPort));
    }
    String place =
        "  host: %s%n  port: %d%n  members: [ %s ]"
            .formatted(
                node.clusterHost(), node.clusterPort(), addresses(GovernorFile.Node::clusterPort));
    return node.clientPort() == 0
        ? place
        : "%s%n  client-port: %d".formatted(place, node.clientPort());
  }

  private String addresses(ToIntFunction<Node> port) {
    return nodes.stream()
        .filter(Node::voter)
        .map(node -> "\"%s:%d\"".formatted(node.clusterHost(), port.applyAsInt(node)))
        .collect(joining(", "));
  }

  private String classes() {
    List<TrafficClass> classes = population.classes();
    StringBuilder lines = new StringBuilder();
    boolean journals = classes.stream().anyMatch(each -> each.instead() == Instead.JOURNAL);
    for (int rank = 0; rank < classes.size(); rank++) {
      TrafficClass each = classes.get(rank);
      boolean last = rank == classes.size() - 1 && !journals;
      lines.append(
          String.format(
              Locale.ROOT,
              "%s  - { name: %s, %s, after: [%s], timeout: %dms, wait: %dms, %s }",
              rank == 0 ? "" : "\n",
              each.name(),
              last ? "default: true" : "match: [ { path: \"/" + each.name() + "/**\" } ]",
              String.join(", ", each.after()),
              each.timeout().toMillis(),
              each.patience().toMillis(),
              instead(each.instead())));
    }
    return lines.append(journals ? DELIVERIES : "").toString();
  }

  private static String instead(Instead what) {
    String word = "on-shed: " + what.word();
    return switch (what) {
      case REJECT, JOURNAL -> word;
      case STALE -> word + ", max-stale: 10m";
      case FAIL_OPEN ->
          word
              + ", open-answer: { body: \"{\\\"success\\\": true}\","
              + " one-time: { header: X-Token, also-live: true } }";
    };
  }
}
