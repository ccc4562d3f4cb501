package io.trafficgovernor.loadtest.proof;

import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.measure.Timeline;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import java.util.List;

/** What is drawn of one run, beside the oracle's of the same seed. */
record Picture(String title, double demand, Timeline line, Timeline oracle, List<String> classes) {
  Picture {
    classes = List.copyOf(classes);
  }

  static Picture of(Run run, Run oracle) {
    return new Picture(
        "%s, %s, %d nodes, seed %d"
            .formatted(run.scenario().name(), run.control(), run.nodes(), run.seed()),
        run.scenario().population().ratePerSecond(),
        new Timeline(run),
        new Timeline(oracle),
        run.scenario().population().classes().stream().map(TrafficClass::name).toList());
  }
}
