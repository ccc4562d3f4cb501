package io.trafficgovernor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A governor is killed with SIGKILL at random points while it acknowledges writes, and while it
 * delivers them; whatever it acknowledged arrives (I10). {@code -Dkills=200} makes it longer,
 * {@code -Dkills.seed} repeats a run.
 */
final class JournalKilledIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int KILLS = Integer.getInteger("kills", 1);
  private static final long SEED = Long.getLong("kills.seed", 12);

  @TempDir private Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Keys of acknowledged writes, with their bodies. */
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  /** What the backend has done: bodies by key; a second delivery of a key does nothing. */
  private final Map<String, String> done = new ConcurrentHashMap<>();

  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger deliveries = new AtomicInteger();
  private final AtomicBoolean away = new AtomicBoolean(true);
  private HttpServer backend;
  private Path config;

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
          boolean refuses = away.get();
          if (key != null && !refuses) {
            deliveries.incrementAndGet();
            String before = done.putIfAbsent(key, new String(body, UTF_8));
            if (before != null && !before.equals(new String(body, UTF_8))) {
              changed.add(key);
            }
          }
          exchange.sendResponseHeaders(refuses ? 503 : 200, -1);
          exchange.close();
        });
    backend.start();
    int grid = JarProcess.freePort();
    config = folder.resolve("governor.yaml");
    Files.writeString(
        config,
        """
        node: { name: gw-1 }
        listen: { host: 127.0.0.1, port: 0, event-loops: 1, drain-grace: 0s }
        operator: { port: 0 }
        backends: [ { name: kv, origins: [ "http://127.0.0.1:%d" ], reference-rate: 500/s } ]
        classes: [ { name: write, default: true, on-shed: journal } ]
        cluster: { name: it-%d, port: %d, members: [ "127.0.0.1:%d" ], data-dir: data }
        """
            .formatted(backend.getAddress().getPort(), grid, grid, grid));
  }

  @AfterEach
  void stop() {
    backend.stop(0);
  }

  private JarProcess governor(int number) throws IOException {
    return new JarProcess(folder, "gw-" + number, List.of("run", "--config", config.toString()))
        .started();
  }

  /** Writes until the gateway is gone; keeps what was acknowledged. */
  private Thread flood(int port, int life, int lane, CountDownLatch first) {
    Thread thread =
        new Thread(
            () -> {
              for (int i = 0; ; i++) {
                String key = "life-%d-%d-%d".formatted(life, lane, i);
                try {
                  HttpRequest put =
                      HttpRequest.newBuilder(
                              URI.create("http://127.0.0.1:" + port + "/k/" + i % 50))
                          .timeout(Duration.ofSeconds(5))
                          .header("Idempotency-Key", key)
                          .PUT(HttpRequest.BodyPublishers.ofString("body of " + key))
                          .build();
                  HttpResponse<String> reply =
                      client.send(put, HttpResponse.BodyHandlers.ofString());
                  if (reply.statusCode() == 202) {
                    acknowledged.put(key, "body of " + key);
                    first.countDown();
                  }
                } catch (IOException gone) {
                  return;
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "flood-" + lane);
    thread.start();
    return thread;
  }

  private void killInTheFlood(int life, SplittableRandom random) throws Exception {
    try (JarProcess governor = governor(life)) {
      CountDownLatch first = new CountDownLatch(1);
      Thread one = flood(governor.listenPort(), life, 0, first);
      Thread two = flood(governor.listenPort(), life, 1, first);
      assertThat(first.await(60, TimeUnit.SECONDS)).as("an acknowledged write").isTrue();
      // anywhere: in a request, between write and fsync, between fsync and answer
      boolean unused = new CountDownLatch(1).await(random.nextInt(1, 400), TimeUnit.MILLISECONDS);
      governor.kill();
      one.join();
      two.join();
    }
  }

  @Test
  void acknowledged_arrives_whateverIsKilled() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int life = 0; life < KILLS; life++) {
      killInTheFlood(life, random);
    }
    away.set(false);
    int waiting = acknowledged.size();
    assertThat(waiting).isPositive();
    // once in the middle of the deliveries
    try (JarProcess governor = governor(KILLS)) {
      Awaitility.await().atMost(SOON).until(() -> done.size() >= Math.min(20, waiting / 4));
      governor.kill();
    }
    try (JarProcess governor = governor(KILLS + 1)) {
      OperatorClient operator = new OperatorClient(governor.operator(), Optional.empty());
      Awaitility.await("nothing waits")
          .atMost(SOON)
          // it answers late while it starts on a busy machine
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> journal(operator).getLong("waiting") == 0);
      assertThat(journal(operator).getLong("expired")).isZero();
      assertThat(journal(operator).getLong("refused")).isZero();
    }
    String run =
        "seed %d: %d kills, %d acknowledged, %d deliveries of %d keys"
            .formatted(SEED, KILLS + 1, waiting, deliveries.get(), done.size());
    assertThat(done).as(run).containsAllEntriesOf(acknowledged);
    assertThat(changed).as(run).isEmpty();
  }

  private static JsonObject journal(OperatorClient operator) throws IOException {
    return operator.get("/v1/status").json().getJsonObject("journal");
  }
}
