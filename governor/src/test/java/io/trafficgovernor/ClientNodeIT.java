package io.trafficgovernor;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar: a governor that is a client of the voters, as a process of its own. */
final class ClientNodeIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private int gridPort;
  private int clientPort;

  @BeforeEach
  void ports() throws IOException {
    gridPort = JarProcess.freePort();
    clientPort = JarProcess.freePort();
  }

  private JarProcess run(String name, String cluster) throws IOException {
    Path file = folder.resolve(name + ".yaml");
    Files.writeString(
        file,
        """
        node: { name: %s }
        listen: { host: 127.0.0.1, port: 0, event-loops: 1, drain-grace: 0s }
        operator: { host: 127.0.0.1, port: 0 }
        backends: [ { name: kv, origins: [ "http://127.0.0.1:1" ], reference-rate: 100/s } ]
        classes: [ { name: all, default: true } ]
        cluster: { name: clients-%d, data-dir: data-%s, secret: words-that-we-share, %s }
        """
            .formatted(name, gridPort, name, cluster));
    return new JarProcess(folder, name, List.of("run", "--config", file.toString())).started();
  }

  private static JsonObject status(JarProcess node) {
    OperatorClient client = new OperatorClient(node.operator(), Optional.empty());
    try {
      return client.get("/v1/status").json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> nodes(JarProcess node) {
    JsonArray rows = status(node).getJsonArray("nodes");
    return rows.stream().map(row -> ((JsonObject) row).getString("name")).collect(toSet());
  }

  /** It leases and is ready like a voter; the voters do not miss it when it is killed. */
  @Test
  void client_leasesAndItsDeathCostsNothing() throws Exception {
    String voter =
        "port: %d, members: [ \"127.0.0.1:%d\" ], client-port: %d"
            .formatted(gridPort, gridPort, clientPort);
    String attached = "attach: [ \"127.0.0.1:%d\" ]".formatted(clientPort);
    try (JarProcess member = run("voter", voter);
        JarProcess client = run("side", attached)) {
      assertThat(client.out()).contains("client of the grid at [127.0.0.1:" + clientPort + "]");
      Awaitility.await("both lease")
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(nodes(client)).containsExactlyInAnyOrder("voter", "side"));
      assertThat(status(client).getString("effective")).isEqualTo("cluster");
      long epoch = status(member).getLong("epoch");
      client.kill();
      Awaitility.await("the dead one leaves the list")
          .atMost(SOON)
          .untilAsserted(() -> assertThat(nodes(member)).containsExactly("voter"));
      assertThat(status(member).getString("effective")).isEqualTo("cluster");
      assertThat(status(member).getLong("epoch")).isGreaterThanOrEqualTo(epoch);
      assertThat(client.out()).doesNotContain("ERROR");
    }
  }

  /** A client that finds nobody lives, says so, and is on its own. */
  @Test
  void client_withoutVotersIsIsolated() throws Exception {
    try (JarProcess client = run("alone", "attach: [ \"127.0.0.1:%d\" ]".formatted(clientPort))) {
      Awaitility.await("it answers")
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(status(client).getString("effective")).isEqualTo("isolated"));
      assertThat(client.alive()).isTrue();
    }
  }
}
