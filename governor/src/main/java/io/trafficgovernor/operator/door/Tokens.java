package io.trafficgovernor.operator.door;

import io.trafficgovernor.config.GovernorConfig.Role;
import io.trafficgovernor.config.GovernorConfig.Token;
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
final class Tokens {
  private static final String SCHEME = "Bearer ";
  private static final Token LOCAL = new Token("local", Role.ADMIN, "");

  private final List<Token> tokens;

  Tokens(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /** The token in that Authorization header; empty if it is missing or unknown. */
  Optional<Token> holder(@Nullable String authorization) {
    if (tokens.isEmpty()) {
      return Optional.of(LOCAL);
    }
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return Optional.empty();
    }
    byte[] given = sha256(authorization.substring(SCHEME.length()).strip());
    Optional<Token> found = Optional.empty();
    for (Token token : tokens) {
      boolean same = MessageDigest.isEqual(given, HexFormat.of().parseHex(token.sha256()));
      found = same ? Optional.of(token) : found;
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
