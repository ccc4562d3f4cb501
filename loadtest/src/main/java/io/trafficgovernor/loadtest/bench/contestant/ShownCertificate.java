package io.trafficgovernor.loadtest.bench.contestant;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate that all contestants of a run show: for 127.0.0.1, signed by its own key on the
 * curve P-256, good for a month. Immutable.
 *
 * @param cert the certificate in PEM
 * @param key its private key in PEM
 * @param both the one behind the other, as HAProxy wants it
 * @param trusting what a client needs to believe it
 */
public record ShownCertificate(Path cert, Path key, Path both, SSLContext trusting) {
  private static final String ALIAS = "bench";
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final long BOUND_SECONDS = 60;

  public ShownCertificate {
    requireNonNull(cert, "cert");
    requireNonNull(key, "key");
    requireNonNull(both, "both");
    requireNonNull(trusting, "trusting");
  }

  /**
   * Makes a new one by the JDK's keytool, in files of that folder. Blocks.
   *
   * @throws IOException if it cannot be made or written
   */
  public static ShownCertificate make(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path store = folder.resolve("tls.p12").toAbsolutePath();
    Files.deleteIfExists(store);
    keytool(store);
    try (InputStream bytes = Files.newInputStream(store)) {
      KeyStore made = KeyStore.getInstance("PKCS12");
      made.load(bytes, PASSWORD);
      String cert = pem("CERTIFICATE", made.getCertificate(ALIAS).getEncoded());
      String key = pem("PRIVATE KEY", made.getKey(ALIAS, PASSWORD).getEncoded());
      return new ShownCertificate(
          write(folder.resolve("tls-cert.pem"), cert),
          write(folder.resolve("tls-key.pem"), key),
          write(folder.resolve("tls-both.pem"), cert + key),
          trusting(made));
    } catch (GeneralSecurityException e) {
      throw new IOException("keytool made " + store + ", which cannot be read: " + e, e);
    } finally {
      Files.delete(store);
    }
  }

  private static void keytool(Path store) throws IOException {
    Process made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    try (InputStream told = made.getInputStream()) {
      String text = new String(told.readAllBytes(), StandardCharsets.UTF_8);
      if (!made.waitFor(BOUND_SECONDS, TimeUnit.SECONDS) || made.exitValue() != 0) {
        throw new IOException("keytool makes no certificate, it says " + text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool makes a certificate", e);
    } finally {
      made.destroyForcibly();
    }
  }

  private static SSLContext trusting(KeyStore made) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, made.getCertificate(ALIAS));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String pem(String kind, byte[] der) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return String.join(
        "\n", List.of("-----BEGIN " + kind + "-----", lines, "-----END " + kind + "-----", ""));
  }

  private static Path write(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Path own =
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(own.toAbsolutePath(), text);
  }
}
