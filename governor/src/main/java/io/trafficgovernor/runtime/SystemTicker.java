package io.trafficgovernor.runtime;

import io.trafficgovernor.admission.Ticker;
import java.time.Instant;

/** The clock of this process: the one place that reads it. Thread-safe. */
public final class SystemTicker implements Ticker {
  @Override
  public long nanos() {
    return System.nanoTime();
  }

  /** Wall time, for audit lines and display, and to notice that the machine slept. */
  public Instant wallTime() {
    return Instant.now();
  }
}
