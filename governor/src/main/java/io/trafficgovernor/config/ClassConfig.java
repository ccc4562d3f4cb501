package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A class of requests.
 *
 * @param match a request that meets any of these is of this class, if no class before it took it
 * @param byDefault whether it takes what no class took
 * @param after names of the classes this one depends on
 * @param timeout from arrival to the response head
 * @param patience longest wait for admission, counted from arrival; at most 0.3 of the time-out
 */
public record ClassConfig(
    String name,
    List<MatchRule> match,
    boolean byDefault,
    Set<String> after,
    Duration timeout,
    Duration patience) {
  public ClassConfig {
    requireNonNull(name, "name");
    match = List.copyOf(match);
    after = Set.copyOf(after);
    requireNonNull(timeout, "timeout");
    requireNonNull(patience, "patience");
  }
}
