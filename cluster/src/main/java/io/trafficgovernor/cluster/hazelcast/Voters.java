package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * The members of the grid, an odd number that is fixed for as long as the grid lives: majorities
 * are counted against it. How they are found is another matter.
 */
public sealed interface Voters {
  /** Most sync backups that Hazelcast keeps. */
  int MAX_BACKUPS = 6;

  /** How many there are when all are well. */
  int count();

  /** Members that must see each other for a grant to be made. */
  default int majority() {
    return count() / 2 + 1;
  }

  /** Copies besides the owner's, so that every majority holds one. */
  default int backups() {
    return count() / 2;
  }

  /**
   * Known beforehand.
   *
   * @param addresses {@code host:port} of each
   */
  record Listed(List<String> addresses) implements Voters {
    public Listed {
      addresses = List.copyOf(addresses);
      requireOdd(addresses.size());
    }

    @Override
    public int count() {
      return addresses.size();
    }
  }

  /**
   * Whoever a name resolves to, as a headless service of Kubernetes does.
   *
   * @param name resolves to the addresses of all members, ready or not
   * @param port of each
   * @param lookup longest time for one look
   */
  record Named(String name, int port, int count, Duration lookup) implements Voters {
    public Named {
      requireNonNull(name, "name");
      requireNonNull(lookup, "lookup");
      requireOdd(count);
    }
  }

  private static void requireOdd(int count) {
    if (count % 2 == 0 || count < 1 || count > 2 * MAX_BACKUPS + 1) {
      throw new IllegalArgumentException(
          "voters: got " + count + ", allowed an odd number up to " + (2 * MAX_BACKUPS + 1));
    }
  }
}
