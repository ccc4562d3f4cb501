package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.cluster.GridTable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A {@link GridTable} on a map of Hazelcast. It is written only while a majority is in view before
 * and after: what a minority says it has noted, the others may not know.
 */
final class HazelcastTable implements GridTable {
  private static final long ANSWER_MILLIS = 400;
  private static final long SIZE_NANOS = 1_000_000_000L;

  private final Supplier<IMap<String, String>> map;
  private final GridCalls calls;
  private final BooleanSupplier majority;
  private final Ticker ticker;
  private final long most;

  // of the thread of the calls
  private long size;
  private long sizedNanos;
  private boolean sized;

  /**
   * A table of at most so many entries, and those of one second.
   *
   * @param map of a grid that is joined; asked for at each call
   */
  HazelcastTable(
      Supplier<IMap<String, String>> map,
      GridCalls calls,
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
  public CompletionStage<Boolean> put(String key, String value, long ttlMillis) {
    return calls
        .call(
            () -> {
              IMap<String, String> table = inMajority();
              requireRoom(table);
              return table.putAsync(key, value, ttlMillis, TimeUnit.MILLISECONDS);
            },
            ANSWER_MILLIS)
        .thenApply(before -> confirmed(before == null));
  }

  @Override
  public CompletionStage<Boolean> remove(String key) {
    return calls
        .call(() -> inMajority().removeAsync(key), ANSWER_MILLIS)
        .thenApply(before -> confirmed(before != null));
  }

  @Override
  public CompletionStage<Map<String, String>> all() {
    return calls.call(
        () -> {
          IMap<String, String> table = inMajority();
          return CompletableFuture.completedStage(table.getAll(table.keySet()));
        },
        ANSWER_MILLIS);
  }

  @Override
  public void follow(Consumer<String> added) {
    EntryAddedListener<String, String> listener =
        (EntryEvent<String, String> event) -> added.accept(event.getKey());
    var unused = map.get().addEntryListener(listener, false);
  }

  private IMap<String, String> inMajority() {
    confirmed(true);
    return map.get();
  }

  private boolean confirmed(boolean answer) {
    if (!majority.getAsBoolean()) {
      throw new IllegalStateException("no majority of the voters is in view");
    }
    return answer;
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
