package io.trafficgovernor.loadtest.judge;

import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.record.StoreSample;
import java.util.HashMap;
import java.util.Map;

/**
 * Second failures after the store's return.
 *
 * @param restarts how often the store restarted by itself
 * @param outages how often the governors closed again after they had begun to let traffic through;
 *     the most that any one of them saw
 */
public record Collapse(int restarts, int outages) {
  /** What that run shows of the time from the return on. */
  public static Collapse of(RunRecord run) {
    return new Collapse(restarts(run), outages(run));
  }

  private static int restarts(RunRecord run) {
    int before = 0;
    int after = 0;
    for (StoreSample sample : run.store()) {
      if (sample.atNanos() < run.moments().returnedNanos()) {
        before = sample.restarts();
      }
      after = sample.restarts();
    }
    return after - before;
  }

  private static int outages(RunRecord run) {
    Map<Integer, Boolean> passing = new HashMap<>();
    Map<Integer, Integer> outages = new HashMap<>();
    for (NodeSample sample : run.nodes()) {
      if (sample.askedNanos() >= run.moments().returnedNanos()) {
        boolean before = passing.getOrDefault(sample.node(), false);
        passing.put(sample.node(), !sample.outage());
        if (before && sample.outage()) {
          outages.merge(sample.node(), 1, Integer::sum);
        }
      }
    }
    return outages.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  int count() {
    return restarts + outages;
  }
}
