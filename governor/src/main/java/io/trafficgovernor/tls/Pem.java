package io.trafficgovernor.tls;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What was read of the files of one end of TLS: certificates that can be read, and a key that
 * belongs to the first of them. Two are equal if their bytes are. Immutable.
 *
 * @param expires when the first of the certificates ends; empty if there are none
 */
public record Pem(
    @Nullable Buffer cert,
    @Nullable Buffer key,
    @Nullable Buffer authorities,
    Optional<Instant> expires) {
  private static final long MAX_BYTES = 1024 * 1024;

  public Pem {
    requireNonNull(expires, "expires");
  }

  /**
   * Reads and checks. Blocks.
   *
   * @throws BadPemException for the first file that cannot be used
   */
  public static Pem read(TlsFiles files) throws BadPemException {
    List<X509Certificate> all = new ArrayList<>();
    Buffer cert = null;
    Buffer key = null;
    if (files.identity().isPresent()) {
      TlsFiles.Identity identity = files.identity().get();
      cert = bytes("cert", identity.cert());
      List<X509Certificate> chain = certificates("cert", identity.cert(), cert);
      all.addAll(chain);
      key = bytes("key", identity.key());
      checkPair(identity.key(), chain.get(0), privateKey(identity.key(), cert, key));
    }
    Buffer authorities = null;
    if (files.authorities().isPresent()) {
      authorities = bytes("ca", files.authorities().get());
      all.addAll(certificates("ca", files.authorities().get(), authorities));
    }
    Optional<Instant> expires =
        all.stream().map(each -> each.getNotAfter().toInstant()).min(Comparator.naturalOrder());
    return new Pem(cert, key, authorities, expires);
  }

  private static Buffer bytes(String part, Path file) throws BadPemException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new BadPemException(part, "got " + file + ", allowed: a file of at most 1 MiB");
      }
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new BadPemException(part, "got " + file + ", which is no file");
    } catch (IOException e) {
      throw new BadPemException(part, "got " + file + ", which cannot be read: " + e);
    }
  }

  private static List<X509Certificate> certificates(String part, Path file, Buffer bytes)
      throws BadPemException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes.getBytes()));
      for (Certificate each : all) {
        found.add((X509Certificate) each);
      }
    } catch (GeneralSecurityException | ClassCastException e) {
      throw new BadPemException(part, "got " + file + ", allowed: X.509 certificates in PEM");
    }
    if (found.isEmpty()) {
      throw new BadPemException(part, "got " + file + " without a certificate, allowed: 1 or more");
    }
    return found;
  }

  /** By the reader that the connections will use, so that what passes here passes there. */
  private static PrivateKey privateKey(Path file, Buffer cert, Buffer key) throws BadPemException {
    try {
      PemKeyCertOptions pair = new PemKeyCertOptions().setCertValue(cert).setKeyValue(key);
      String alias = pair.loadKeyStore(null).aliases().nextElement();
      X509KeyManager manager = (X509KeyManager) pair.getKeyManagerFactory(null).getKeyManagers()[0];
      return requireNonNull(manager.getPrivateKey(alias), "a private key");
    } catch (Exception e) {
      throw new BadPemException(
          "key", "got " + file + ", allowed: an RSA or EC private key in PEM, not encrypted");
    }
  }

  /** A key belongs to a certificate if the one verifies what the other signs. */
  private static void checkPair(Path file, X509Certificate cert, PrivateKey key)
      throws BadPemException {
    boolean fits;
    try {
      String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
      byte[] text = {1, 2, 3};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signed = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(cert.getPublicKey());
      verifier.update(text);
      fits = verifier.verify(signed);
    } catch (GeneralSecurityException e) {
      fits = false;
    }
    if (!fits) {
      throw new BadPemException("key", "got " + file + ", which is not the key of the certificate");
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Pem[expires=" + expires + "]";
  }

  /** What a server shows and asks for; whoever gives authorities asks each client for a proof. */
  public ServerSSLOptions server(boolean http2) {
    ServerSSLOptions options = new ServerSSLOptions();
    fill(options, http2, List.of("h2", "http/1.1", "http/1.0"));
    return options.setClientAuth(authorities == null ? ClientAuth.NONE : ClientAuth.REQUIRED);
  }

  /** What a client shows and believes; the name of the server is always checked. */
  public ClientSSLOptions client(boolean http2) {
    ClientSSLOptions options = new ClientSSLOptions();
    fill(options, http2, List.of("h2"));
    return options.setHostnameVerificationAlgorithm("HTTPS");
  }

  private void fill(SSLOptions options, boolean http2, List<String> protocols) {
    if (cert != null && key != null) {
      options.setKeyCertOptions(new PemKeyCertOptions().setCertValue(cert).setKeyValue(key));
    }
    if (authorities != null) {
      options.setTrustOptions(new PemTrustOptions().addCertValue(authorities));
    }
    if (http2) {
      options.setUseAlpn(true).setApplicationLayerProtocols(protocols);
    }
  }
}
