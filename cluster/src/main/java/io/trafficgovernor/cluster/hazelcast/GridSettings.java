package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.cluster.hazelcast.entry.ClusterSecret;
import java.util.List;

/**
 * How a node joins the grid.
 *
 * @param clusterName unique per environment: two clusters of one name would merge
 * @param node this node's name
 * @param host address the member binds to
 * @param port of this member
 * @param voters all members, this one among them
 * @param secret what all members share
 * @param unencrypted whether the port may be reached from other machines, which can read and write
 *     all that passes
 * @param clientPort where nodes that are no voters come in; 0 for nowhere
 */
public record GridSettings(
    String clusterName,
    String node,
    String host,
    int port,
    Voters voters,
    ClusterSecret secret,
    boolean unencrypted,
    int clientPort) {

  /** On this machine alone, without a secret. */
  public GridSettings(String clusterName, String node, String host, int port, List<String> voters) {
    this(clusterName, node, host, port, new Voters.Listed(voters), ClusterSecret.none(), false);
  }

  /** Without a port for clients. */
  public GridSettings(
      String clusterName,
      String node,
      String host,
      int port,
      Voters voters,
      ClusterSecret secret,
      boolean unencrypted) {
    this(clusterName, node, host, port, voters, secret, unencrypted, 0);
  }

  /** With a port for clients. */
  public GridSettings withClientPort(int next) {
    return new GridSettings(clusterName, node, host, port, voters, secret, unencrypted, next);
  }

  public GridSettings {
    requireNonNull(secret, "secret");
    requireNonNull(clusterName, "clusterName");
    requireNonNull(node, "node");
    requireNonNull(host, "host");
    requireNonNull(voters, "voters");
  }
}
