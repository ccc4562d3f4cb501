package io.trafficgovernor.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class FreePortsTest {
  @Test
  void ports_areDistinctAndBelowThoseOfOutgoingConnections() {
    FreePorts ports = new FreePorts(new SplittableRandom(7));
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      int port = ports.next();
      assertThat(port).isBetween(11_000, 32_000 - 1);
      assertThat(seen.add(port)).isTrue();
    }
  }

  @Test
  void portInUse_isPassedOver() throws Exception {
    int taken = new FreePorts(new SplittableRandom(8)).next();
    try (ServerSocket socket = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
      assertThat(new FreePorts(new SplittableRandom(8)).next()).isNotEqualTo(socket.getLocalPort());
    }
  }

  @Test
  void noneFree_saysSo() {
    RandomGenerator stuck = () -> 0L;
    FreePorts ports = new FreePorts(stuck);
    ports.next();
    assertThatThrownBy(ports::next).hasMessageContaining("found none free");
  }
}
