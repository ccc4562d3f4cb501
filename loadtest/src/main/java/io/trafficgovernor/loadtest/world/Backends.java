package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Failing;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.store.StoreModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What stands behind the governors: the store, and maybe a system that every answer of it needs as
 * well, with a queue, a cache and restarts of its own.
 */
public final class Backends implements Upstream {
  private static final double QUOTA_STEP_SECONDS = 0.1;

  private final EventQueue truth;
  private final boolean warm;
  private final StoreModel store;
  private final Optional<StoreModel> neighbour;
  private final List<StoreModel.Listener> listeners = new ArrayList<>();
  private final List<StoreEvent.Fail> failing = new ArrayList<>();

  /** Backends that are down, the neighbour aside. */
  public Backends(Scenario.Backend backend, EventQueue truth, SplittableRandom random) {
    this.truth = truth;
    this.warm = backend.warm();
    this.store = new StoreModel(backend.store(), truth, random.split(), this::changed);
    this.neighbour =
        backend.neighbour().map(settings -> new StoreModel(settings, truth, random.split()));
    neighbour.ifPresent(
        next -> {
          next.warm();
          next.start(truth.nanos());
        });
  }

  private void changed(boolean up, long nowNanos) {
    listeners.forEach(listener -> listener.changed(up, nowNanos));
  }

  /** Tells whenever the store comes up or goes down. */
  public void listen(StoreModel.Listener listener) {
    listeners.add(listener);
  }

  public StoreModel store() {
    return store;
  }

  /** How often store and neighbour restarted by themselves. */
  public int restarts() {
    return store.restarts() + neighbour.map(StoreModel::restarts).orElse(0);
  }

  /** The store comes back. */
  public void comeBack(long nowNanos) {
    if (warm) {
      store.warm();
    }
    store.start(nowNanos);
  }

  @Override
  public void submit(Job job, long nowNanos) {
    if (neighbour.isEmpty()) {
      store.submit(job, nowNanos);
      return;
    }
    store.submit(
        new Job(
            job.key(),
            job.rank(),
            job.origin(),
            job.fresh(),
            job.deadlineNanos(),
            (answer, now) -> passedOn(job, answer, now)),
        nowNanos);
  }

  private void passedOn(Job job, Answer answer, long nowNanos) {
    if (answer != Answer.OK) {
      job.reply().answered(answer, nowNanos);
      return;
    }
    neighbour
        .orElseThrow()
        .submit(
            new Job(
                job.key(),
                job.deadlineNanos(),
                (second, now) ->
                    job.reply().answered(second == Answer.OK ? second : Answer.FAILED, now)),
            nowNanos);
  }

  /** Lets it happen, now; changes of the demand are the clients' business. */
  public void happen(StoreEvent event, long nowNanos) {
    if (event instanceof StoreEvent.Stall stall) {
      store.stall(nanos(stall.forSeconds()), nowNanos);
    } else if (event instanceof StoreEvent.Death death) {
      store.stop(nowNanos);
      truth.after(nanos(death.forSeconds()), store::start);
    } else if (event instanceof StoreEvent.Pace pace) {
      store.pace(pace.part());
      truth.after(nanos(pace.forSeconds()), now -> store.pace(1));
    } else if (event instanceof StoreEvent.LoseCache) {
      store.loseHalfTheCache();
    } else if (event instanceof StoreEvent.Quota quota) {
      quotas(quota, (perSecond, now) -> store.quota(perSecond, now), truth);
    } else if (event instanceof StoreEvent.Fail fail) {
      failing.add(fail);
      failing();
      truth.after(
          nanos(fail.forSeconds()),
          now -> {
            failing.remove(fail);
            failing();
          });
    } else if (event instanceof StoreEvent.NeighbourDeath death && neighbour.isPresent()) {
      StoreModel next = neighbour.get();
      next.stop(nowNanos);
      truth.after(nanos(death.forSeconds()), next::start);
    }
  }

  /** Told of a quota at the instant from which it holds. */
  @FunctionalInterface
  public interface QuotaListener {
    void quota(double perSecond, long nowNanos);
  }

  /** Plays a quota, from now on, in steps. */
  public static void quotas(StoreEvent.Quota quota, QuotaListener listener, EventQueue truth) {
    int steps = (int) Math.round(quota.overSeconds() / QUOTA_STEP_SECONDS);
    listener.quota(quota.fromPerSecond(), truth.nanos());
    for (int step = 1; step <= steps; step++) {
      double part = step / (double) steps;
      double rate = quota.fromPerSecond() + part * (quota.toPerSecond() - quota.fromPerSecond());
      truth.after(nanos(step * QUOTA_STEP_SECONDS), now -> listener.quota(rate, now));
    }
  }

  private void failing() {
    store.failing(
        failing.stream()
            .map(each -> new Failing(each.rank(), each.origin(), each.share()))
            .toList());
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }
}
