package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.config.GovernorConfig.Backend;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where reads of a backend may go while it is away.
 *
 * @param to name of the second backend, which has a ledger and a ramp of its own
 * @param classes whose reads may go there
 */
public record Fallback(String to, Set<String> classes) {
  private static final int MOST_BACKENDS = 2;

  public Fallback {
    requireNonNull(to, "to");
    classes = Set.copyOf(classes);
  }

  /** The second backend; empty if there is none. */
  public static Optional<Backend> backend(GovernorConfig config) {
    return config.backend().fallback().isEmpty() || config.backends().size() < MOST_BACKENDS
        ? Optional.empty()
        : Optional.of(config.backends().get(1));
  }

  /** The section of a backend; empty if there is none. */
  static Optional<Fallback> read(Section backend) {
    Section section = backend.section("fallback");
    if (!backend.has("fallback")) {
      return Optional.empty();
    }
    String to = section.required("to", ConfigReader.NAME, "fallback");
    List<String> classes = section.list("classes", ConfigReader.NAME);
    section.end();
    if (classes.isEmpty()) {
      section.fault("classes", "got none, allowed: 1 or more whose reads may go there");
    }
    return Optional.of(new Fallback(to, Set.copyOf(classes)));
  }

  /** Notes what does not fit together: the second backend is the fallback of the first. */
  static void check(List<Backend> backends, Section root) {
    if (backends.size() > MOST_BACKENDS) {
      root.fault(
          "backends",
          "got "
              + backends.size()
              + ", allowed: one, and one for its fallback; more are not built");
    }
    if (backends.isEmpty()) {
      return;
    }
    Optional<Fallback> fallback = backends.get(0).fallback();
    String named = fallback.map(Fallback::to).orElse("");
    if (backends.size() == 1 && fallback.isPresent()) {
      root.fault("backends[0].fallback.to", "got \"" + named + "\", which is no other backend");
    }
    for (int i = 1; i < backends.size(); i++) {
      Backend each = backends.get(i);
      if (!each.name().equals(named) || named.equals(backends.get(0).name())) {
        root.fault(
            "backends[" + i + "].name",
            "got \""
                + each.name()
                + "\", allowed: another name, which backends[0].fallback.to says");
      }
      if (each.fallback().isPresent()) {
        root.fault("backends[" + i + "].fallback", "allowed: none; a fallback has no other");
      }
    }
  }
}
