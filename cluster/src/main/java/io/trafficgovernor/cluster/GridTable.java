package io.trafficgovernor.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A small table that all nodes share, copied like the ledger. Every call fails at once or within
 * its time if the grid is away or this node sees no majority. Thread-safe; never blocks. Not for
 * the way of requests that go to the backend.
 */
public interface GridTable {
  /**
   * Puts a value in the place of what was there.
   *
   * @param ttlMillis how long it stays; 1000 or more
   * @return whether there was none; fails if the table is full
   */
  default CompletionStage<Boolean> put(String key, String value, long ttlMillis) {
    return swap(key, value, ttlMillis).thenApply(Optional::isEmpty);
  }

  /**
   * Puts a value in the place of what was there, in one step.
   *
   * @param ttlMillis how long it stays; 1000 or more
   * @return what was there; fails if the table is full
   */
  CompletionStage<Optional<String>> swap(String key, String value, long ttlMillis);

  /**
   * Puts a value in the place of that one, or where there is none, in one step.
   *
   * @param expected what must be there; null if nothing may be
   * @param ttlMillis how long it stays; 1000 or more
   * @return whether it was there, and has been replaced
   */
  CompletionStage<Boolean> replace(
      String key, @Nullable String expected, String value, long ttlMillis);

  /** Takes that value away, in one step; false if it is not there. */
  CompletionStage<Boolean> remove(String key, String expected);

  /** Everything there is, or a failure: never a part of it. May take seconds. */
  CompletionStage<Map<String, String>> all();

  /**
   * Tells each key that is added from now on and its value, by whatever node, on a thread of the
   * grid. What is added while members come and go may be missed: ask for {@link #all} once they
   * have. Blocks.
   */
  void follow(BiConsumer<String, String> added);

  /**
   * Tells from now on when entries may have been lost, because all members that held a part of the
   * table went away at once: once for each part, on a thread of the grid. A restart of all members
   * tells nobody. Blocks.
   */
  void onLoss(Runnable lost);
}
