package io.trafficgovernor.loadtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.incident.IncidentFile;
import io.trafficgovernor.loadtest.live.Door;
import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.runtime.SystemTicker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What three governors say they sent is what the store saw arrive: exactly, through a stall with
 * its time-outs. A death takes with it what was written to connections that the store had closed
 * but the governors not yet: no more than they say failed, and nothing more once it is over.
 */
final class MetersEqualArrivalsIT {
  private static final long SEED = 31;
  private static final Incident.Store STORE =
      new Incident.Store(4, Duration.ofMillis(5), Duration.ofMillis(30), 500, 0.8, 500);

  @TempDir private Path folder;

  @Test
  void meters_equalTheStoresLog() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Console console = new Console(nowhere, nowhere, false);
    Population population = IncidentFile.named("june-12").population().withRate(200);
    // Ports of their own for every run of this test.
    try (Bench bench = new Bench(console, new SystemTicker().nanos())) {
      StoreProcess store =
          StoreProcess.start(bench, LoadTest.class, STORE.settings(), SEED, folder);
      Path jar = Path.of("../governor/target/governor.jar");
      Governors governors =
          new Governors(
              bench,
              new Governors.Setup(
                  jar, 3, population, "meters-" + store.port(), store.port(), folder));
      governors.start();
      governors.awaitReady();
      OpenLoop clients = ask(bench, population, governors.listenPorts());
      bench.pass(Duration.ofSeconds(6));
      store.command("/stall?for=1500ms");
      bench.pass(Duration.ofSeconds(3));
      bench.tell(clients::stop);
      assertThat(lost(bench, store, governors)).as("lost in a stall").isZero();
      assertThat(governors.sent()).isGreaterThan(100);

      clients = ask(bench, population, governors.listenPorts());
      bench.pass(Duration.ofSeconds(3));
      long failedBefore = governors.failed();
      store.command("/down?for=1s");
      bench.pass(Duration.ofSeconds(5));
      bench.tell(clients::stop);
      long lost = lost(bench, store, governors);
      assertThat(lost).isBetween(0L, governors.failed() - failedBefore);

      askTheStore(bench, population, store);
      assertThat(arrived(bench, store))
          .as("whoever goes past the governors is seen")
          .isGreaterThan(governors.sent() - lost);
    }
  }

  /**
   * Requests that were sent and never arrived, at an instant at which nothing is on its way.
   * Refused clients may come back for a minute yet, so this does not wait for the last of them.
   */
  private static long lost(Bench bench, StoreProcess store, Governors governors) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> look(bench, store, governors), Look::still)
        .lost();
  }

  private static Look look(Bench bench, StoreProcess store, Governors governors) {
    return new Look(
        governors.sent(), arrived(bench, store), governors.inFlight(), governors.sent());
  }

  /** Counts in the order in which they were read. */
  private record Look(long sentBefore, long arrived, long inFlight, long sentAfter) {
    boolean still() {
      return sentBefore == sentAfter && inFlight == 0;
    }

    long lost() {
      return sentAfter - arrived;
    }
  }

  private static OpenLoop ask(Bench bench, Population population, List<Integer> ports) {
    return bench.onLoop(
        () -> {
          List<Door> doors = ports.stream().map(Door::loopback).toList();
          OpenLoop clients = new OpenLoop(bench.vertx(), bench.loop(), population, doors, SEED);
          clients.start();
          return clients;
        });
  }

  private static void askTheStore(Bench bench, Population population, StoreProcess store) {
    OpenLoop clients = ask(bench, population, List.of(store.port()));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> bench.onLoop(() -> clients.log().size()) > 10);
    bench.tell(clients::stop);
  }

  private static long arrived(Bench bench, StoreProcess store) {
    var unused = bench.result(() -> store.link().catchUp(), "the store's log");
    return bench.onLoop(() -> store.link().arrivals().requestsSince(0));
  }
}
