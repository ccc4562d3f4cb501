package io.trafficgovernor.admission.pool;

import io.github.bucket4j.TimeMeter;

/** A bucket's view of the time its owner hands in. Not thread-safe. */
public final class HandedTime implements TimeMeter {
  private long nowNanos;

  /** From now on it is that late; must not fall. */
  public void set(long nowNanos) {
    this.nowNanos = nowNanos;
  }

  @Override
  public long currentTimeNanos() {
    return nowNanos;
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }
}
