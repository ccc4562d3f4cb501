package io.trafficgovernor;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.ctl.OperatorClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The executable jar as an operator meets it: starts, faults, ports, signals. */
final class GovernorJarIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir private Path folder;
  private int gridPort;

  @BeforeEach
  void port() throws IOException {
    gridPort = JarProcess.freePort();
  }

  private Path config(int listen, int operator, int origin, String more) throws IOException {
    String yaml =
        """
        node: { name: gw-1 }
        listen: { host: 127.0.0.1, port: %d, event-loops: 2, drain-grace: 2s, drain-timeout: 5s }
        operator: { host: 127.0.0.1, port: %d }
        backends: [ { name: kv, origins: [ "http://127.0.0.1:%d" ], reference-rate: 100/s } ]
        classes:
          - { name: config, match: [ { path: "/config/**" } ], timeout: 5s }
          - { name: rest, default: true, after: [ config ] }
        cluster: { name: it-%d, port: %d, members: [ "127.0.0.1:%d" ], data-dir: data }
        %s
        """
            .formatted(listen, operator, origin, gridPort, gridPort, gridPort, more);
    Path file = folder.resolve("governor.yaml");
    Files.writeString(file, yaml);
    return file;
  }

  private JarProcess run(Path config, String name) throws IOException {
    return new JarProcess(folder, name, List.of("run", "--config", config.toString()));
  }

  private static OperatorClient operator(JarProcess node) {
    return new OperatorClient(node.operator(), Optional.empty());
  }

  private static void ready(JarProcess node) {
    Awaitility.await("ready")
        .atMost(SOON)
        .until(() -> operator(node).get("/health/ready").status() == 200);
  }

  @Test
  void check_theReferenceFilePasses() throws Exception {
    Path reference = Path.of("src/main/resources/reference.yaml").toAbsolutePath();
    try (JarProcess check =
        new JarProcess(folder, "check", List.of("check", "--config", reference.toString()))) {
      assertThat(check.exitCode(SOON)).isZero();
      assertThat(check.out()).contains("no faults");
      assertThat(check.err()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "run"})
  void brokenConfig_allFaultsAtOnceAndExit2(String command) throws Exception {
    Path file = folder.resolve("broken.yaml");
    Files.writeString(
        file,
        """
        node: {}
        listen: { port: 99999, colour: blue }
        backends: [ { name: kv, origins: [ "ftp://x" ], reference-rate: 5 } ]
        classes: [ { name: a, match: [ { path: /a } ], after: [ b ] } ]
        cluster: { members: [ "127.0.0.1:5701", "127.0.0.1:5702" ] }
        """);
    try (JarProcess broken =
        new JarProcess(folder, command, List.of(command, "--config", file.toString()))) {
      assertThat(broken.exitCode(SOON)).isEqualTo(2);
      assertThat(broken.out()).isEmpty();
      assertThat(broken.err())
          .contains("node.name")
          .contains("line 2: listen.port")
          .contains("line 2: listen.colour")
          .contains("backends[0].origins[0]")
          .contains("backends[0].reference-rate")
          .contains("default: true")
          .contains("classes[0].after")
          .contains("cluster.members")
          .contains("8 faults");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"listen", "operator", "cluster"})
  void run_aPortThatIsTaken_oneLineAndExit1(String which) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      int port = taken.getLocalPort();
      gridPort = which.equals("cluster") ? port : gridPort;
      Path file =
          config(which.equals("listen") ? port : 0, which.equals("operator") ? port : 0, 1, "");
      try (JarProcess node = run(file, which)) {
        assertThat(node.exitCode(SOON)).isEqualTo(1);
        assertThat(node.err().lines()).hasSize(1);
        assertThat(node.err())
            .startsWith("governor: " + which + ": 127.0.0.1:" + port)
            .contains("in use");
        assertThat(node.out()).isEmpty();
      }
    }
  }

  @Test
  void run_aDataDirThatIsNone_oneLineAndExit1() throws Exception {
    Files.writeString(folder.resolve("data"), "a file");
    try (JarProcess node = run(config(0, 0, 1, ""), "data")) {
      assertThat(node.exitCode(SOON)).isEqualTo(1);
      assertThat(node.err().lines()).hasSize(1);
      assertThat(node.err()).startsWith("governor: cluster.data-dir: got data");
    }
  }

  @Test
  void run_saysNothingButItsOwnLines() throws Exception {
    try (JarProcess node = run(config(0, 0, 1, ""), "silent").started()) {
      ready(node);
      assertThat(node.listenPort()).isNotZero();
      assertThat(operator(node).get("/v1/status").json().getInteger("listen_port"))
          .isEqualTo(node.listenPort());
      node.terminate();
      assertThat(node.exitCode(SOON)).isEqualTo(143);
      assertThat(node.err()).isEmpty();
      assertThat(node.out().lines()).allMatch(line -> line.matches("\\S+Z? +INFO .*"));
    }
  }

  /** Readiness falls while the port still serves; what is under way ends; then the port closes. */
  @Test
  void sigterm_inOrder() throws Exception {
    CompletableFuture<Socket> atOrigin = new CompletableFuture<>();
    try (ServerSocket origin = new ServerSocket(0, 50, LOOPBACK);
        JarProcess node = run(config(0, 0, origin.getLocalPort(), ""), "term").started()) {
      serve(origin, atOrigin);
      ready(node);
      OperatorClient door =
          new OperatorClient(URI.create("http://127.0.0.1:" + node.listenPort()), Optional.empty());
      Awaitility.await("the first blackout is over")
          .atMost(SOON)
          .until(() -> door.get("/config/warm").status() == 200);
      try (Socket client = new Socket()) {
        client.connect(new InetSocketAddress(LOOPBACK, node.listenPort()));
        client.setSoTimeout(20_000);
        send(client, "GET /config/slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Socket exchange = atOrigin.get(20, TimeUnit.SECONDS);

        node.terminate();
        Awaitility.await("not ready")
            .atMost(Duration.ofSeconds(1))
            .until(() -> operator(node).get("/health/ready").status() == 503);
        try (Socket late = new Socket()) {
          late.connect(new InetSocketAddress(LOOPBACK, node.listenPort()));
        }
        send(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 200")
            .endsWith("done");
      }
      assertThat(node.exitCode(SOON)).isEqualTo(143);
      assertThat(node.out()).contains("not ready any more").contains("ended");
    }
  }

  /** Answers at once, but for the slow request: its connection is handed out. */
  private static void serve(ServerSocket origin, CompletableFuture<Socket> slow) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  Socket socket = origin.accept();
                  byte[] head = new byte[4096];
                  int read = socket.getInputStream().read(head);
                  if (new String(head, 0, Math.max(0, read), StandardCharsets.US_ASCII)
                      .startsWith("GET /config/slow")) {
                    slow.complete(socket);
                  } else {
                    send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    socket.close();
                  }
                }
              } catch (IOException closed) {
                // the test is over
              }
            },
            "origin");
    thread.setDaemon(true);
    thread.start();
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  @Test
  void kill_leavesNothingAndTheNextStartIsClean() throws Exception {
    Path file = config(JarProcess.freePort(), JarProcess.freePort(), 1, "");
    try (JarProcess node = run(file, "first").started()) {
      ready(node);
      node.kill();
      node.exitCode(SOON);
    }
    try (Stream<Path> left = Files.walk(folder.resolve("tmp"))) {
      assertThat(left.filter(Files::isRegularFile).map(Path::toString))
          .as("temporary files, the JVM's own aside")
          .allMatch(name -> name.contains("hsperfdata"));
    }
    try (JarProcess node = run(file, "second").started()) {
      ready(node);
      assertThat(node.err()).isEmpty();
    }
  }

  @Test
  void ctl_worksFromTheJar() throws Exception {
    try (JarProcess node = run(config(0, 0, 1, ""), "node").started()) {
      ready(node);
      try (JarProcess ctl =
          new JarProcess(
              folder, "ctl", List.of("ctl", "--url", node.operator().toString(), "status"))) {
        assertThat(ctl.exitCode(SOON)).isZero();
        assertThat(ctl.out()).contains("gw-1").contains("effective cluster");
        assertThat(ctl.err()).isEmpty();
      }
      // the node probes its backend by itself: the epoch that ctl has read may be past by then
      Awaitility.await()
          .atMost(SOON)
          .until(
              () -> refusal(node),
              words -> words.contains("409") && words.contains("allowed here"));
    }
  }

  private String refusal(JarProcess node) throws Exception {
    try (JarProcess ctl =
        new JarProcess(
            folder,
            "refused",
            List.of("ctl", "--url", node.operator().toString(), "unpin", "--reason", "x"))) {
      assertThat(ctl.exitCode(SOON)).isEqualTo(1);
      assertThat(ctl.err()).containsAnyOf("allowed here", "the state has changed");
      return ctl.err();
    }
  }

  @Test
  void noCommand_showsTheUsageAndExits2() throws Exception {
    try (JarProcess none = new JarProcess(folder, "none", List.of())) {
      assertThat(none.exitCode(SOON)).isEqualTo(2);
      assertThat(none.err()).contains("run").contains("check").contains("ctl");
    }
  }
}
