package io.trafficgovernor.admission.recovery;

/** Which moves upward happen by themselves. Moves downward always do. */
public enum RampMode {
  /** Detects, probes, ramps and rolls back alone. */
  AUTO,
  /** Detects and closes alone; the ramp waits for an operator's {@code begin}. */
  ASSISTED,
  /** Only commands move the phase upward. */
  MANUAL
}
