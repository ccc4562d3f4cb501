package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How a node joins the grid.
 *
 * @param clusterName unique per environment: two clusters of one name would merge
 * @param node this node's name
 * @param host address the member binds to
 * @param port of this member
 * @param voters addresses {@code host:port} of all members; an odd number
 */
public record GridSettings(
    String clusterName, String node, String host, int port, List<String> voters) {
  /** Most sync backups that Hazelcast keeps. */
  private static final int MAX_BACKUPS = 6;

  public GridSettings {
    requireNonNull(clusterName, "clusterName");
    requireNonNull(node, "node");
    requireNonNull(host, "host");
    voters = List.copyOf(voters);
    if (voters.size() % 2 == 0 || voters.size() > 2 * MAX_BACKUPS + 1) {
      throw new IllegalArgumentException(
          "voters: got "
              + voters.size()
              + ", allowed an odd number up to "
              + (2 * MAX_BACKUPS + 1));
    }
  }

  /** Members that must see each other for a grant to be made. */
  public int majority() {
    return voters.size() / 2 + 1;
  }

  /** Copies besides the owner's, so that every majority holds one. */
  public int backups() {
    return voters.size() / 2;
  }
}
