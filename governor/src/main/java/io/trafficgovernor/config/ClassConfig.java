package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.config.pattern.MatchRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A class of requests.
 *
 * @param match a request that meets any of these is of this class, if no class before it took it
 * @param byDefault whether it takes what no class took
 * @param after names of the classes this one depends on
 * @param timeout from arrival to the response head
 * @param patience longest wait for admission, counted from arrival; at most 0.3 of the time-out
 * @param instead what a request gets that does not reach the backend
 */
public record ClassConfig(
    String name,
    List<MatchRule> match,
    boolean byDefault,
    Set<String> after,
    Duration timeout,
    Duration patience,
    Instead instead) {
  /** A class whose refused requests are rejected. */
  public ClassConfig(
      String name,
      List<MatchRule> match,
      boolean byDefault,
      Set<String> after,
      Duration timeout,
      Duration patience) {
    this(name, match, byDefault, after, timeout, patience, Instead.NOTHING);
  }

  public ClassConfig {
    requireNonNull(name, "name");
    match = List.copyOf(match);
    after = Set.copyOf(after);
    requireNonNull(timeout, "timeout");
    requireNonNull(patience, "patience");
    requireNonNull(instead, "instead");
  }

  /**
   * Answers without the backend.
   *
   * @param onShed what is given when the law or the backend refuses
   * @param maxStale how long after its freshness a kept answer may be given; answers are kept if it
   *     is there
   * @param openAnswer what is given when the class fails open
   */
  public record Instead(
      OnShed onShed, Optional<Duration> maxStale, Optional<OpenAnswer> openAnswer) {
    /** Refusals, and nothing is kept. */
    public static final Instead NOTHING =
        new Instead(OnShed.REJECT, Optional.empty(), Optional.empty());

    public Instead {
      requireNonNull(onShed, "onShed");
      requireNonNull(maxStale, "maxStale");
      requireNonNull(openAnswer, "openAnswer");
    }
  }
}
