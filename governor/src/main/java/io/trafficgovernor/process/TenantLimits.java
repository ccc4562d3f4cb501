package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.cluster.quota.QuotaGrid;
import io.trafficgovernor.cluster.quota.QuotaSettings;
import io.trafficgovernor.cluster.quota.TenantQuotas;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.Tenants;
import io.trafficgovernor.gateway.head.TenantDoor;
import io.trafficgovernor.runtime.SystemTicker;
import io.trafficgovernor.runtime.ThreadScheduler;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The tenants' quotas of a node, put together. Until the grid is joined each tenant has this node's
 * own part, as with a grid that is away. Thread-safe.
 */
final class TenantLimits implements AutoCloseable {
  private final Optional<TenantQuotas> quotas;
  private final @Nullable ThreadScheduler scheduler;
  private final TenantDoor door;
  private volatile @Nullable QuotaGrid grid;

  TenantLimits(GovernorConfig config, SystemTicker ticker) {
    Optional<Tenants> tenants = config.tenants();
    if (tenants.isEmpty()) {
      scheduler = null;
      quotas = Optional.empty();
      door = TenantDoor.OPEN;
      return;
    }
    Tenants of = tenants.get();
    ThreadScheduler own = new ThreadScheduler("governor-quota", ticker);
    QuotaSettings settings =
        new QuotaSettings(of.usual(), of.own(), config.cluster().expectedNodes(), of.most());
    QuotaGrid late =
        (tenant, quota, owed, wish) -> {
          QuotaGrid now = grid;
          return now == null
              ? CompletableFuture.failedFuture(
                  new IllegalStateException("this node has not joined the grid yet"))
              : now.take(tenant, quota, owed, wish);
        };
    TenantQuotas made = new TenantQuotas(settings, late, own);
    made.start();
    scheduler = own;
    quotas = Optional.of(made);
    door = new TenantDoor(of.header(), made::use);
  }

  /** From now on tokens come from there. */
  void joined(QuotaGrid joined) {
    grid = requireNonNull(joined, "joined");
  }

  Optional<TenantQuotas> quotas() {
    return quotas;
  }

  TenantDoor door() {
    return door;
  }

  /** For the status; null if there are no quotas. */
  @Nullable JsonObject shown() {
    return quotas
        .map(
            each ->
                new JsonObject()
                    .put("followed", each.followed())
                    .put("away", each.away())
                    .put("refused", each.refused()))
        .orElse(null);
  }

  @Override
  public void close() {
    quotas.ifPresent(TenantQuotas::stop);
    if (scheduler != null) {
      scheduler.close();
    }
  }
}
