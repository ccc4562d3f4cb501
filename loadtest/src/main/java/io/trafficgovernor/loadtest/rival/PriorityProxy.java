package io.trafficgovernor.loadtest.rival;

import io.trafficgovernor.loadtest.world.Door;

/**
 * The law of a well-tuned HAProxy: it is told the store's slots (maxconn of half as many again,
 * split over the nodes), keeps a queue in class order, has no bound by rate, and frees a slot at
 * the time-out. Its law on our data path, not its code.
 */
public record PriorityProxy() implements Control {
  /** What it is called in reports. */
  public static final String NAME = "HAProxy's law";

  private static final double SLOTS = 1.5;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Door door(Setting setting) {
    LoneNodes nodes = new LoneNodes(setting, setting.nodes(), true);
    double slots = SLOTS * setting.scenario().backend().store().servers() / setting.nodes();
    nodes.allow(Double.POSITIVE_INFINITY, Math.max(1, (int) Math.round(slots)));
    return nodes;
  }
}
