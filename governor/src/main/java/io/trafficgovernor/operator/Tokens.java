package io.trafficgovernor.operator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking. Tokens are known by their SHA-256 only and compared in constant time. Without any
 * token everybody who reaches the port is an admin: the configuration allows that on loopback only.
 */
public final class Tokens {
  private static final String SCHEME = "Bearer ";
  private static final Holder LOCAL = new Holder("local", Role.ADMIN, "");

  private final List<Holder> holders;

  /**
   * A token's owner.
   *
   * @param name written to the audit trail
   * @param sha256 of the token, in lower-case hex
   */
  public record Holder(String name, Role role, String sha256) {}

  public Tokens(List<Holder> holders) {
    this.holders = List.copyOf(holders);
  }

  /** The holder of the token in that Authorization header; empty if it is missing or unknown. */
  Optional<Holder> holder(@Nullable String authorization) {
    if (holders.isEmpty()) {
      return Optional.of(LOCAL);
    }
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return Optional.empty();
    }
    byte[] given = sha256(authorization.substring(SCHEME.length()).strip());
    Optional<Holder> found = Optional.empty();
    for (Holder holder : holders) {
      boolean same = MessageDigest.isEqual(given, HexFormat.of().parseHex(holder.sha256()));
      found = same ? Optional.of(holder) : found;
    }
    return found;
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
