package io.trafficgovernor.admission.lease;

import java.util.List;

/**
 * What a node has seen since it started.
 *
 * @param classes one for each class, in order of importance; cumulative
 * @param inFlight requests at the backend now, zombies included; in tokens, as the classes' counts
 * @param slotRefusals how many requests were refused for want of a slot, whatever they cost;
 *     cumulative
 */
public record NodeReport(List<ClassReport> classes, int inFlight, long slotRefusals) {
  public NodeReport {
    classes = List.copyOf(classes);
    if (inFlight < 0) {
      throw new IllegalArgumentException("in flight: got " + inFlight + ", allowed 0 or more");
    }
  }
}
