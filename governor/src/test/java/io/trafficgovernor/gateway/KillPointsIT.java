package io.trafficgovernor.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway is killed with SIGKILL again and again at random points, while it takes writes into its
 * journal, while it delivers them, or both; in the end everything it acknowledged has been done
 * once, and in the order of its path (I10). {@code -Dkills=N} sets how often, {@code -Dkills.seed}
 * repeats a run. {@link io.trafficgovernor.JournalKilledIT} does it to the whole process.
 */
final class KillPointsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LANES = 4;
  private static final int PATHS_OF_A_LANE = 5;

  /** What is acknowledged in OUTAGE until a kill is delivered in turn, key by key. */
  private static final Duration TO_DELIVER_FOR_A_KILL = Duration.ofSeconds(4);

  private static final int LONGEST_MILLIS = 400;
  private static final long SEED = Long.getLong("kills.seed", 12);

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Paths and bodies of acknowledged writes, by their keys. */
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  /** What the backend has done, by key: a second delivery of a key does nothing. */
  private final Map<String, String> done = new ConcurrentHashMap<>();

  /** Numbers of the writes done to a path, in the order in which they were done. */
  private final Map<String, List<Integer>> order = new ConcurrentHashMap<>();

  private final AtomicInteger deliveries = new AtomicInteger();
  private final AtomicInteger changed = new AtomicInteger();
  private final AtomicInteger numbers = new AtomicInteger();
  private HttpServer backend;

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.setExecutor(threads);
    backend.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          String path = exchange.getRequestURI().getPath();
          take(exchange.getRequestHeaders().getFirst("Idempotency-Key"), path, body);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    backend.start();
  }

  private synchronized void take(String key, String path, String body) {
    deliveries.incrementAndGet();
    String before = done.putIfAbsent(key, path + ' ' + body);
    if (before == null) {
      order.computeIfAbsent(path, same -> new ArrayList<>()).add(Integer.parseInt(body));
    } else if (!before.equals(path + ' ' + body)) {
      changed.incrementAndGet();
    }
  }

  @AfterEach
  void stop() {
    backend.stop(0);
    threads.shutdownNow();
  }

  /** One life of the gateway. */
  private final class Life implements AutoCloseable {
    private final Process process;
    private final int port;

    private Life(String phase) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx96m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KillableGateway.class.getName(),
                  folder.toString(),
                  Integer.toString(backend.getAddress().getPort()),
                  phase)
              .redirectErrorStream(true)
              .start();
      BufferedReader said = process.inputReader(UTF_8);
      StringBuilder all = new StringBuilder();
      String line = said.readLine();
      while (line != null && !line.startsWith("port ")) {
        all.append(line).append('\n');
        line = said.readLine();
      }
      assertThat(line).as("it ended: %s", all).isNotNull();
      port = Integer.parseInt(line.substring("port ".length()));
    }

    /** Writes until it is gone; keeps what was acknowledged. The host is the same in all lives. */
    private boolean flood(int lane, CountDownLatch first) throws Exception {
      try (RawClient client = new RawClient(port)) {
        for (int i = 0; ; i++) {
          String number = Integer.toString(numbers.incrementAndGet());
          String path = "/config/" + lane + '-' + i % PATHS_OF_A_LANE;
          client.send(
              "PUT %s HTTP/1.1|Host: shop|Idempotency-Key: k-%s|Content-Length: %d||"
                  .formatted(path, number, number.length()));
          int status = client.write(number).read().status();
          if (status == 202 || status == 200) {
            acknowledged.put("k-" + number, path + ' ' + number);
            first.countDown();
          }
        }
      } catch (IOException gone) {
        return !process.isAlive() || process.waitFor(1, TimeUnit.SECONDS);
      }
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      Awaitility.await().atMost(SOON).until(() -> !process.isAlive());
    }
  }

  /** In OUTAGE writes are only taken in; in OPEN they are delivered meanwhile. */
  private void killOnce(SplittableRandom random) throws Exception {
    boolean outage = random.nextInt(3) > 0;
    List<Future<Boolean>> lanes = new ArrayList<>();
    try (Life life = new Life(outage ? "OUTAGE" : "OPEN")) {
      CountDownLatch first = new CountDownLatch(1);
      for (int lane = 0; lane < LANES; lane++) {
        int own = lane;
        lanes.add(threads.submit(() -> life.flood(own, first)));
      }
      assertThat(first.await(SOON.toSeconds(), TimeUnit.SECONDS)).as("an acknowledgement").isTrue();
      // anywhere: in a request, between write and fsync, fsync and answer, sending and noting
      long millis = random.nextInt(1, LONGEST_MILLIS);
      boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
    for (Future<Boolean> lane : lanes) {
      assertThat(lane.get(SOON.toSeconds(), TimeUnit.SECONDS))
          .as("it wrote until the kill")
          .isTrue();
    }
  }

  private void killed(int kills) throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int kill = 0; kill < kills; kill++) {
      killOnce(random);
    }
    try (Life last = new Life("OPEN")) {
      assertThat(last.process.isAlive()).isTrue();
      Awaitility.await("all acknowledged writes are done, seed " + SEED)
          .atMost(SOON.plus(TO_DELIVER_FOR_A_KILL.multipliedBy(kills)))
          .until(() -> done.keySet().containsAll(acknowledged.keySet()));
    }
    String run =
        "seed %d: %d kills, %d acknowledged, %d done, %d of them acknowledged, %d sent once more"
            .formatted(
                SEED,
                kills,
                acknowledged.size(),
                done.size(),
                acknowledged.keySet().stream().filter(done::containsKey).count(),
                deliveries.get() - done.size());
    assertThat(done).as(run).containsAllEntriesOf(acknowledged);
    assertThat(changed.get()).as(run).isZero();
    order.forEach((path, of) -> assertThat(of).as(run + ", order of " + path).isSorted());
    org.slf4j.LoggerFactory.getLogger(KillPointsIT.class).warn("{}", run);
  }

  @Test
  void acknowledged_isDoneOnce_whereverItIsKilled() throws Exception {
    killed(Integer.getInteger("kills", 5));
  }

  @Test
  @Tag("night")
  void acknowledged_isDoneOnce_in200Kills() throws Exception {
    killed(200);
  }
}
