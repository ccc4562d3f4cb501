package io.trafficgovernor.admission.ledger;

/**
 * The highest sum of granted slots of late: of the half second under way and the one before, so
 * that it never looks back further than the shortest lease.
 *
 * @param sinceNanos when the present half second began
 * @param present highest sum since then
 * @param before highest sum of the half second before
 */
record SlotPeak(long sinceNanos, int present, int before) {
  private static final long SPAN_NANOS = 500_000_000L;

  static SlotPeak begun(long nowNanos) {
    return new SlotPeak(nowNanos, 0, 0);
  }

  SlotPeak after(int slots, long nowNanos) {
    long age = nowNanos - sinceNanos;
    if (age < SPAN_NANOS) {
      return new SlotPeak(sinceNanos, Math.max(present, slots), before);
    }
    return new SlotPeak(nowNanos, slots, age < 2 * SPAN_NANOS ? present : 0);
  }

  int slots() {
    return Math.max(present, before);
  }
}
