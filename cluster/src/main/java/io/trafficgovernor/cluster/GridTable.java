package io.trafficgovernor.cluster;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

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
  CompletionStage<Boolean> put(String key, String value, long ttlMillis);

  /** Takes a value away; true if there was one. */
  CompletionStage<Boolean> remove(String key);

  /** Everything there is. */
  CompletionStage<Map<String, String>> all();

  /** Tells each key that is added from now on, by whatever node, on a thread of the grid. */
  void follow(Consumer<String> added);
}
