package io.trafficgovernor.loadtest.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Ports of the loopback address that nobody listens on, each handed out once.
 *
 * <p>They lie below the range from which the system takes the ports of outgoing connections: while
 * the store is dead thousands of connections are tried, and one of them could get the store's own
 * port, connect to itself, and keep the store from coming back. Not thread-safe.
 */
public final class FreePorts {
  private static final int LOWEST = 11_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 2_000;

  private final RandomGenerator random;
  private final Set<Integer> taken = new HashSet<>();

  /** Ports drawn from that generator. */
  public FreePorts(RandomGenerator random) {
    this.random = random;
  }

  /**
   * A port that was free a moment ago.
   *
   * @throws IllegalStateException if none was found
   */
  public int next() {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      int port = random.nextInt(LOWEST, HIGHEST);
      if (!taken.contains(port) && free(port)) {
        taken.add(port);
        return port;
      }
    }
    throw new IllegalStateException(
        "ports: found none free from %d to %d in %d tries".formatted(LOWEST, HIGHEST, TRIES));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException inUse) {
      return false;
    }
  }
}
