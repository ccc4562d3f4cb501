package io.trafficgovernor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.trafficgovernor.ctl.Ctl;
import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Three governors as processes, one Hazelcast grid, two stores: the first goes away and comes back.
 */
final class FallbackClusterIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int NODES = 3;
  private static final int PERIOD_MILLIS = 20;

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger fromSpare = new AtomicInteger();

  /** A store that is there or breaks off whatever comes, probes too. */
  private static final class Store implements AutoCloseable {
    private final HttpServer server;
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private volatile boolean away;

    Store() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
      server.createContext("/", this::answer);
      server.setExecutor(threads);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        if (away) {
          return;
        }
        if (!exchange.getRequestURI().getPath().equals("/health")) {
          (exchange.getRequestMethod().equals("GET") ? reads : writes).incrementAndGet();
        }
        exchange.sendResponseHeaders(200, -1);
      }
    }

    int port() {
      return server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private JarProcess run(String name, int port, String members, Store first, Store second)
      throws IOException {
    Path file = folder.resolve(name + ".yaml");
    Files.writeString(
        file,
        """
        node: { name: %s }
        listen: { host: 127.0.0.1, port: 0, event-loops: 1, drain-grace: 0s }
        operator: { host: 127.0.0.1, port: 0 }
        backends:
          - name: kv
            origins: [ "http://127.0.0.1:%d" ]
            reference-rate: 200/s
            fallback: { to: spare, classes: [ read ] }
          - { name: spare, origins: [ "http://127.0.0.1:%d" ], reference-rate: 200/s }
        classes:
          - { name: read, match: [ { path: "/read/**" } ] }
          - { name: rest, default: true, after: [ read ] }
        cluster: { name: fallback-%d, data-dir: data-%s, port: %d, members: [ %s ] }
        """
            .formatted(name, first.port(), second.port(), first.port(), name, port, members));
    return new JarProcess(folder, name, List.of("run", "--config", file.toString()));
  }

  private static JsonObject status(JarProcess node) {
    try {
      return new OperatorClient(node.operator(), Optional.empty()).get("/v1/status").json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject stores(JarProcess node) {
    return status(node).getJsonObject("stores");
  }

  private static int serving(JarProcess node) {
    return stores(node).getJsonObject("serving").getInteger("read");
  }

  private HttpRequest request(JarProcess node, String method) {
    URI uri = URI.create("http://127.0.0.1:" + node.listenPort() + "/read/a");
    return HttpRequest.newBuilder(uri)
        .method(method, HttpRequest.BodyPublishers.noBody())
        .timeout(Duration.ofSeconds(5))
        .build();
  }

  private void send(JarProcess node) {
    var unused =
        http.sendAsync(request(node, "GET"), HttpResponse.BodyHandlers.discarding())
            .thenAccept(
                answer -> {
                  if (answer.headers().firstValue("Governor-Backend").orElse("").equals("spare")) {
                    fromSpare.incrementAndGet();
                  }
                });
  }

  @Test
  void reads_goToTheSecondStore_andComeBackByTheRamp() throws Exception {
    ScheduledExecutorService load = Executors.newScheduledThreadPool(1);
    List<JarProcess> nodes = new ArrayList<>();
    try (Store first = new Store();
        Store second = new Store()) {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        ports.add(JarProcess.freePort());
      }
      String members =
          String.join(", ", ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").toList());
      for (int i = 0; i < NODES; i++) {
        nodes.add(run("gw-" + i, ports.get(i), members, first, second));
      }
      for (JarProcess each : nodes) {
        each.started();
      }
      await("two stores serve, without a request to either")
          .atMost(SOON)
          .until(() -> nodes.stream().allMatch(node -> serving(node) == 2));
      assertThat(second.reads).hasValue(0);

      var unused =
          load.scheduleAtFixedRate(
              () -> nodes.forEach(this::send), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
      await("the first serves").atMost(SOON).until(() -> first.reads.get() > 300);
      assertThat(second.reads).as("nothing goes while the first is there").hasValue(0);

      outage(nodes, first, second);
      wayBack(nodes, first, second);
      for (JarProcess each : nodes) {
        JsonArray all = stores(each).getJsonArray("each");
        JsonObject spare = all.getJsonObject(1);
        assertThat(spare.getDouble("worst_excess_tokens"))
            .as("no surge at the second: %s", spare)
            .isLessThanOrEqualTo(spare.getDouble("bound_tokens"));
        assertThat(each.out()).doesNotContain("ERROR");
      }
      steered(nodes);
    } finally {
      load.shutdownNow();
      for (JarProcess each : nodes) {
        each.close();
      }
    }
  }

  /**
   * Commands of one node to the second store are followed by it on all of them, and by it alone.
   */
  private static void steered(List<JarProcess> nodes) throws IOException {
    ctl(nodes.get(0), "close", "--backend", "spare", "--reason", "test");
    await("the second is closed")
        .atMost(SOON)
        .until(() -> nodes.stream().allMatch(node -> phase(node, 1).equals("OUTAGE")));
    assertThat(nodes).noneMatch(node -> phase(node, 0).equals("OUTAGE"));
    assertThat(ctl(nodes.get(1), "status")).contains("backend spare   phase OUTAGE");
    ctl(nodes.get(1), "begin", "--backend", "spare", "--reason", "test");
    await("the second has begun")
        .atMost(SOON)
        .until(() -> nodes.stream().noneMatch(node -> phase(node, 1).equals("OUTAGE")));
    assertThat(nodes.get(2).out()).contains("gw-2, spare: phase");
  }

  private static String phase(JarProcess node, int store) {
    return stores(node).getJsonArray("each").getJsonObject(store).getString("phase");
  }

  /** Runs the command line against that node; what it has printed. */
  private static String ctl(JarProcess node, String... words) {
    List<String> all = new ArrayList<>(List.of("--url", node.operator().toString()));
    all.addAll(List.of(words));
    StringWriter out = new StringWriter();
    CommandLine line = Ctl.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(out, true));
    assertThat(line.execute(all.toArray(String[]::new))).as(out.toString()).isZero();
    return out.toString();
  }

  private void outage(List<JarProcess> nodes, Store first, Store second) throws Exception {
    first.away = true;
    await("reads go to the second")
        .atMost(SOON)
        .until(() -> second.reads.get() > 100 && fromSpare.get() > 0);
    assertThat(nodes).allSatisfy(node -> assertThat(serving(node)).isEqualTo(1));
    for (JarProcess each : nodes) {
      int refused =
          http.send(request(each, "PUT"), HttpResponse.BodyHandlers.discarding()).statusCode();
      assertThat(refused).as("a write").isEqualTo(503);
    }
    assertThat(second.writes).hasValue(0);
  }

  private static void wayBack(List<JarProcess> nodes, Store first, Store second) {
    long before = first.reads.get();
    first.away = false;
    await("the first is asked again").atMost(SOON).until(() -> first.reads.get() > before);
    long secondBefore = second.reads.get();
    await("not all at once").atMost(SOON).until(() -> second.reads.get() > secondBefore);
    await("the first has most of them")
        .atMost(SOON)
        .until(
            () -> {
              long ones = first.reads.get();
              long twos = second.reads.get();
              await().until(() -> first.reads.get() + second.reads.get() >= ones + twos + 100);
              return first.reads.get() - ones > 2 * (second.reads.get() - twos);
            });
    await("two stores serve again")
        .atMost(SOON)
        .until(() -> nodes.stream().allMatch(node -> serving(node) == 2));
  }
}
