package io.trafficgovernor.answers;

import java.util.concurrent.CompletionStage;

/** Where orders are put so that every node follows them. Never blocks. */
public interface OrderBook {
  /** Puts an order in the place of what held; fails if the grid is away. */
  CompletionStage<Void> put(String className, Order order);

  /** Takes an order away; true if there was one. Fails if the grid is away. */
  CompletionStage<Boolean> remove(String className);
}
