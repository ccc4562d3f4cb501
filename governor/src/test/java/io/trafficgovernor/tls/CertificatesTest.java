package io.trafficgovernor.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.tls.TestAuthority.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be shown, and what becomes of a change of the files. */
final class CertificatesTest {
  @TempDir private Path folder = Path.of("");

  private static TlsFiles files(Issued issued) {
    return new TlsFiles(
        Optional.of(new TlsFiles.Identity(issued.cert(), issued.key())), Optional.empty());
  }

  private static void replace(Path what, Path by) throws Exception {
    Files.copy(by, what, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void read_good() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "one");
    Pem pem = Pem.read(files(authority.issue("a.test")));
    assertThat(pem.expires().orElseThrow()).isEqualTo("2049-12-31T23:59:59Z");
    assertThat(pem.toString()).doesNotContain("PRIVATE");
    assertThat(pem.server(true).isUseAlpn()).isTrue();
    assertThat(pem.server(true).getApplicationLayerProtocols()).startsWith("h2", "http/1.1");
    assertThat(Pem.read(TlsFiles.none()).expires()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', cert, without a certificate",
    "text, '', cert, X.509 certificates in PEM",
    "same, '', key, private key in PEM",
    "same, text, key, private key in PEM",
    "same, other, key, not the key of the certificate",
    "gone, same, cert, which is no file",
    "same, gone, key, which is no file"
  })
  void read_bad(String cert, String key, String part, String why) throws Exception {
    TestAuthority authority = new TestAuthority(folder, "one");
    Issued good = authority.issue("a.test");
    Issued other = authority.issue("b.test");
    write(good.cert(), cert, other.cert());
    write(good.key(), key, other.key());
    assertThatThrownBy(() -> Pem.read(files(good)))
        .isInstanceOfSatisfying(
            BadPemException.class, bad -> assertThat(bad.part()).isEqualTo(part))
        .hasMessageContaining(why);
  }

  private static void write(Path file, String what, Path other) throws Exception {
    switch (what) {
      case "same" -> {}
      case "gone" -> Files.delete(file);
      case "other" -> replace(file, other);
      default -> Files.writeString(file, what);
    }
  }

  @Test
  void look_adoptsAGoodChangeAndTells() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "one");
    Issued used = authority.issue("a.test");
    Issued next = authority.issue("b.test");
    Certificates certificates = Certificates.read("listen", files(used));
    List<Pem> told = new ArrayList<>();
    certificates.onChange(told::add);
    certificates.look();
    assertThat(told).isEmpty();
    replace(used.cert(), next.cert());
    certificates.look();
    assertThat(told).as("the key is not there yet").isEmpty();
    replace(used.key(), next.key());
    certificates.look();
    assertThat(told).containsExactly(Pem.read(files(next)));
    assertThat(certificates.current()).isEqualTo(Pem.read(files(next)));
    certificates.look();
    assertThat(told).hasSize(1);
  }

  @Test
  void look_keepsTheOldWhenTheNewIsBad() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "one");
    Issued used = authority.issue("a.test");
    Certificates certificates = Certificates.read("listen", files(used));
    Pem before = certificates.current();
    Files.writeString(used.cert(), "no certificate");
    for (int i = 0; i < 3; i++) {
      certificates.look();
      assertThat(certificates.current()).isEqualTo(before);
    }
  }
}
