package io.trafficgovernor.gateway.instead;

import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.stale.AnswerCache;
import io.trafficgovernor.answers.stale.CacheUse;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.observe.Meters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what stands beside each request of one event loop. Confined to it. */
public final class Standbys {
  private static final double MILLIS_PER_SECOND = 1e3;

  private final @Nullable AnswerCache cache;

  /** By rank; null for a class of which nothing is kept. */
  private final List<FromCache.@Nullable Setting> kept = new ArrayList<>();

  /** For requests on that context. */
  public Standbys(
      Vertx vertx, Context context, GovernorConfig config, Answers answers, Meters meters) {
    this.cache = answers.cache().orElse(null);
    List<String> names = config.classes().stream().map(ClassConfig::name).toList();
    KeptWriter writer = new KeptWriter(config.node().name(), names);
    for (int rank = 0; rank < config.classes().size(); rank++) {
      Duration maxStale = config.classes().get(rank).instead().maxStale().orElse(null);
      kept.add(
          cache == null || maxStale == null
              ? null
              : new FromCache.Setting(
                  vertx,
                  context,
                  cache,
                  writer,
                  new Metered(meters, rank),
                  maxStale.toMillis() / MILLIS_PER_SECOND));
    }
  }

  private record Metered(Meters meters, int rank) implements FromCache.Count {
    @Override
    public void used(CacheUse use) {
      meters.cacheUsed(rank, use);
    }

    @Override
    public void degraded(Degraded how) {
      meters.degraded(rank, how);
    }
  }

  /** What stands beside that request. */
  public Instead beside(Asker.Asked asked, Asker asker) {
    FromCache.Setting setting = kept.get(asked.rank());
    return new Instead(asked, cache, setting == null ? null : new FromCache(asked, asker, setting));
  }
}
