package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may tell the class of a request: hops that share a secret.
 *
 * @param secrets by which classes are told; the first one signs
 * @param valid how long what was signed counts
 */
public record Inherit(List<String> secrets, Duration valid) {
  private static final Form<Duration> VALID =
      Form.duration(Duration.ofSeconds(1), Duration.ofMinutes(5));

  public Inherit {
    secrets = List.copyOf(secrets);
    requireNonNull(valid, "valid");
  }

  /** The section; empty if there is none, and then requests are of the class they look like. */
  static Optional<Inherit> read(Section root) {
    if (!root.has("inherit")) {
      return Optional.empty();
    }
    Section section = root.section("inherit");
    Optional<String> secret = section.secret("secret");
    Optional<String> previous = section.secret("previous-secret");
    Duration valid = section.optional("valid", VALID, Duration.ofSeconds(30));
    section.end();
    if (secret.isEmpty()) {
      section.fault("secret", "is missing; allowed: 16 to 256 characters without spaces");
    } else if (secret.equals(previous)) {
      section.fault("previous-secret", "got the same as secret, allowed: the one before it");
    }
    List<String> secrets = new ArrayList<>();
    secret.ifPresent(secrets::add);
    previous.ifPresent(secrets::add);
    return Optional.of(new Inherit(secrets, valid));
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "Inherit[valid=" + valid + "]";
  }
}
