package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.Orders;
import io.trafficgovernor.answers.journal.WriteJournal;
import io.trafficgovernor.answers.open.OneTimeGuard;
import io.trafficgovernor.answers.open.TokenBook;
import io.trafficgovernor.answers.stale.AnswerCache;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.OnShed;
import io.trafficgovernor.config.pattern.SessionKeySource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a node has to answer with when the backend does not. One for all event loops; thread-safe.
 *
 * @param cache of kept answers; empty if no class keeps any
 * @param journal of writes; empty if no class has one
 * @param guards of classes that fail open, by class
 * @param orders of operators
 */
public record Answers(
    Optional<AnswerCache> cache,
    Optional<WriteJournal> journal,
    Map<String, OneTimeGuard> guards,
    Orders orders,
    WallClock wall) {
  public Answers {
    requireNonNull(cache, "cache");
    requireNonNull(journal, "journal");
    guards = Map.copyOf(guards);
    requireNonNull(orders, "orders");
    requireNonNull(wall, "wall");
  }

  /** Whether the configuration needs a journal. */
  public static boolean needsJournal(GovernorConfig config) {
    return config.classes().stream().anyMatch(c -> c.instead().onShed() == OnShed.JOURNAL);
  }

  /**
   * What the configuration asks for.
   *
   * @param books the cluster's memory of a class's one-time tokens
   */
  public static Answers of(
      GovernorConfig config,
      Optional<WriteJournal> journal,
      Function<ClassConfig, TokenBook> books,
      Ticker ticker,
      WallClock wall) {
    boolean keeps = config.classes().stream().anyMatch(c -> c.instead().maxStale().isPresent());
    GovernorConfig.Cache size = config.cache();
    AnswerCache.Limits limits = new AnswerCache.Limits(size.maxBytes(), size.maxAnswerBytes());
    Map<String, OneTimeGuard> guards = new HashMap<>();
    for (ClassConfig each : config.classes()) {
      each.instead()
          .openAnswer()
          .flatMap(answer -> answer.oneTime())
          .ifPresent(
              rule ->
                  guards.put(
                      each.name(),
                      new OneTimeGuard(books.apply(each), rule.most(), rule.remember(), ticker)));
    }
    return new Answers(
        keeps
            ? Optional.of(new AnswerCache(limits, sessionFields(config), ticker, wall))
            : Optional.empty(),
        journal,
        guards,
        new Orders(wall),
        wall);
  }

  private static Set<String> sessionFields(GovernorConfig config) {
    return config.sessionKey().stream()
        .filter(SessionKeySource.Header.class::isInstance)
        .map(source -> ((SessionKeySource.Header) source).name())
        .collect(Collectors.toUnmodifiableSet());
  }
}
