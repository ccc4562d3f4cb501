package io.trafficgovernor.admission.herd;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.trafficgovernor.admission.pool.HandedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What each class may spend on uninvited retries: a tenth of what it gets done, and a trickle so
 * that a class with nothing done yet is not locked out. Amplification is bounded by it, whatever
 * the clients do. Not thread-safe: the controller guards it.
 */
public final class RetryBudget {
  /** Tokens earned by one useful completion. */
  public static final double SHARE = 0.1;

  /** Most tokens a class saves up. */
  public static final int MOST_SAVED = 100;

  private static final int FIRST_TOKENS = 10;
  private static final int TRICKLE_PER_SECOND = 1;
  private static final long UNITS_PER_TOKEN = 1000;

  private final HandedTime clock = new HandedTime();
  private final List<Bucket> buckets = new ArrayList<>();

  /** A budget for each of that many classes. */
  public RetryBudget(int classes) {
    for (int rank = 0; rank < classes; rank++) {
      buckets.add(
          Bucket.builder()
              .addLimit(
                  Bandwidth.builder()
                      .capacity(MOST_SAVED * UNITS_PER_TOKEN)
                      .refillGreedy(TRICKLE_PER_SECOND * UNITS_PER_TOKEN, Duration.ofSeconds(1))
                      .initialTokens(FIRST_TOKENS * UNITS_PER_TOKEN)
                      .build())
              .withCustomTimePrecision(clock)
              .withSynchronizationStrategy(SynchronizationStrategy.NONE)
              .build());
    }
  }

  /** Pays for a retry of that class; says whether there was enough. */
  public boolean take(int rank, int cost, long nowNanos) {
    clock.set(nowNanos);
    return buckets.get(rank).tryConsume(cost * UNITS_PER_TOKEN);
  }

  /** A request of that class was useful. */
  public void earned(int rank, int cost, long nowNanos) {
    clock.set(nowNanos);
    buckets.get(rank).addTokens((long) (SHARE * cost * UNITS_PER_TOKEN));
  }
}
