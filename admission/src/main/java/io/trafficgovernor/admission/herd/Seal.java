package io.trafficgovernor.admission.herd;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what was said for one purpose under one secret, so that whoever knows the secret can tell
 * that it was said so. What is sealed for one purpose is nothing for another. Not thread-safe: one
 * for each event loop. Source: RFC 2104; section 5 for the length.
 */
public final class Seal {
  /** Length of a seal; 2^128 tries for a forger who does not know the secret. */
  public static final int BYTES = 16;

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;

  /**
   * Seals of that purpose.
   *
   * @param secret the same wherever they are to be known
   */
  public Seal(String purpose, String secret) {
    requireNonNull(purpose, "purpose");
    requireNonNull(secret, "secret");
    byte[] key = (purpose + secret).getBytes(StandardCharsets.UTF_8);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** The seal under that claim: {@value #BYTES} bytes, the same each time. */
  public byte[] of(byte[] claim) {
    return Arrays.copyOf(mac.doFinal(claim), BYTES);
  }

  /** Whether that is the seal under that claim; takes as long whatever is shown. */
  public boolean fits(byte[] shown, byte[] claim) {
    return MessageDigest.isEqual(shown, of(claim));
  }
}
