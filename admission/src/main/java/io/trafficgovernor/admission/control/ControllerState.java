package io.trafficgovernor.admission.control;

import java.util.List;

/**
 * All that the controller remembers between rounds.
 *
 * @param bases one for each class, in order of importance
 */
public record ControllerState(
    Level level,
    Goodput goodput,
    List<BaseLatency> bases,
    ProbeRtt probe,
    Brakes brakes,
    Slack slack) {
  public ControllerState {
    bases = List.copyOf(bases);
  }

  public ControllerState withLevel(Level level) {
    return new ControllerState(level, goodput, bases, probe, brakes, slack);
  }
}
