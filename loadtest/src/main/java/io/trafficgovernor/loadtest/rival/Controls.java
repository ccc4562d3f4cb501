package io.trafficgovernor.loadtest.rival;

import java.util.List;
import java.util.Optional;

/** The controls that a report can be asked to set beside ours. */
public final class Controls {
  private static final double RAMP_SECONDS = 180;

  private Controls() {}

  /** Words for them on the command line. */
  public static final List<String> WORDS = List.of("none", "linear", "proxy");

  /** The control of that word; empty if there is none. */
  public static Optional<Control> named(String word) {
    return switch (word) {
      case "none" -> Optional.of(new NoControl());
      case "linear" -> Optional.of(new LinearRamp(RAMP_SECONDS));
      case "proxy" -> Optional.of(new PriorityProxy());
      default -> Optional.empty();
    };
  }
}
