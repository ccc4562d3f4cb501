package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trafficgovernor.tls.TestAuthority;
import io.trafficgovernor.tls.TestAuthority.Issued;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and mutual TLS with clients and origins; the peers are those of the JDK. */
final class TlsIT {
  private static final String GET = "GET /x HTTP/1.1|Host: a||";
  private static final Duration LATE = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("");
  private TestAuthority ours = authority("ours");
  private TestAuthority strangers = ours;

  private static TestAuthority authority(String name) {
    try {
      return new TestAuthority(Files.createTempDirectory("tls-it"), name);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void authorities() throws Exception {
    ours = new TestAuthority(folder, "ours");
    strangers = new TestAuthority(folder, "strangers");
  }

  private static GatewayFixture.Setup listen(Issued shown, @Nullable Path clients) {
    String ca = clients == null ? "" : ", client-ca: " + clients;
    return GatewayFixture.Setup.usual()
        .listen("tls: { cert: %s, key: %s%s }".formatted(shown.cert(), shown.key(), ca));
  }

  private static RawClient client(GatewayFixture gateway, SSLContext context) throws Exception {
    return new RawClient(socket(gateway, context));
  }

  private static SSLSocket socket(GatewayFixture gateway, SSLContext context) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private static ServerSocket server(SSLContext context, boolean clientsProve) throws Exception {
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(clientsProve);
    return server;
  }

  private static GatewayFixture.Setup origins(String tls) {
    return GatewayFixture.Setup.usual()
        .tlsOrigins()
        .backend("connect-timeout: 5s\n    tls: { " + tls + " }");
  }

  private static RawClient.Reply reply(GatewayFixture gateway) throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send(GET).read();
    }
  }

  /** Of the class with the longest time-out: a refusal after the handshake may take its time. */
  private static RawClient.Reply patientReply(GatewayFixture gateway) throws Exception {
    try (RawClient client = gateway.client()) {
      return client.send("GET /config/x HTTP/1.1|Host: a||").read();
    }
  }

  @Test
  void clients_comeInByTls() throws Exception {
    Issued shown = ours.issue("gw.test");
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("secret"));
        GatewayFixture gateway = new GatewayFixture(listen(shown, null), origin.port());
        RawClient client = client(gateway, ours.context(null))) {
      assertThat(client.send(GET).read().body()).isEqualTo("secret");
      assertThat(origin.last().header("X-Forwarded-Proto")).isEqualTo("https");
      assertThatThrownBy(() -> client(gateway, strangers.context(null)))
          .as("who does not know our authority")
          .isInstanceOf(IOException.class);
      try (RawClient plain = gateway.client()) {
        assertThat(plain.send(GET).closedByPeer()).isTrue();
      }
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void clients_mustProveThemselves() throws Exception {
    Issued shown = ours.issue("gw.test");
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("secret"));
        GatewayFixture gateway = new GatewayFixture(listen(shown, ours.cert()), origin.port())) {
      try (RawClient known = client(gateway, ours.context(ours.issue("friend.test")))) {
        assertThat(known.send(GET).read().body()).isEqualTo("secret");
      }
      for (Issued none : new Issued[] {null, strangers.issue("friend.test")}) {
        assertThatThrownBy(() -> client(gateway, ours.context(none)).send(GET).read())
            .isInstanceOf(IOException.class);
      }
      assertThat(origin.requests()).hasSize(1);
    }
  }

  /** New connections see the new certificate, old ones go on; a bad one changes nothing. */
  @Test
  void certificate_isReplacedWhileServing() throws Exception {
    Issued shown = ours.issue("gw.test");
    Issued next = ours.issue("next.test");
    try (RawOrigin origin = new RawOrigin((request, peer) -> peer.ok("secret"));
        GatewayFixture gateway = new GatewayFixture(listen(shown, null).loops(2), origin.port());
        RawClient old = client(gateway, ours.context(null))) {
      gateway.keyring.watch(gateway.scheduler);
      assertThat(old.send(GET).read().status()).isEqualTo(200);
      BigInteger before = serial(gateway);
      replace(shown, next);
      await().atMost(LATE).until(() -> !serial(gateway).equals(before));
      BigInteger after = serial(gateway);
      assertThat(old.send(GET).read().status()).isEqualTo(200);
      Files.writeString(shown.cert(), "no certificate");
      long begin = gateway.ticker.nanos();
      await().atMost(LATE).until(() -> gateway.ticker.nanos() - begin > 5_000_000_000L);
      assertThat(serial(gateway)).isEqualTo(after);
    }
  }

  private BigInteger serial(GatewayFixture gateway) throws Exception {
    try (SSLSocket socket = socket(gateway, ours.context(null))) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private static void replace(Issued used, Issued by) throws IOException {
    Files.copy(by.cert(), used.cert(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(by.key(), used.key(), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void origin_isSpokenToInTls() throws Exception {
    ServerSocket server = server(ours.context(ours.issue("store.test")), false);
    try (RawOrigin origin = new RawOrigin(server, (request, peer) -> peer.ok("secret"));
        GatewayFixture gateway = new GatewayFixture(origins("ca: " + ours.cert()), origin.port())) {
      assertThat(reply(gateway).body()).isEqualTo("secret");
      assertThat(reply(gateway).body()).isEqualTo("secret");
      assertThat(origin.connections()).isEqualTo(1);
      gateway.assertAllPermitsEnded();
    }
  }

  @Test
  void origin_thatCannotProveItselfGetsNothing() throws Exception {
    ServerSocket server = server(strangers.context(strangers.issue("store.test")), false);
    try (RawOrigin origin = new RawOrigin(server, (request, peer) -> peer.ok("secret"));
        GatewayFixture gateway = new GatewayFixture(origins("ca: " + ours.cert()), origin.port())) {
      RawClient.Reply reply = reply(gateway);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Governor-Reason")).isEqualTo("unreachable");
      assertThat(origin.requests()).isEmpty();
      gateway.assertAllPermitsEnded();
    }
  }

  /** A good certificate of somebody else's name is a bad one. */
  @Test
  void origin_hasToHaveTheName() throws Exception {
    ServerSocket server = server(ours.context(ours.issueForNameOnly("store.test")), false);
    try (RawOrigin origin = new RawOrigin(server, (request, peer) -> peer.ok("secret"))) {
      String trust = "ca: " + ours.cert();
      try (GatewayFixture gateway = new GatewayFixture(origins(trust), origin.port())) {
        assertThat(reply(gateway).header("Governor-Reason")).isEqualTo("unreachable");
      }
      String named = trust + ", server-name: store.test";
      try (GatewayFixture gateway = new GatewayFixture(origins(named), origin.port())) {
        assertThat(reply(gateway).body()).isEqualTo("secret");
      }
    }
  }

  @Test
  void origin_asksTheNodeForAProof() throws Exception {
    ServerSocket server = server(ours.context(ours.issue("store.test")), true);
    Issued node = ours.issue("gw.test");
    try (RawOrigin origin = new RawOrigin(server, (request, peer) -> peer.ok("secret"))) {
      String trust = "ca: " + ours.cert();
      try (GatewayFixture gateway = new GatewayFixture(origins(trust), origin.port())) {
        assertThat(patientReply(gateway).status()).isBetween(502, 503);
        gateway.assertAllPermitsEnded();
      }
      String own = "%s, cert: %s, key: %s".formatted(trust, node.cert(), node.key());
      try (GatewayFixture gateway = new GatewayFixture(origins(own), origin.port())) {
        assertThat(reply(gateway).body()).isEqualTo("secret");
      }
    }
  }
}
