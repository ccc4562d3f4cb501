package io.trafficgovernor.cluster.testing;

import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.cluster.hazelcast.GridSettings;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Members of one grid in this process, over loopback, on ports that were free. */
public final class LocalMembers implements AutoCloseable {
  private static final int LOWEST_PORT = 11_000;
  private static final int HIGHEST_PORT = 32_000;
  private static final int TRIES = 2_000;

  private final List<HazelcastLedgerGrid> members = new ArrayList<>();
  private final String cluster;
  private final List<Integer> ports;

  private LocalMembers(String cluster, List<Integer> ports) {
    this.cluster = cluster;
    this.ports = ports;
  }

  /** As many as there are voters. */
  public static LocalMembers start(String cluster, int voters, int classes) {
    return start(cluster, voters, voters, classes);
  }

  /** Only some of the voters. */
  public static LocalMembers start(String cluster, int voters, int started, int classes) {
    LocalMembers all = new LocalMembers(cluster, freePorts(voters));
    for (int i = 0; i < started; i++) {
      all.members.add(
          HazelcastLedgerGrid.join(
              "kv", ledger(voters, classes), all.settings(i), System::nanoTime));
    }
    return all;
  }

  /** A small ledger for tests. */
  public static Ledger ledger(int nodes, int classes) {
    return new Ledger(
        new LedgerSettings(
            Classes.chain(classes), 500, nodes, RampMode.AUTO, new RampPlan.Adaptive()));
  }

  /** How that voter joins. */
  public GridSettings settings(int index) {
    List<String> voters = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    return new GridSettings(cluster, "m" + index, "127.0.0.1", ports.get(index), voters);
  }

  /**
   * Ports of loopback that were free a moment ago, below the range from which the system takes the
   * ports of outgoing connections: while a member is dead the others try to reach it, and a try
   * that got the member's own port would connect to itself and keep the member from coming back.
   */
  public static List<Integer> freePorts(int count) {
    Set<Integer> ports = new LinkedHashSet<>();
    for (int tries = 0; ports.size() < count && tries < TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      if (free(port)) {
        ports.add(port);
      }
    }
    if (ports.size() < count) {
      throw new IllegalStateException("ports: found " + ports.size() + " free of " + count);
    }
    return List.copyOf(ports);
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }

  public List<HazelcastLedgerGrid> all() {
    return members;
  }

  public HazelcastLedgerGrid get(int index) {
    return members.get(index);
  }

  @Override
  public void close() {
    members.forEach(HazelcastLedgerGrid::close);
  }
}
