package io.trafficgovernor.config.pattern;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a request must meet, all of it, and what it then costs.
 *
 * @param path empty if any will do
 * @param methods empty if any will do
 * @param headers each must be there with exactly that value; names in lower case
 * @param cost tokens and slots one such request takes, 1 or more
 */
public record MatchRule(
    Optional<PathPattern> path, Set<String> methods, Map<String, String> headers, int cost) {
  public MatchRule {
    requireNonNull(path, "path");
    methods = Set.copyOf(methods);
    headers = Map.copyOf(headers);
  }

  /** Whether each request that meets {@code other} meets this too. Pure. */
  public boolean covers(MatchRule other) {
    boolean paths =
        path.isEmpty() || (other.path.isPresent() && path.get().covers(other.path.get()));
    boolean verbs =
        methods.isEmpty() || (!other.methods.isEmpty() && methods.containsAll(other.methods));
    return paths && verbs && other.headers.entrySet().containsAll(headers.entrySet());
  }
}
