package io.trafficgovernor.loadtest.store;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The physics of a recovering store: K servers, one queue, a cache that only useful answers fill,
 * work that goes on after its client has left, a loss of speed under backlog, a provider's quota,
 * applications that fail, and a restart when the queue is too long for too long. Source: DESIGN.md,
 * "The store".
 *
 * <p>Time and timers come from outside, so the same physics runs in virtual time and behind real
 * sockets. Nothing here depends on hash order, so the same seed gives the same store. Not
 * thread-safe.
 */
public final class StoreModel {
  private static final double BACKLOG_FREE = 8;
  private static final long CHECK_NANOS = 100_000_000L;
  private static final long REFUSAL_NANOS = 2_000_000L;
  private static final double HIT_MEMORY = 0.005;

  private final StoreSettings settings;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Listener listener;
  private final LruKeys cache;
  private final Quota quota = new Quota();
  private final Deque<Job> queue = new ArrayDeque<>();
  private final List<Running> running = new ArrayList<>();
  private final List<Failing> failing = new ArrayList<>();

  private boolean up;
  private long sickSinceNanos = -1;
  private double hitShare;
  private double pace = 1;
  private int restarts;
  private boolean stalled;
  private long stalledUntilNanos;
  private Work work = new Work(0, 0, 0);

  /** A request in a server's hands. */
  private static final class Running {
    private final Job job;
    private final boolean miss;
    private long finishNanos;
    private int place;

    private Running(Job job, boolean miss, long finishNanos, int place) {
      this.job = job;
      this.miss = miss;
      this.finishNanos = finishNanos;
      this.place = place;
    }
  }

  /**
   * What it has done since it was made.
   *
   * @param finished requests served to the end
   * @param late those of them whose client had left
   * @param busySeconds server time spent
   */
  public record Work(long finished, long late, double busySeconds) {
    private Work plus(boolean late, double busySeconds) {
      return new Work(finished + 1, this.late + (late ? 1 : 0), this.busySeconds + busySeconds);
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

  /** What it has done since it was made. */
  public Work work() {
    return work;
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
      quota.begin(nowNanos);
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
  public void stall(long forNanos, long nowNanos) {
    long until = stalled ? stalledUntilNanos : nowNanos;
    long longer = nowNanos + forNanos - until;
    if (longer <= 0) {
      return;
    }
    stalled = true;
    stalledUntilNanos = nowNanos + forNanos;
    for (Running each : running) {
      each.finishNanos += longer;
    }
    scheduler.after(forNanos, this::goOn);
  }

  private void goOn(long nowNanos) {
    if (stalledUntilNanos - nowNanos <= 0) {
      stalled = false;
      serve(nowNanos);
    }
  }

  /** Requests begun from now on are served at that part of the usual speed, more than 0. */
  public void pace(double part) {
    pace = part;
  }

  /** From now on these fail, and no others; none if empty. */
  public void failing(List<Failing> those) {
    failing.clear();
    failing.addAll(those);
  }

  /**
   * The provider answers at most that many requests per second from now on, the others with 429.
   */
  public void quota(double perSecond, long nowNanos) {
    quota.set(perSecond, nowNanos);
  }

  /** Takes a request in. */
  public void submit(Job job, long nowNanos) {
    if (!up) {
      scheduler.after(0, now -> job.reply().answered(Answer.UNREACHABLE, now));
    } else if (!quota.take(nowNanos)) {
      scheduler.after(REFUSAL_NANOS, now -> job.reply().answered(Answer.QUOTA, now));
    } else if (queue.size() >= settings.queueLimit()) {
      scheduler.after(REFUSAL_NANOS, now -> job.reply().answered(Answer.FULL, now));
    } else {
      queue.add(job);
      serve(nowNanos);
    }
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
    double seconds = mean * settings.noise().factor(random) / speed();
    seconds += job.fresh() ? settings.connectionSeconds() : 0;
    long service = (long) (seconds * 1e9);
    Running begun = new Running(job, miss, nowNanos + service, running.size());
    running.add(begun);
    scheduler.after(service, now -> finish(begun, service, now));
  }

  private void finish(Running done, long serviceNanos, long nowNanos) {
    if (done.place >= running.size() || running.get(done.place) != done) {
      return;
    }
    if (done.finishNanos - nowNanos > 0) {
      scheduler.after(done.finishNanos - nowNanos, now -> finish(done, serviceNanos, now));
      return;
    }
    Running last = running.remove(running.size() - 1);
    if (last != done) {
      last.place = done.place;
      running.set(last.place, last);
    }
    boolean late = nowNanos - done.job.deadlineNanos() > 0;
    work = work.plus(late, serviceNanos / 1e9);
    boolean fails = failing.stream().anyMatch(each -> each.strikes(done.job, random));
    if (done.miss && !late && !fails) {
      cache.add(done.job.key());
    }
    done.job.reply().answered(fails ? Answer.FAILED : Answer.OK, nowNanos);
    serve(nowNanos);
  }

  /** Speed left under the backlog, in (0, 1]: memory, collector and locks cost more as it grows. */
  private double speed() {
    double over = Math.max(0, backlog() / (double) settings.servers() - BACKLOG_FREE);
    return pace / (1 + settings.backlogLoss() * Math.log1p(over));
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
