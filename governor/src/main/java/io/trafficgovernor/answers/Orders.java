package io.trafficgovernor.answers;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import java.util.Map;
import java.util.Optional;

/**
 * The orders that hold now, by class. One for all event loops: read for each request, replaced as a
 * whole when the grid tells of others. An order ends by the clock of this node, so it also ends
 * when the grid is away. Thread-safe.
 */
public final class Orders {
  private final WallClock wall;
  private volatile Map<String, Order> byClass = Map.of();

  /** None yet. */
  public Orders(WallClock wall) {
    this.wall = requireNonNull(wall, "wall");
  }

  /** These and no others hold from now on. */
  public void replace(Map<String, Order> all) {
    byClass = Map.copyOf(all);
  }

  /** What holds for a class. */
  public Optional<Order> of(String className) {
    Map<String, Order> all = byClass;
    if (all.isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(all.get(className)).filter(this::holds);
  }

  /** Whether it has not ended by this node's clock. */
  public boolean holds(Order order) {
    return order.untilMillis() > wall.millis();
  }

  /** All that hold. */
  public Map<String, Order> all() {
    return byClass;
  }
}
