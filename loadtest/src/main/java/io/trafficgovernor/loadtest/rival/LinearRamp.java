package io.trafficgovernor.loadtest.rival;

import io.trafficgovernor.loadtest.world.Door;

/**
 * An open-loop ramp on every node, as written in many run books: from 5 % of the usual rate to all
 * of it in a straight line, whatever the store says.
 *
 * @param seconds from the store's return to the full rate
 */
public record LinearRamp(double seconds) implements Control {
  private static final double START_SHARE = 0.05;
  private static final long STEP_NANOS = 100_000_000L;

  @Override
  public String name() {
    return "linear ramp of %.0f s".formatted(seconds);
  }

  @Override
  public Door door(Setting setting) {
    LoneNodes nodes = new LoneNodes(setting, setting.nodes(), false);
    setting.truth().after(setting.returnNanos(), now -> step(nodes, setting, now));
    return nodes;
  }

  private void step(LoneNodes nodes, Setting setting, long nowNanos) {
    double part = (nowNanos - setting.returnNanos()) / 1e9 / seconds;
    if (part >= 1) {
      nodes.allow(Double.POSITIVE_INFINITY, LoneNodes.NO_WINDOW);
      return;
    }
    double full = setting.scenario().reference().ratePerSecond();
    double rate = full * (START_SHARE + (1 - START_SHARE) * part);
    nodes.allow(rate / setting.nodes(), LoneNodes.NO_WINDOW);
    setting.truth().after(STEP_NANOS, now -> step(nodes, setting, now));
  }
}
