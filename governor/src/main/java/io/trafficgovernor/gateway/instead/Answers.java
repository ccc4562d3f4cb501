package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.stale.AnswerCache;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.SessionKeySource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a node has to answer with when the backend does not. One for all event loops; thread-safe.
 *
 * @param cache of kept answers; empty if no class keeps any
 */
public record Answers(Optional<AnswerCache> cache) {
  public Answers {
    requireNonNull(cache, "cache");
  }

  /** What the configuration asks for. */
  public static Answers of(GovernorConfig config, Ticker ticker, WallClock wall) {
    boolean keeps = config.classes().stream().anyMatch(c -> c.instead().maxStale().isPresent());
    GovernorConfig.Cache size = config.cache();
    AnswerCache.Limits limits = new AnswerCache.Limits(size.maxBytes(), size.maxAnswerBytes());
    return new Answers(
        keeps
            ? Optional.of(new AnswerCache(limits, sessionFields(config), ticker, wall))
            : Optional.empty());
  }

  private static Set<String> sessionFields(GovernorConfig config) {
    return config.sessionKey().stream()
        .filter(SessionKeySource.Header.class::isInstance)
        .map(source -> ((SessionKeySource.Header) source).name())
        .collect(Collectors.toUnmodifiableSet());
  }
}
