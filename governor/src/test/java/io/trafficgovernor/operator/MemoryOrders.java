package io.trafficgovernor.operator;

import io.trafficgovernor.answers.Order;
import io.trafficgovernor.answers.OrderBook;
import io.trafficgovernor.answers.Orders;
import java.util.HashMap;
import java.util.Map;
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
  public synchronized CompletionStage<Void> put(String className, Order order) {
    if (away) {
      return CompletableFuture.failedFuture(new IllegalStateException("away"));
    }
    all.put(className, order);
    orders.replace(all);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<Boolean> remove(String className) {
    boolean was = all.remove(className) != null;
    orders.replace(all);
    return CompletableFuture.completedFuture(was);
  }
}
