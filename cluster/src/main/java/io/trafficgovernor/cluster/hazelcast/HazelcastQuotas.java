package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.map.IMap;
import io.github.bucket4j.BandwidthBuilder;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.grid.hazelcast.Bucket4jHazelcast;
import io.trafficgovernor.cluster.quota.Quota;
import io.trafficgovernor.cluster.quota.QuotaGrid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tenants' buckets on a map of Hazelcast: one of Bucket4j for each tenant and quota, on the owner
 * of its partition. A bucket that is not there, or was lost, begins empty. A quota that was changed
 * has another key, and begins empty too.
 *
 * <p>Bucket4j's period stays one minute whatever the rate: a period that changes can stop the
 * refill. Time is the cluster's, and never goes back here: the clock of an owner that is ahead
 * would give a burst, and then nothing until the others have caught up.
 */
final class HazelcastQuotas implements QuotaGrid {
  static final String MAP = GridConfig.MAP + ".quota";

  /** Base of the ids of Bucket4j's serializers; ours are of another kind. */
  static final int SERIALIZERS = 10_000;

  private static final long ANSWER_MILLIS = 400;
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** So long a bucket that is full again is remembered. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final Supplier<IMap<String, byte[]>> map;
  private final TimeMeter clock;
  private final GridCalls calls;
  private volatile @Nullable AsyncProxyManager<String> buckets;

  /**
   * Buckets on that map.
   *
   * @param map of a grid that is joined; asked for with the first call
   * @param millis the cluster's time
   */
  HazelcastQuotas(Supplier<IMap<String, byte[]>> map, GridCalls calls, LongSupplier millis) {
    this.map = requireNonNull(map, "map");
    this.calls = requireNonNull(calls, "calls");
    this.clock = new Onward(millis);
  }

  /** A clock that stands still where another goes back. */
  private static final class Onward implements TimeMeter {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private final LongSupplier millis;
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

    private Onward(LongSupplier millis) {
      this.millis = requireNonNull(millis, "millis");
    }

    @Override
    public long currentTimeNanos() {
      return latest.accumulateAndGet(millis.getAsLong() * NANOS_PER_MILLI, Math::max);
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }

  @Override
  public CompletionStage<Long> take(String tenant, Quota quota, long owed, long wish) {
    return calls.call(() -> taken(bucket(tenant, quota), owed, wish), ANSWER_MILLIS);
  }

  private static CompletionStage<Long> taken(AsyncBucketProxy bucket, long owed, long wish) {
    CompletableFuture<Long> paid =
        owed > 0 ? bucket.consumeIgnoringRateLimits(owed) : CompletableFuture.completedFuture(0L);
    return paid.thenCompose(
        penalty ->
            wish > 0
                ? bucket.tryConsumeAsMuchAsPossible(wish)
                : CompletableFuture.completedFuture(0L));
  }

  private AsyncBucketProxy bucket(String tenant, Quota quota) {
    String key = "%s %s/s %s".formatted(tenant, quota.perSecond(), quota.burst());
    return buckets().getProxy(key, () -> CompletableFuture.completedFuture(configuration(quota)));
  }

  private AsyncProxyManager<String> buckets() {
    AsyncProxyManager<String> known = buckets;
    if (known == null) {
      known =
          Bucket4jHazelcast.<String>entryProcessorBasedBuilder(map.get())
              .clientClock(clock)
              .expirationAfterWrite(
                  ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
              .build()
              .asAsync();
      buckets = known;
    }
    return known;
  }

  private static BucketConfiguration configuration(Quota quota) {
    long perMinute = Math.max(1, Math.round(quota.perSecond() * PERIOD.toSeconds()));
    return BucketConfiguration.builder()
        .addLimit(
            BandwidthBuilder.builder()
                .capacity((long) quota.burst())
                .refillGreedy(perMinute, PERIOD)
                .initialTokens(0)
                .id("quota")
                .build())
        .build();
  }
}
