package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.testing.Leases;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients, backend and lease misbehave at random, by a seed; afterwards every permit has ended
 * exactly once, and the backend has seen what the counters say was sent (I8).
 */
final class StressIT {
  private static final int CLIENTS = 24;
  private static final long NANOS_PER_SEED = 4_000_000_000L;
  private static final Duration ENOUGH = Duration.ofSeconds(60);
  private static final String[] PATHS = {"/config/x", "/auth/x", "/x"};

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void everyPermitEndsOnce(long seed) throws Exception {
    GatewayFixture.Setup setup =
        GatewayFixture.Setup.usual().backend("max-connections: 12").loops(2);
    try (RawOrigin origin = new RawOrigin((request, peer) -> misbehave(seed, request, peer));
        GatewayFixture gateway = new GatewayFixture(setup, origin.port())) {
      AtomicBoolean over = new AtomicBoolean();
      Thread leases = new Thread(() -> flap(seed, gateway, over), "leases");
      leases.start();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(seed * 1000 + i);
        clients.add(new Thread(() -> use(gateway, random), "client-" + i));
      }
      clients.forEach(Thread::start);
      for (Thread each : clients) {
        each.join(ENOUGH.toMillis());
        assertThat(each.isAlive()).as("seed %d: %s hangs", seed, each.getName()).isFalse();
      }
      over.set(true);
      leases.join();
      assertThat(gateway.sent()).as("seed %d", seed).isGreaterThan(100);
      assertBalanced(seed, gateway, origin);
    }
  }

  private static void assertBalanced(long seed, GatewayFixture gateway, RawOrigin origin) {
    gateway.assertAllPermitsEnded();
    await()
        .alias("seed " + seed + ": the backend has seen what was sent")
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(origin.requests()).hasSize((int) gateway.sent()));
  }

  /** Negative control: a permit that is not ended is seen. */
  @Test
  void leakedPermit_isSeen() throws Exception {
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok(""));
        GatewayFixture gateway = new GatewayFixture(origin.port())) {
      long now = gateway.ticker.nanos();
      Arrival arrival = new Arrival(0, 1, now, true, (decision, then) -> {});
      assertThat(gateway.admission.decide(arrival, now)).isInstanceOf(Decision.Admitted.class);
      assertThat(gateway.snapshot().inFlight()).isEqualTo(1);
    }
  }

  private static void misbehave(long seed, RawOrigin.Request request, RawOrigin.Peer peer)
      throws Exception {
    Random random = new Random(seed * 7919 + request.number());
    int length = request.header("Content-Length").isEmpty() ? 0 : length(request);
    if (random.nextInt(20) == 0) {
      peer.reset();
      throw new IOException("reset before the body was read");
    }
    if (peer.body(length).length() < length) {
      throw new IOException("the body was cut off");
    }
    int delay = random.nextInt(10) == 0 ? 1200 : random.nextInt(30);
    long until = System.nanoTime() + delay * 1_000_000L;
    await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() - until >= 0);
    switch (random.nextInt(12)) {
      case 0 -> peer.send("HTTP/1.1 429 Too Many|Content-Length: 3||no!");
      case 1 -> peer.send("HTTP/1.1 503 No|Content-Length: 0||");
      case 2 -> peer.send("HTTP/1.1 500 No|Content-Length: 0||");
      case 3 -> peer.reset();
      case 4 -> {
        peer.send("HTTP/1.1 200 OK|Content-Length: 100000||");
        peer.write("cut");
        peer.close();
      }
      case 5 -> peer.send("NONSENSE||");
      case 6 -> {
        peer.send("HTTP/1.1 200 OK|Connection: close|Content-Length: 3||end");
        peer.close();
      }
      case 7 -> {
        peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||");
        for (int i = 0; i < 64; i++) {
          peer.send("2000|" + "x".repeat(0x2000) + "|");
        }
        peer.send("0||");
      }
      default -> peer.ok("fine");
    }
  }

  private static int length(RawOrigin.Request request) {
    return Integer.parseInt(request.header("Content-Length"));
  }

  private static void use(GatewayFixture gateway, Random random) {
    long end = gateway.ticker.nanos() + NANOS_PER_SEED;
    while (gateway.ticker.nanos() - end < 0) {
      try (RawClient client = gateway.client()) {
        while (gateway.ticker.nanos() - end < 0) {
          request(client, random);
        }
      } catch (IOException cut) {
        // the next request comes over a new connection
      } catch (Exception bug) {
        throw new IllegalStateException(bug);
      }
    }
  }

  private static void request(RawClient client, Random random) throws Exception {
    String path = PATHS[random.nextInt(PATHS.length)];
    switch (random.nextInt(8)) {
      case 0 -> {
        client.send("PUT " + path + " HTTP/1.1|Host: a|Content-Length: 100||");
        client.write("b".repeat(100));
        client.read();
      }
      case 1 -> {
        client.send("POST " + path + " HTTP/1.1|Host: a|Content-Length: 100000||");
        client.write("b".repeat(100_000));
        client.read();
      }
      case 2 -> {
        client.send("POST " + path + " HTTP/1.1|Host: a|Content-Length: 50000||");
        client.write("b".repeat(random.nextInt(50_000)));
        client.reset();
      }
      case 3 -> {
        client.send("GET " + path + " HTTP/1.1|Host: a||");
        client.reset();
      }
      case 4 -> {
        client.send("GET " + path + " HTTP/1.1|Host: a||");
        client.line();
        client.reset();
      }
      case 5 -> client.send("GET " + path + " HTTP/1.1|Host: a|Connection: close||").read();
      default -> client.send("GET " + path + " HTTP/1.1|Host: a||").read();
    }
  }

  /** Ample, scarce, away, and away for good between two decisions. */
  private static void flap(long seed, GatewayFixture gateway, AtomicBoolean over) {
    Random random = new Random(seed);
    while (!over.get()) {
      Leases lease =
          switch (random.nextInt(6)) {
            case 0 -> Leases.ample().phase(Phase.OUTAGE);
            case 1 -> Leases.ample().slots(2);
            case 2 -> Leases.ample().rate(50);
            case 3 -> Leases.ample().lasting(60);
            default -> Leases.ample();
          };
      gateway.lease(lease);
      long until = System.nanoTime() + random.nextInt(120) * 1_000_000L;
      await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() - until >= 0);
    }
    gateway.lease(Leases.ample());
  }
}
