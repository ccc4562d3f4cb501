package io.trafficgovernor.cluster.hazelcast.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the members of one grid share, so that a member or client that is not one of them gets no
 * lease. It proves membership; it hides nothing: Hazelcast Community has no TLS, and whoever can
 * read the network can read leases and copy proofs. Thread-safe.
 */
public final class ClusterSecret {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LEAST_LENGTH = 16;
  private static final ClusterSecret NONE = new ClusterSecret(null);

  private final @Nullable SecretKeySpec key;

  private ClusterSecret(@Nullable SecretKeySpec key) {
    this.key = key;
  }

  /** Everybody who reaches the port is believed. */
  public static ClusterSecret none() {
    return NONE;
  }

  /**
   * The same words on every member.
   *
   * @throws IllegalArgumentException if they are too few to be secret
   */
  public static ClusterSecret of(String words) {
    if (words.length() < LEAST_LENGTH) {
      throw new IllegalArgumentException(
          "cluster secret: got "
              + words.length()
              + " characters, allowed "
              + LEAST_LENGTH
              + " or more");
    }
    return new ClusterSecret(new SecretKeySpec(words.getBytes(UTF_8), ALGORITHM));
  }

  /** What an order is sent with; nothing if there is no secret. */
  public byte[] seal(byte[] order) {
    if (key == null) {
      return new byte[0];
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(order);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** Whether the order was sealed with this secret; with none everything is accepted. */
  public boolean accepts(byte[] order, byte[] seal) {
    return key == null || MessageDigest.isEqual(seal(order), seal);
  }

  /** What a member of that name shows to the others. */
  public String proof(String cluster, String node) {
    StringBuilder text = new StringBuilder();
    for (byte each : seal((cluster + "\n" + node).getBytes(UTF_8))) {
      text.append("%02x".formatted(each));
    }
    return text.toString();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return key == null ? "no secret" : "a secret";
  }
}
