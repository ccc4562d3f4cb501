package io.trafficgovernor.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.stale.CacheUse;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;

/** Answers of one class that the backend did not give, counted and as a rate. Thread-safe. */
final class DegradedCounts {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Whole seconds that the rate is taken over. */
  private static final int SECONDS = 5;

  /** Those, the second that is not over, and one that a slow writer may still be at. */
  private static final int CELLS = SECONDS + 2;

  private final Map<Degraded, Counter> byKind = new EnumMap<>(Degraded.class);
  private final Map<CacheUse, Counter> byUse = new EnumMap<>(CacheUse.class);
  private final Ticker ticker;

  /** Which second a cell counts, and how many there were in it. */
  private final AtomicLongArray second = new AtomicLongArray(CELLS);

  private final AtomicLongArray count = new AtomicLongArray(CELLS);

  DegradedCounts(MeterRegistry registry, String className, Ticker ticker) {
    this.ticker = ticker;
    for (Degraded how : Degraded.values()) {
      byKind.put(
          how,
          Counter.builder("governor.degraded")
              .description("requests that were answered without the backend, by how")
              .tags("class", className, "how", how.tag())
              .register(registry));
    }
    for (CacheUse use : CacheUse.values()) {
      byUse.put(
          use,
          Counter.builder("governor.cache")
              .description("requests of classes whose answers are kept, by what the cache did")
              .tags("class", className, "use", use.tag())
              .register(registry));
    }
  }

  void count(Degraded how) {
    Objects.requireNonNull(byKind.get(how)).increment();
    long now = ticker.nanos() / NANOS_PER_SECOND;
    int cell = Math.floorMod(now, CELLS);
    long there = second.get(cell);
    if (there != now && second.compareAndSet(cell, there, now)) {
      count.set(cell, 0);
    }
    count.incrementAndGet(cell);
  }

  void count(CacheUse use) {
    Objects.requireNonNull(byUse.get(use)).increment();
  }

  /** Over the last whole seconds. */
  double perSecond() {
    long now = ticker.nanos() / NANOS_PER_SECOND;
    long sum = 0;
    for (int cell = 0; cell < CELLS; cell++) {
      long age = now - second.get(cell);
      if (age >= 1 && age <= SECONDS) {
        sum += count.get(cell);
      }
    }
    return (double) sum / SECONDS;
  }
}
