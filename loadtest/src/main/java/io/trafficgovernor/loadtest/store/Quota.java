package io.trafficgovernor.loadtest.store;

/** What the store's provider lets through: a bucket of 200 ms. Not thread-safe. */
final class Quota {
  private static final double BUCKET_SECONDS = 0.2;

  private double perSecond = Double.POSITIVE_INFINITY;
  private double tokens;
  private long refilledNanos;

  void begin(long nowNanos) {
    refilledNanos = nowNanos;
  }

  void set(double perSecond, long nowNanos) {
    refill(nowNanos);
    this.perSecond = perSecond;
    tokens = Math.min(tokens, perSecond * BUCKET_SECONDS);
  }

  boolean take(long nowNanos) {
    if (perSecond == Double.POSITIVE_INFINITY) {
      return true;
    }
    refill(nowNanos);
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  private void refill(long nowNanos) {
    if (perSecond != Double.POSITIVE_INFINITY) {
      double limit = Math.max(1, perSecond * BUCKET_SECONDS);
      tokens = Math.min(limit, tokens + perSecond * (nowNanos - refilledNanos) / 1e9);
    }
    refilledNanos = nowNanos;
  }
}
