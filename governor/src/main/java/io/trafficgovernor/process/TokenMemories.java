package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.answers.open.TokenMemory;
import io.trafficgovernor.cluster.GridTable;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.OpenAnswer;
import io.trafficgovernor.gateway.instead.Answers;
import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when the grid remembers the used one-time tokens of each class that has such: where the
 * marks lie, and where a loss is told. Thread-safe.
 */
final class TokenMemories {
  private static final Logger LOG = LoggerFactory.getLogger(TokenMemories.class);

  /** A mark stays as long as the grid does. */
  private static final long MARK_MILLIS = Duration.ofDays(3650).toMillis();

  private final Map<String, TokenMemory> all = new LinkedHashMap<>();
  private final Supplier<CompletionStage<GridTable>> marks;
  private final EventLog events;

  /**
   * For the classes with a guard.
   *
   * @param marks the table of marks; fails until the grid is joined
   */
  TokenMemories(
      Answers answers,
      List<ClassConfig> classes,
      Supplier<CompletionStage<GridTable>> marks,
      SystemTicker ticker,
      EventLog events) {
    this.marks = requireNonNull(marks, "marks");
    this.events = requireNonNull(events, "events");
    for (ClassConfig each : classes) {
      String name = each.name();
      if (answers.guards().containsKey(name)) {
        all.put(
            name,
            new TokenMemory(
                remember(each),
                new MarkOf(name),
                () -> ticker.wallTime().toEpochMilli(),
                () -> forgotten(name)));
      }
    }
  }

  static Duration remember(ClassConfig of) {
    return of.instead()
        .openAnswer()
        .flatMap(OpenAnswer::oneTime)
        .map(OpenAnswer.OneTime::remember)
        .orElse(Duration.ZERO);
  }

  /** The mark of a class in the table of marks. */
  private final class MarkOf implements TokenMemory.Mark {
    private final String className;

    MarkOf(String className) {
      this.className = className;
    }

    @Override
    public CompletionStage<Optional<Long>> read() {
      return marks
          .get()
          .thenCompose(GridTable::all)
          .thenApply(all -> Optional.ofNullable(all.get(className)).map(Long::valueOf));
    }

    @Override
    public CompletionStage<Boolean> replace(Optional<Long> seen, long millis) {
      String expected = seen.map(String::valueOf).orElse(null);
      return marks
          .get()
          .thenCompose(
              table -> table.replace(className, expected, Long.toString(millis), MARK_MILLIS));
    }
  }

  /** Whoever has one of them may be let in once more, so it is said where operators look. */
  private void forgotten(String className) {
    JsonObject shown = shown(className, of(className));
    LOG.warn(
        "class {}: the grid has lost a part of the used one-time tokens: those accepted before {}"
            + " may be accepted once more until {}",
        className,
        shown.getString("remembers_since"),
        shown.getString("whole_at"));
    events.add(EventLog.Kind.GRID, new JsonObject().put("what", "tokens forgotten").mergeIn(shown));
  }

  /** Of a class that has a guard. */
  TokenMemory of(String className) {
    return requireNonNull(all.get(className), className);
  }

  /** Since when used tokens are remembered, of each class that has such, in words of the status. */
  JsonArray shown() {
    JsonArray each = new JsonArray();
    all.forEach((name, memory) -> each.add(shown(name, memory)));
    return each;
  }

  private static JsonObject shown(String className, TokenMemory memory) {
    return new JsonObject()
        .put("class", className)
        .put("whole", memory.whole())
        .put("remembers_since", time(memory.sinceMillis()))
        .put("whole_at", time(memory.wholeAtMillis()))
        .put("losses", memory.losses());
  }

  private static @Nullable String time(OptionalLong millis) {
    return millis.isEmpty() ? null : Instant.ofEpochMilli(millis.getAsLong()).toString();
  }

  /** Registers the meters of each class with one-time tokens. */
  void register(Meters meters) {
    all.forEach(meters::ofTokens);
  }
}
