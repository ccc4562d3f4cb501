package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.MapPartitionLostListener;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.cluster.GridTable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link GridTable} on a map of Hazelcast. It is written only while a majority is in view before
 * and after: what a minority says it has noted, the others may not know.
 */
final class HazelcastTable implements GridTable {
  private static final long ANSWER_MILLIS = 400;

  /** Tables of tokens may be long. */
  private static final long READ_MILLIS = 5_000;

  private static final long SIZE_NANOS = 1_000_000_000L;

  private final Supplier<IMap<String, String>> map;
  private final Calls calls;
  private final BooleanSupplier majority;
  private final Ticker ticker;
  private final long most;

  // of the thread of the writes
  private long size;
  private long sizedNanos;
  private boolean sized;

  /**
   * How the grid is asked.
   *
   * @param writes what answers at once
   * @param reads what may block for long; a write does not wait for it
   */
  record Calls(GridCalls writes, GridCalls reads) {}

  /**
   * A table of at most so many entries, and those of one second.
   *
   * @param map of a grid that is joined; asked for at each call
   */
  HazelcastTable(
      Supplier<IMap<String, String>> map,
      Calls calls,
      BooleanSupplier majority,
      Ticker ticker,
      long most) {
    this.map = requireNonNull(map, "map");
    this.calls = requireNonNull(calls, "calls");
    this.majority = requireNonNull(majority, "majority");
    this.ticker = requireNonNull(ticker, "ticker");
    this.most = most;
  }

  @Override
  public CompletionStage<Optional<String>> swap(String key, String value, long ttlMillis) {
    return calls
        .writes()
        .call(
            () -> {
              IMap<String, String> table = inMajority();
              requireRoom(table);
              return table.putAsync(key, value, ttlMillis, TimeUnit.MILLISECONDS);
            },
            ANSWER_MILLIS)
        .thenApply(before -> confirmed(Optional.ofNullable(before)));
  }

  @Override
  public CompletionStage<Boolean> replace(
      String key, @Nullable String expected, String value, long ttlMillis) {
    return reading(
        table -> {
          if (expected == null) {
            return table.putIfAbsent(key, value, ttlMillis, TimeUnit.MILLISECONDS) == null;
          }
          boolean replaced = table.replace(key, expected, value);
          if (replaced) {
            boolean unused = table.setTtl(key, ttlMillis, TimeUnit.MILLISECONDS);
          }
          return replaced;
        });
  }

  @Override
  public CompletionStage<Boolean> remove(String key, String expected) {
    return reading(table -> table.remove(key, expected));
  }

  @Override
  public CompletionStage<Map<String, String>> all() {
    return reading(
        table ->
            table.entrySet().stream()
                .collect(
                    Collectors.toUnmodifiableMap(
                        Map.Entry<String, String>::getKey, Map.Entry<String, String>::getValue)));
  }

  private <T> CompletionStage<T> reading(Function<IMap<String, String>, T> read) {
    return calls
        .reads()
        .call(() -> CompletableFuture.completedStage(read.apply(inMajority())), READ_MILLIS)
        .thenApply(
            answer -> {
              requireMajority();
              return answer;
            });
  }

  @Override
  public void follow(BiConsumer<String, String> added) {
    EntryAddedListener<String, String> listener =
        (EntryEvent<String, String> event) -> added.accept(event.getKey(), event.getValue());
    var unused = map.get().addEntryListener(listener, true);
  }

  @Override
  public void onLoss(Runnable lost) {
    MapPartitionLostListener listener = event -> lost.run();
    var unused = map.get().addPartitionLostListener(listener);
  }

  private IMap<String, String> inMajority() {
    requireMajority();
    return map.get();
  }

  private <T> T confirmed(T answer) {
    requireMajority();
    return answer;
  }

  private void requireMajority() {
    if (!majority.getAsBoolean()) {
      throw new IllegalStateException("no majority of the voters is in view");
    }
  }

  /** Counted once a second: the bound may be passed by what comes in a second. */
  private void requireRoom(IMap<String, String> table) {
    long now = ticker.nanos();
    if (!sized || now - sizedNanos > SIZE_NANOS) {
      size = table.size();
      sizedNanos = now;
      sized = true;
    }
    if (size >= most) {
      throw new IllegalStateException("entries: got " + size + ", allowed " + most);
    }
  }
}
