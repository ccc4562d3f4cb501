package io.trafficgovernor.loadtest.bench.contestant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.GovernorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How those who take part are configured, alike in clear text and in TLS. */
final class ContestantTest {
  private static final Contestant.Ports PORTS = new Contestant.Ports(11_001, 11_002, 11_003);
  private static final Contestant.Jvm JVM =
      new Contestant.Jvm(ContestantTest.class, Path.of("jvm.options"));

  @TempDir private static Path keys;
  private static Optional<ShownCertificate> shown = Optional.empty();

  @TempDir private Path folder;

  @BeforeAll
  static void make() throws IOException {
    shown = Optional.of(ShownCertificate.make(keys));
  }

  private Contestant governor(Optional<ShownCertificate> tls) {
    return Contestant.governor("governor", folder, List.of(), Path.of("x.jar"), PORTS, 11_000, tls);
  }

  private GovernorConfig loaded() {
    ConfigLoader.Result read = new ConfigLoader(Map.of(), 2).load(folder.resolve("governor.yaml"));
    assertThat(read).isInstanceOf(ConfigLoader.Loaded.class);
    return ((ConfigLoader.Loaded) read).config();
  }

  @Test
  void governor_isConfigured() {
    Contestant plain = governor(Optional.empty());
    assertThat(loaded().listen().tls()).isEmpty();
    assertThat(plain.url("/x")).isEqualTo("http://127.0.0.1:11001/x");
    assertThat(plain.steer()).isPresent();
    Contestant secure = governor(shown);
    assertThat(loaded().listen().tls()).isPresent();
    assertThat(loaded().listen().http2()).isTrue();
    assertThat(secure.url("/x")).isEqualTo("https://127.0.0.1:11001/x");
    assertThat(secure.http2Url("/x")).isEqualTo(secure.url("/x"));
  }

  @Test
  void forwarder_isToldWhatToShow() {
    Contestant plain = Contestant.forwarder(JVM, 11_001, 11_000, Optional.empty());
    assertThat(plain.command()).noneMatch(word -> word.startsWith("--cert"));
    assertThat(plain.steer()).isEmpty();
    ShownCertificate certificate = shown.orElseThrow();
    assertThat(Contestant.forwarder(JVM, 11_001, 11_000, shown).command())
        .contains("--cert=" + certificate.cert(), "--key=" + certificate.key());
  }

  @Test
  void haproxy_andNginx_haveTwoPortsInClearText_andOneInTls() throws IOException {
    Contestant plain = Installed.haproxy(folder, 11_001, 11_002, 11_000, Optional.empty());
    assertThat(folder.resolve("haproxy.cfg")).content().contains(":11002 proto h2");
    assertThat(plain.http2Url("")).isEqualTo("http://127.0.0.1:11002");
    Contestant secure = Installed.haproxy(folder, 11_001, 11_002, 11_000, shown);
    assertThat(folder.resolve("haproxy.cfg")).content().contains("TLSv1.3").doesNotContain("11002");
    assertThat(secure.http2Url("")).isEqualTo("https://127.0.0.1:11001");
    Installed.nginx(folder, 11_001, 11_002, 11_000, Optional.empty());
    assertThat(folder.resolve("nginx.conf")).content().contains(":11002 http2");
    Contestant nginx = Installed.nginx(folder, 11_001, 11_002, 11_000, shown);
    assertThat(folder.resolve("nginx.conf")).content().contains("TLSv1.3").doesNotContain("11002");
    assertThat(nginx.http2Url("")).isEqualTo("https://127.0.0.1:11001");
  }

  /** Where they are installed, they say themselves whether they understand it. */
  @Test
  void configurations_areUnderstood() throws Exception {
    assumeThat(Installed.has("haproxy", "-v") && Installed.has("nginx", "-v"))
        .as("HAProxy and nginx are installed")
        .isTrue();
    for (Optional<ShownCertificate> tls : List.of(Optional.<ShownCertificate>empty(), shown)) {
      checked(Installed.haproxy(folder, 11_001, 11_002, 11_000, tls), "-c");
      checked(Installed.nginx(folder, 11_001, 11_002, 11_000, tls), "-t");
    }
  }

  private void checked(Contestant who, String option) throws Exception {
    List<String> command = new ArrayList<>(who.command());
    command.add(option);
    Path told = folder.resolve("told");
    Process check =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(told.toFile()).start();
    assertThat(check.waitFor()).as(who.name() + ": " + Files.readString(told)).isZero();
  }
}
