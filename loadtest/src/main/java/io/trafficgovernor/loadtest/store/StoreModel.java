package io.trafficgovernor.loadtest.store;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The physics of a recovering store: K servers, one queue, a cache that only useful answers fill,
 * work that goes on after its client has left, a loss of speed under backlog, a provider's quota,
 * and a restart when the queue is too long for too long. Source: DESIGN.md, "The store".
 *
 * <p>Time and timers come from outside, so the same physics runs in virtual time and behind real
 * sockets. Not thread-safe.
 */
public final class StoreModel {
  private static final double BACKLOG_KAPPA = 0.35;
  private static final double BACKLOG_FREE = 8;
  private static final long CHECK_NANOS = 100_000_000L;
  private static final long REFUSAL_NANOS = 2_000_000L;
  private static final double QUOTA_BUCKET_SECONDS = 0.2;
  private static final double HIT_MEMORY = 0.005;

  private final StoreSettings settings;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Listener listener;
  private final LruKeys cache;
  private final Deque<Job> queue = new ArrayDeque<>();
  private final Set<Running> running = new HashSet<>();

  private boolean up;
  private long sickSinceNanos = -1;
  private double hitShare;
  private int restarts;
  private boolean stalled;
  private double quotaPerSecond = Double.POSITIVE_INFINITY;
  private double quotaTokens;
  private long quotaNanos;

  /** A request in a server's hands. */
  private static final class Running {
    private final Job job;
    private final boolean miss;
    private long finishNanos;

    private Running(Job job, boolean miss, long finishNanos) {
      this.job = job;
      this.miss = miss;
      this.finishNanos = finishNanos;
    }
  }

  /** Told when the store comes up or goes down, by command or by itself. */
  @FunctionalInterface
  public interface Listener {
    Listener NONE = (up, nowNanos) -> {};

    void changed(boolean up, long nowNanos);
  }

  /** A store that is down, with an empty cache. */
  public StoreModel(StoreSettings settings, Scheduler scheduler, RandomGenerator random) {
    this(settings, scheduler, random, Listener.NONE);
  }

  /** A store that is down, with an empty cache, and tells when that changes. */
  public StoreModel(
      StoreSettings settings, Scheduler scheduler, RandomGenerator random, Listener listener) {
    this.listener = requireNonNull(listener, "listener");
    this.settings = requireNonNull(settings, "settings");
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.random = requireNonNull(random, "random");
    this.cache = new LruKeys(settings.cacheKeys());
  }

  public boolean up() {
    return up;
  }

  /** How often it restarted by itself. */
  public int restarts() {
    return restarts;
  }

  /** Requests waiting or in service. */
  public int backlog() {
    return queue.size() + running.size();
  }

  /** Share of cache hits over the last few hundred requests. */
  public double hitShare() {
    return hitShare;
  }

  /** Requests per second it could serve now. */
  public double capacity() {
    return up ? settings.capacity(hitShare) * speed() : 0;
  }

  /** Comes up, as cold as it is. */
  public void start(long nowNanos) {
    if (!up) {
      up = true;
      sickSinceNanos = -1;
      quotaNanos = nowNanos;
      scheduler.after(CHECK_NANOS, this::check);
      listener.changed(true, nowNanos);
    }
  }

  /** Goes down: everything in it is lost, the cache too. */
  public void stop(long nowNanos) {
    up = false;
    cache.clear();
    hitShare = 0;
    Deque<Job> lost = new ArrayDeque<>(queue);
    running.forEach(each -> lost.add(each.job));
    queue.clear();
    running.clear();
    listener.changed(false, nowNanos);
    lost.forEach(job -> job.reply().answered(Answer.BROKEN, nowNanos));
  }

  /** Fills the cache with the keys 0 to the limit. */
  public void warm() {
    for (int key = settings.cacheKeys() - 1; key >= 0; key--) {
      cache.add(key);
    }
    hitShare = 0.95;
  }

  /** Loses every second key of the cache. */
  public void loseHalfTheCache() {
    cache.halve();
  }

  /** Stands still for a while: nothing is finished and nothing begun. */
  public void stall(long forNanos) {
    stalled = true;
    for (Running each : running) {
      each.finishNanos += forNanos;
    }
    scheduler.after(
        forNanos,
        now -> {
          stalled = false;
          serve(now);
        });
  }

  /**
   * The provider answers at most that many requests per second from now on, the others with 429.
   */
  public void quota(double perSecond, long nowNanos) {
    refillQuota(nowNanos);
    quotaPerSecond = perSecond;
    quotaTokens = Math.min(quotaTokens, perSecond * QUOTA_BUCKET_SECONDS);
  }

  /** Takes a request in. */
  public void submit(Job job, long nowNanos) {
    if (!up) {
      scheduler.after(0, now -> job.reply().answered(Answer.UNREACHABLE, now));
    } else if (!withinQuota(nowNanos)) {
      scheduler.after(REFUSAL_NANOS, now -> job.reply().answered(Answer.QUOTA, now));
    } else if (queue.size() >= settings.queueLimit()) {
      scheduler.after(REFUSAL_NANOS, now -> job.reply().answered(Answer.FULL, now));
    } else {
      queue.add(job);
      serve(nowNanos);
    }
  }

  private boolean withinQuota(long nowNanos) {
    if (quotaPerSecond == Double.POSITIVE_INFINITY) {
      return true;
    }
    refillQuota(nowNanos);
    if (quotaTokens < 1) {
      return false;
    }
    quotaTokens--;
    return true;
  }

  private void refillQuota(long nowNanos) {
    if (quotaPerSecond != Double.POSITIVE_INFINITY) {
      double limit = Math.max(1, quotaPerSecond * QUOTA_BUCKET_SECONDS);
      quotaTokens = Math.min(limit, quotaTokens + quotaPerSecond * (nowNanos - quotaNanos) / 1e9);
    }
    quotaNanos = nowNanos;
  }

  private void serve(long nowNanos) {
    while (up && !stalled && running.size() < settings.servers() && !queue.isEmpty()) {
      begin(queue.remove(), nowNanos);
    }
  }

  private void begin(Job job, long nowNanos) {
    boolean miss = !cache.hit(job.key());
    hitShare += HIT_MEMORY * ((miss ? 0 : 1) - hitShare);
    double mean = miss ? settings.missSeconds() : settings.hitSeconds();
    long service = (long) (noisy(mean) / speed() * 1e9);
    Running begun = new Running(job, miss, nowNanos + service);
    running.add(begun);
    scheduler.after(service, now -> finish(begun, now));
  }

  private void finish(Running done, long nowNanos) {
    if (!running.contains(done)) {
      return;
    }
    if (done.finishNanos - nowNanos > 0) {
      scheduler.after(done.finishNanos - nowNanos, now -> finish(done, now));
      return;
    }
    running.remove(done);
    if (done.miss && nowNanos - done.job.deadlineNanos() <= 0) {
      cache.add(done.job.key());
    }
    done.job.reply().answered(Answer.OK, nowNanos);
    serve(nowNanos);
  }

  /** Speed left under the backlog, in (0, 1]: memory, collector and locks cost more as it grows. */
  private double speed() {
    double over = Math.max(0, backlog() / (double) settings.servers() - BACKLOG_FREE);
    return 1 / (1 + BACKLOG_KAPPA * Math.log1p(over));
  }

  private double noisy(double mean) {
    double variation = settings.variation();
    if (variation == 0) {
      return mean;
    }
    double sigma = Math.sqrt(Math.log1p(variation * variation));
    return mean * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
  }

  /** Restarts when the wait has been too long for too long. */
  private void check(long nowNanos) {
    if (!up) {
      return;
    }
    boolean sick = backlog() > settings.crash().waitSeconds() * capacity();
    if (!sick) {
      sickSinceNanos = -1;
    } else if (sickSinceNanos < 0) {
      sickSinceNanos = nowNanos;
    } else if (nowNanos - sickSinceNanos > settings.crash().forSeconds() * 1e9) {
      restarts++;
      stop(nowNanos);
      scheduler.after((long) (settings.crash().downSeconds() * 1e9), this::start);
      return;
    }
    scheduler.after(CHECK_NANOS, this::check);
  }
}
