package io.trafficgovernor.admission.pool;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one node: a Bucket4j bucket refilled at the rate of the node's lease. It starts
 * empty and closed.
 *
 * <p>A lease changes only the token count of a fixed refill period: changing the period can stop
 * the refill for good. A rate of 0 is no bucket at all, so nothing trickles in while it lasts.
 * Tokens are kept in thousandths, which makes low rates and fractional reserves exact.
 *
 * <p>Not thread-safe: the owner guards it. Times passed in must not fall.
 */
public final class TokenPool {
  /** Longest burst, as time at the full rate. Source: DESIGN.md, "The bound B". */
  public static final double BURST_SECONDS = 0.020;

  /** Smallest burst: one token alone locks up nodes of a few requests per second. */
  public static final double MIN_BURST_TOKENS = 5;

  /** Bucket4j refills at most one unit per nanosecond. */
  public static final double MAX_RATE_PER_SECOND = 1e6;

  private static final long UNITS_PER_TOKEN = 1000;

  /** The bucket rounds its estimate down; asked again too early it might say 0 for ever. */
  private static final long ROUNDING_NANOS = 1000;

  private static final Duration REFILL_PERIOD = Duration.ofSeconds(1);

  private final HandedTime clock = new HandedTime();
  private @Nullable Bucket bucket;
  private long unitsWhenClosed;
  private double ratePerSecond;
  private double granted;
  private long grantedUntilNanos;

  /** Burst of a bucket that is refilled at that rate: max(5 tokens, 20 ms of the rate). */
  public static double burst(double ratePerSecond) {
    return Math.max(MIN_BURST_TOKENS, BURST_SECONDS * ratePerSecond);
  }

  /** Tokens per second it is refilled with; 0 when closed. */
  public double ratePerSecond() {
    return ratePerSecond;
  }

  /** Most tokens it holds at the present rate. */
  public double burst() {
    return burst(ratePerSecond);
  }

  /**
   * Refills at the new rate from {@code nowNanos} on. What was earned until then at the old rate is
   * kept, up to the new burst.
   *
   * @param ratePerSecond 0 or more; rates above {@value #MAX_RATE_PER_SECOND} count as that
   */
  public void rerate(double ratePerSecond, long nowNanos) {
    if (!(ratePerSecond >= 0)) {
      throw new IllegalArgumentException(
          "rate: got " + ratePerSecond + " tokens/s, allowed 0 or more");
    }
    clock.set(nowNanos);
    countGranted(nowNanos);
    double rate = Math.min(ratePerSecond, MAX_RATE_PER_SECOND);
    long unitsPerPeriod = units(rate);
    if (unitsPerPeriod == 0) {
      unitsWhenClosed = bucket == null ? unitsWhenClosed : bucket.getAvailableTokens();
      bucket = null;
      this.ratePerSecond = 0;
      return;
    }
    if (rate == this.ratePerSecond) {
      return;
    }
    this.ratePerSecond = rate;
    long capacity = units(burst(rate));
    if (bucket == null) {
      bucket = newBucket(capacity, unitsPerPeriod, unitsWhenClosed);
    } else {
      bucket.replaceConfiguration(
          BucketConfiguration.builder().addLimit(limit(capacity, unitsPerPeriod, 0)).build(),
          TokensInheritanceStrategy.AS_IS);
    }
  }

  /** Tokens it was entitled to since it began: the integral of its rate. */
  public double granted(long nowNanos) {
    countGranted(nowNanos);
    return granted;
  }

  private void countGranted(long nowNanos) {
    if (ratePerSecond > 0) {
      granted += ratePerSecond * (nowNanos - grantedUntilNanos) / 1e9;
    }
    grantedUntilNanos = nowNanos;
  }

  /** Takes all tokens out; what is owed stays owed. */
  public void drain(long nowNanos) {
    clock.set(nowNanos);
    unitsWhenClosed = Math.min(0, unitsWhenClosed);
    if (bucket != null) {
      bucket.tryConsumeAsMuchAsPossible();
    }
  }

  /**
   * Takes tokens if they and {@code reserve} more are there. A request that costs more than the
   * bucket holds gets them when it is full, and the bucket pays off what is missing first.
   *
   * @param tokens 1 or more
   * @param reserve tokens that must stay behind, 0 or more
   * @return whether the tokens were taken
   */
  public boolean take(int tokens, double reserve, long nowNanos) {
    clock.set(nowNanos);
    if (bucket == null) {
      return false;
    }
    if (reserve == 0 && tokens <= MIN_BURST_TOKENS) {
      return bucket.tryConsume(tokens * UNITS_PER_TOKEN);
    }
    if (bucket.getAvailableTokens() < needed(tokens, reserve)) {
      return false;
    }
    bucket.consumeIgnoringRateLimits(tokens * UNITS_PER_TOKEN);
    return true;
  }

  private long needed(int tokens, double reserve) {
    return Math.min(units(tokens + reserve), units(burst()));
  }

  /** Gives back the tokens of a request that was not sent; never above the burst. */
  public void giveBack(int tokens, long nowNanos) {
    clock.set(nowNanos);
    if (bucket != null) {
      bucket.addTokens(tokens * UNITS_PER_TOKEN);
    }
  }

  /**
   * Nanoseconds until {@code take(tokens, reserve)} can succeed if nobody takes tokens meanwhile; 0
   * if it can now, {@link Long#MAX_VALUE} if never at this rate.
   */
  public long nanosUntil(int tokens, double reserve, long nowNanos) {
    clock.set(nowNanos);
    if (bucket == null) {
      return Long.MAX_VALUE;
    }
    long needed = needed(tokens, reserve);
    if (bucket.getAvailableTokens() >= needed) {
      return 0;
    }
    return bucket.estimateAbilityToConsume(needed).getNanosToWaitForRefill() + ROUNDING_NANOS;
  }

  /** A bucket that holds so much, which may be less than nothing. */
  private Bucket newBucket(long capacity, long unitsPerPeriod, long units) {
    long initial = Math.max(0, Math.min(units, capacity));
    Bucket fresh =
        Bucket.builder()
            .addLimit(limit(capacity, unitsPerPeriod, initial))
            .withCustomTimePrecision(clock)
            .withSynchronizationStrategy(SynchronizationStrategy.NONE)
            .build();
    if (units < 0) {
      fresh.consumeIgnoringRateLimits(-units);
    }
    return fresh;
  }

  private static Bandwidth limit(long capacity, long unitsPerPeriod, long initialUnits) {
    return Bandwidth.builder()
        .capacity(capacity)
        .refillGreedy(unitsPerPeriod, REFILL_PERIOD)
        .id("lease")
        .initialTokens(initialUnits)
        .build();
  }

  private static long units(double tokens) {
    return Math.round(tokens * UNITS_PER_TOKEN);
  }
}
