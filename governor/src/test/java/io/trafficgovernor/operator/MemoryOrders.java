package io.trafficgovernor.operator;

import io.trafficgovernor.answers.Order;
import io.trafficgovernor.answers.OrderBook;
import io.trafficgovernor.answers.Orders;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A grid of one node, which can be away. */
final class MemoryOrders implements OrderBook {
  private final Orders orders;
  private final Map<String, Order> all = new HashMap<>();
  volatile boolean away;

  MemoryOrders(Orders orders) {
    this.orders = orders;
  }

  @Override
  public synchronized CompletionStage<Boolean> put(
      String className, Optional<Order> before, Order order) {
    if (away) {
      return CompletableFuture.failedFuture(new IllegalStateException("away"));
    }
    boolean same = Optional.ofNullable(all.get(className)).equals(before);
    if (same) {
      all.put(className, order);
      orders.replace(all);
    }
    return CompletableFuture.completedFuture(same);
  }

  /** Another node puts an order, of which this node has not heard yet. */
  synchronized void elsewhere(String className, Order order) {
    all.put(className, order);
  }

  @Override
  public synchronized CompletionStage<Boolean> remove(String className, Order before) {
    boolean was = all.remove(className, before);
    orders.replace(all);
    return CompletableFuture.completedFuture(was);
  }
}
