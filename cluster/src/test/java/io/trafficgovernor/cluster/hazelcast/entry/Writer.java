package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.Hazelcast;

/** What a member's processors look at before they write, asked from outside. */
public final class Writer {
  private final String instance;
  private final Quorum quorum;
  private final String key;

  /**
   * Of a member in this process.
   *
   * @param instance its name
   */
  public Writer(String instance, int voters, String key) {
    this.instance = instance;
    this.quorum = new Quorum(voters, (voters - 1) / 2);
    this.key = key;
  }

  /** Whether a majority is in view, and each copy of the entry is on a member in view. */
  public boolean lacksNothing() {
    return quorum
        .lacking(requireNonNull(Hazelcast.getHazelcastInstanceByName(instance), instance), key)
        .isEmpty();
  }
}
