package io.trafficgovernor.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority for tests: signs certificates, written as DER by hand because the JDK has no class
 * for that. Source: RFC 5280 section 4.1.
 */
public final class TestAuthority {
  private static final byte[] ECDSA_SHA256 = {42, (byte) 134, 72, (byte) 206, 61, 4, 3, 2};
  private static final byte[] COMMON_NAME = {85, 4, 3};
  private static final byte[] ALT_NAMES = {85, 29, 17};
  private static final byte[] CONSTRAINTS = {85, 29, 19};
  private static int serial = 1;

  private final String name;
  private final KeyPair keys;
  private final Path folder;

  /** A certificate and its key, in files. */
  public record Issued(Path cert, Path key) {}

  /** An authority of that name whose files lie in that folder. */
  public TestAuthority(Path folder, String name) throws GeneralSecurityException, IOException {
    this.folder = folder;
    this.name = name;
    this.keys = pair();
    byte[] basic = sequence(oid(CONSTRAINTS), der(1, new byte[] {-1}), octets(sequence(TRUE)));
    write(cert(), "CERTIFICATE", certificate(name, keys, basic));
  }

  private static final byte[] TRUE = der(1, new byte[] {-1});

  /** Its own certificate. */
  public Path cert() {
    return folder.resolve(name + "-ca.pem");
  }

  /** Signs a certificate for 127.0.0.1 and that name. */
  public Issued issue(String subject) throws GeneralSecurityException, IOException {
    KeyPair own = pair();
    byte[] address = der(0x87, InetAddress.getLoopbackAddress().getAddress());
    byte[] host = der(0x82, subject.getBytes(StandardCharsets.US_ASCII));
    byte[] names = sequence(oid(ALT_NAMES), octets(sequence(host, address)));
    return files(subject, own, certificate(subject, own, names));
  }

  /** The same for that name alone. */
  public Issued issueForNameOnly(String subject) throws GeneralSecurityException, IOException {
    KeyPair own = pair();
    byte[] host = der(0x82, subject.getBytes(StandardCharsets.US_ASCII));
    byte[] names = sequence(oid(ALT_NAMES), octets(sequence(host)));
    return files(subject, own, certificate(subject, own, names));
  }

  private Issued files(String subject, KeyPair own, byte[] certificate) throws IOException {
    Path cert = folder.resolve(name + "-" + subject + ".pem");
    Path key = folder.resolve(name + "-" + subject + ".key");
    write(cert, "CERTIFICATE", certificate);
    write(key, "PRIVATE KEY", own.getPrivate().getEncoded());
    return new Issued(cert, key);
  }

  /** A context that believes this authority and shows what was issued; null to show nothing. */
  public SSLContext context(@org.jspecify.annotations.Nullable Issued shown) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificate(cert()));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyManager[] own = shown == null ? new KeyManager[0] : managers(shown);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyManager[] managers(Issued shown) throws Exception {
    String pem = Files.readString(shown.key()).replaceAll("-----[^-]+-----|\\s", "");
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", key, new char[] {'x'}, new X509Certificate[] {certificate(shown.cert())});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[] {'x'});
    return factory.getKeyManagers();
  }

  private static X509Certificate certificate(Path file) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(Files.newInputStream(file));
  }

  private static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static void write(Path file, String kind, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private byte[] certificate(String subject, KeyPair own, byte[] extension)
      throws GeneralSecurityException {
    byte[] algorithm = sequence(oid(ECDSA_SHA256));
    byte[] validity = sequence(utcTime("200101000000Z"), utcTime("491231235959Z"));
    byte[] body =
        sequence(
            der(0xa0, der(2, new byte[] {2})),
            der(2, BigInteger.valueOf(nextSerial()).toByteArray()),
            algorithm,
            distinguished(name),
            validity,
            distinguished(subject),
            own.getPublic().getEncoded(),
            der(0xa3, sequence(extension)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    byte[] signed = signature.sign();
    byte[] bits = new byte[signed.length + 1];
    System.arraycopy(signed, 0, bits, 1, signed.length);
    return sequence(body, algorithm, der(3, bits));
  }

  private static synchronized int nextSerial() {
    serial++;
    return serial;
  }

  private static byte[] distinguished(String text) {
    byte[] value = der(12, text.getBytes(StandardCharsets.UTF_8));
    return sequence(der(0x31, sequence(oid(COMMON_NAME), value)));
  }

  private static byte[] utcTime(String text) {
    return der(23, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] oid(byte[] encoded) {
    return der(6, encoded);
  }

  private static byte[] octets(byte[] content) {
    return der(4, content);
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : List.of(parts)) {
      all.writeBytes(part);
    }
    return der(0x30, all.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length > 255) {
      out.write(0x82);
      out.write(content.length >> 8);
    } else if (content.length > 127) {
      out.write(0x81);
    }
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }
}
