package io.trafficgovernor.audit;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows lines that each carry, as {@code previous}, the SHA-256 of the line before. A line that
 * was taken out, put in or changed breaks the chain at the line after it. Not thread-safe.
 */
final class HashChain {
  static final String PREVIOUS = "previous";

  /** What the first line of all carries. */
  static final String BEGINNING = "0".repeat(64);

  private @Nullable String expected;
  private long lines;

  /**
   * A chain.
   *
   * @param expected hash that the next line carries; null if anything will do, as when the lines
   *     before it are gone
   */
  HashChain(@Nullable String expected) {
    this.expected = expected;
  }

  /** Takes the next line; says in words what is wrong with it, if anything is. */
  Optional<String> follow(String line) {
    lines++;
    String previous;
    try {
      previous = new JsonObject(line).getString(PREVIOUS, "");
    } catch (DecodeException | ClassCastException e) {
      return Optional.of("line " + lines + " is no entry");
    }
    if (expected != null && !previous.equals(expected)) {
      return Optional.of("line " + lines + " does not follow the one before it");
    }
    expected = hash(line);
    return Optional.empty();
  }

  /** The hash that the next line has to carry. */
  String next() {
    return expected == null ? BEGINNING : expected;
  }

  long lines() {
    return lines;
  }

  private static String hash(String line) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
