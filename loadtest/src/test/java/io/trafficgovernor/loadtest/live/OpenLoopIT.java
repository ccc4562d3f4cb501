package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.store.Zipf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client population on loopback servers: it waits for nobody, and retries as it should. */
final class OpenLoopIT {
  private static final long SEED = 3;
  private static final int RATE = 200;

  private final Loopback loopback = new Loopback();
  private final List<String> paths = new ArrayList<>();

  @AfterEach
  void close() {
    loopback.close();
  }

  private static Population population(double honouring, int retries) {
    List<TrafficClass> classes =
        List.of(
            new TrafficClass("config", List.of(), Duration.ofMillis(300), Duration.ofSeconds(1)),
            new TrafficClass("read", List.of(), Duration.ofMillis(300), Duration.ofSeconds(1)));
    List<SystemTraffic> systems =
        List.of(system("A", "config", 0.25, retries), system("B", "read", 0.75, retries));
    return new Population(RATE, classes, systems, honouring, new Zipf(50, 0.8));
  }

  private static SystemTraffic system(String name, String className, double share, int retries) {
    return new SystemTraffic(
        name, className, share, false, Duration.ofMillis(500), retries, Duration.ofMillis(20));
  }

  private OpenLoop clients(Population population, int port) {
    return loopback.onLoop(
        () -> {
          OpenLoop clients =
              new OpenLoop(
                  loopback.vertx, loopback.loop, population, List.of(Door.loopback(port)), SEED);
          clients.start();
          return clients;
        });
  }

  private AttemptLog until(OpenLoop clients, int attempts) {
    loopback.await(() -> clients.log().size() >= attempts);
    loopback.onLoop(clients::stop);
    loopback.await(clients::idle);
    return loopback.onLoop(() -> clients.log().copy());
  }

  private static double seconds(AttemptLog log) {
    long first = IntStream.range(0, log.size()).mapToLong(log::plannedNanos).min().orElseThrow();
    long last = IntStream.range(0, log.size()).mapToLong(log::plannedNanos).max().orElseThrow();
    return (last - first) / 1e9;
  }

  @Test
  void clients_askAtTheirRateInTheirShares() {
    OpenLoop clients =
        clients(population(0.7, 0), loopback.serve(request -> request.response().end()));
    AttemptLog log = until(clients, 400);
    assertThat(log.size() / seconds(log)).isBetween(RATE * 0.8, RATE * 1.2);
    long ofA = IntStream.range(0, log.size()).filter(i -> log.system(i) == 0).count();
    assertThat(ofA / (double) log.size()).isBetween(0.18, 0.32);
    assertThat(clients.driver().overflow()).isZero();
    assertThat(clients.driver().worstLateNanos()).isPositive();
  }

  /** The negative control of an open loop: a closed one would come to a stand here. */
  @Test
  void serverThatSaysNothing_holdsNobodyUp() {
    AttemptLog log = until(clients(population(0.7, 0), loopback.serve(request -> {})), 300);
    assertThat(IntStream.range(0, log.size()).mapToObj(log::ending)).containsOnly(Ending.TIMEOUT);
    assertThat(log.size() / seconds(log)).isBetween(RATE * 0.8, RATE * 1.2);
  }

  @Test
  void failedAttempt_isRetriedWithItsSessionAndKeyAndNoMoreOftenThanAllowed() {
    Map<String, Integer> tries = new HashMap<>();
    int port =
        loopback.serve(
            request -> {
              tries.merge(request.getHeader("Cookie") + request.path(), 1, Integer::sum);
              paths.add(request.path() + " " + request.getHeader("X-Retry-Attempt"));
              request.response().setStatusCode(500).end();
            });
    AttemptLog log = until(clients(population(0.7, 2), port), 900);
    long firsts = IntStream.range(0, log.size()).filter(log::first).count();
    assertThat(log.size() / (double) firsts).as("three attempts each").isBetween(2.5, 3.0);
    assertThat(paths).allMatch(path -> path.matches("/(config|read)/k/\\d+ (null|1|2)"));
    assertThat(tries.values().stream().filter(count -> count % 3 == 0).count())
        .as("tries with the same session and key")
        .isGreaterThan(tries.size() * 3L / 4);
  }

  @Test
  void retryAfter_isHonouredByThoseWhoDo() {
    int port =
        loopback.serve(
            request -> request.response().setStatusCode(503).putHeader("Retry-After", "100").end());
    AttemptLog honouring = until(clients(population(1, 3), port), 200);
    assertThat(IntStream.range(0, honouring.size()).allMatch(honouring::first))
        .as("everybody waits for 100 s")
        .isTrue();
    AttemptLog rude = until(clients(population(0, 3), port), 200);
    assertThat(IntStream.range(0, rude.size()).allMatch(rude::first)).isFalse();
  }

  @Test
  void sameSeed_asksForTheSameKeys() {
    int port =
        loopback.serve(
            request -> {
              paths.add(request.path());
              request.response().end();
            });
    until(clients(population(0.7, 0), port), 100);
    List<String> before = List.copyOf(paths.subList(0, 60));
    paths.clear();
    until(clients(population(0.7, 0), port), 100);
    // The order of two requests that are planned at almost the same instant may differ.
    assertThat(paths).containsAll(before.subList(0, 50));
  }
}
