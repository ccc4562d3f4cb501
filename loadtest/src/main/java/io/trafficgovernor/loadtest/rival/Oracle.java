package io.trafficgovernor.loadtest.rival;

import io.trafficgovernor.loadtest.scenario.StoreEvent;
import io.trafficgovernor.loadtest.world.Backends;
import io.trafficgovernor.loadtest.world.Door;

/**
 * The yardstick: one node that knows the store. Exactly its slots, no bound by rate but the
 * provider's quota, the same waiting room, no cutoff, open from the first instant.
 */
public record Oracle() implements Control {
  @Override
  public String name() {
    return "oracle";
  }

  @Override
  public Door door(Setting setting) {
    LoneNodes node = new LoneNodes(setting, 1, false);
    int slots = setting.scenario().backend().store().servers();
    boolean atOnce = true;
    for (StoreEvent event : setting.scenario().events()) {
      if (event instanceof StoreEvent.Quota quota) {
        atOnce &= quota.atSeconds() > 0;
        setting
            .truth()
            .after(
                setting.returnNanos() + (long) (quota.atSeconds() * 1e9),
                now ->
                    Backends.quotas(
                        quota, (perSecond, at) -> node.allow(perSecond, slots), setting.truth()));
      }
    }
    if (atOnce) {
      node.allow(Double.POSITIVE_INFINITY, slots);
    }
    return node;
  }
}
