package io.trafficgovernor.cluster.quota;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The tenants' quotas on this node. A request only counts what is here already; tokens are taken
 * from the grid in the background, for what was asked for lately, so no request waits for the grid.
 * While the grid is away each node goes on with its own part of a quota, one of {@code nodes}: all
 * of them together keep it. What was lost with the grid begins empty.
 *
 * <p>Bounds: {@code most} tenants (all beyond share one account of the usual quota), {@value
 * #MAX_ASKING} orders under way. {@link #use} is thread-safe and never blocks on the grid; all else
 * runs on the scheduler's thread.
 */
public final class TenantQuotas {
  private static final long PERIOD_NANOS = 100_000_000L;
  private static final long FORGET_NANOS = 10_000_000_000L;
  private static final int MAX_ASKING = 64;

  /** Who is not followed alone. No tenant has this name: configured and sent ones have no NUL. */
  private static final String OTHERS = "\0others";

  private final QuotaSettings settings;
  private final QuotaGrid grid;
  private final Scheduler scheduler;
  private final Map<String, TenantAccount> accounts = new ConcurrentHashMap<>();
  private final LongAdder refused = new LongAdder();
  private final AtomicInteger asking = new AtomicInteger();
  private volatile boolean stopped;
  private volatile int away;
  private int next;
  private long forgotNanos;

  /** Quotas that take nothing from the grid until {@link #start}. */
  public TenantQuotas(QuotaSettings settings, QuotaGrid grid, Scheduler scheduler) {
    this.settings = requireNonNull(settings, "settings");
    this.grid = requireNonNull(grid, "grid");
    this.scheduler = requireNonNull(scheduler, "scheduler");
  }

  /** Begins to take tokens for those that ask. */
  public void start() {
    scheduler.after(PERIOD_NANOS, this::tick);
  }

  /** Takes no more. */
  public void stop() {
    stopped = true;
  }

  /**
   * Uses tokens of a tenant's quota.
   *
   * @return 0 if it had enough; else in how many nanoseconds it may have
   */
  public long use(String tenant, int cost, long nowNanos) {
    long wait = account(tenant, nowNanos).use(cost, nowNanos);
    if (wait > 0) {
      refused.increment();
    }
    return wait;
  }

  private TenantAccount account(String tenant, long nowNanos) {
    TenantAccount known = accounts.get(tenant);
    if (known != null) {
      return known;
    }
    boolean room = accounts.size() < settings.most();
    String name = room ? tenant : OTHERS;
    Quota quota = room ? settings.of(tenant) : settings.usual();
    return accounts.computeIfAbsent(
        name, each -> new TenantAccount(each, quota, settings.nodes(), nowNanos));
  }

  private void tick(long nowNanos) {
    if (stopped) {
      return;
    }
    try {
      if (nowNanos - forgotNanos >= FORGET_NANOS) {
        forgotNanos = nowNanos;
        accounts.values().removeIf(each -> each.idle(nowNanos));
      }
      ask(nowNanos);
    } finally {
      scheduler.after(PERIOD_NANOS, this::tick);
    }
  }

  /** In turns: those that were not reached this time are the first of the next. */
  private void ask(long nowNanos) {
    List<TenantAccount> all = new ArrayList<>(accounts.values());
    int silent = 0;
    int from = all.isEmpty() ? 0 : next % all.size();
    for (int i = 0; i < all.size(); i++) {
      TenantAccount each = all.get((from + i) % all.size());
      silent += each.isAway(nowNanos) ? 1 : 0;
      if (asking.get() < MAX_ASKING) {
        ask(each, nowNanos);
        next = from + i + 1;
      }
    }
    away = silent;
  }

  private void ask(TenantAccount account, long nowNanos) {
    TenantAccount.Order order = account.order(nowNanos);
    if (order == null) {
      return;
    }
    asking.incrementAndGet();
    var unused =
        grid.take(account.tenant(), account.quota(), order.owed(), order.wish())
            .whenComplete(
                (tokens, failure) -> {
                  asking.decrementAndGet();
                  if (failure == null) {
                    scheduler.after(0, now -> account.given(order, tokens, now));
                  } else {
                    account.failed();
                  }
                });
  }

  /** Tenants that are followed now. */
  public int followed() {
    return accounts.size();
  }

  /** Those of them for which the grid does not answer, as of the last look. */
  public int away() {
    return away;
  }

  /** Requests refused since the start. */
  public long refused() {
    return refused.sum();
  }
}
