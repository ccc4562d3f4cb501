package io.trafficgovernor.answers;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where orders are put so that every node follows them. What is compared is compared by the grid,
 * in the same step. Never blocks.
 */
public interface OrderBook {
  /**
   * Puts an order in the place of that one.
   *
   * @param before what this node followed; empty if it followed none
   * @return whether it stood there and was replaced; fails if the grid is away
   */
  CompletionStage<Boolean> put(String className, Optional<Order> before, Order order);

  /**
   * Takes an order away.
   *
   * @return whether it stood there; fails if the grid is away
   */
  CompletionStage<Boolean> remove(String className, Order before);
}
