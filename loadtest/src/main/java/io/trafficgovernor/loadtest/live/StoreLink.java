package io.trafficgovernor.loadtest.live;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.record.StoreSample;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other end of the store's control port: commands, samples, and the arrival log as it grows. To
 * be used on the event loop.
 */
public final class StoreLink {
  private static final Logger LOG = LoggerFactory.getLogger(StoreLink.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long PERIOD_NANOS = 250_000_000L;

  /** An hour of samples. */
  private static final int SAMPLES_LIMIT = 14_400;

  private final LoopScheduler loop;
  private final Fetch fetch;
  private final int port;
  private final ArrivalColumns arrivals = new ArrivalColumns();
  private final List<StoreSample> samples = new ArrayList<>();
  private long next;
  private boolean stopped;
  private boolean asking;

  public StoreLink(LoopScheduler loop, Fetch fetch, int controlPort) {
    this.loop = requireNonNull(loop, "loop");
    this.fetch = requireNonNull(fetch, "fetch");
    this.port = controlPort;
  }

  public ArrivalColumns arrivals() {
    return arrivals;
  }

  public List<StoreSample> samples() {
    return samples;
  }

  /** The state right now. */
  public Future<JsonObject> stats() {
    return fetch.get(port, "/stats", TIMEOUT).map(Fetch.Answer::json);
  }

  /** A command such as {@code /down}; the future holds the state after it. */
  public Future<JsonObject> command(String path) {
    return fetch
        .post(port, path, TIMEOUT)
        .compose(
            answer ->
                answer.status() == 200
                    ? Future.succeededFuture(answer.json())
                    : Future.failedFuture("store: " + path + " answered " + answer));
  }

  /** Begins to take samples and to fetch the log. */
  public void start() {
    loop.after(0, this::tick);
  }

  public void stop() {
    stopped = true;
  }

  private void tick(long nowNanos) {
    if (stopped) {
      return;
    }
    if (!asking) {
      asking = true;
      var unused = sample().compose(ignored -> catchUp()).onComplete(done -> asking = false);
    }
    loop.after(PERIOD_NANOS, this::tick);
  }

  private Future<Void> sample() {
    return stats()
        .<Void>map(
            stats -> {
              if (samples.size() < SAMPLES_LIMIT) {
                samples.add(sample(stats, loop.nowNanos()));
              }
              return null;
            })
        .onFailure(failure -> LOG.debug("the store's state is unknown", failure));
  }

  private static StoreSample sample(JsonObject stats, long nowNanos) {
    return new StoreSample(
        nowNanos,
        stats.getBoolean("up"),
        stats.getDouble("capacity_rps"),
        stats.getDouble("hit_share"),
        stats.getInteger("backlog"),
        stats.getInteger("restarts"),
        stats.getLong("arrivals"));
  }

  /** Fetches whatever the log holds beyond what is here. */
  public Future<Void> catchUp() {
    long before = next;
    return fetch
        .get(port, "/arrivals?since=" + next, TIMEOUT)
        .compose(
            answer -> {
              if (next != before) {
                // Another call was faster; its answer holds these lines too.
                return catchUp();
              }
              take(answer);
              return next > before ? catchUp() : Future.succeededFuture();
            });
  }

  /**
   * Which writes the store has done.
   *
   * @param requests numbers of the requests whose writes they are
   * @param repeats deliveries of what was done before
   */
  public record Done(BitSet requests, long repeats) {}

  /** Asks for all of them. */
  public Future<Done> done() {
    return done(new BitSet(), 0);
  }

  private Future<Done> done(BitSet requests, long since) {
    return fetch
        .get(port, "/writes?since=" + since, TIMEOUT)
        .compose(
            answer -> {
              answer.body().lines().forEach(key -> requests.set(number(key)));
              long upTo = counted(answer, "Next");
              return upTo > since
                  ? done(requests, upTo)
                  : Future.succeededFuture(new Done(requests, counted(answer, "Repeats")));
            });
  }

  /** The request whose write has that key. */
  private static int number(String key) {
    return Integer.parseInt(key.substring(key.indexOf('-') + 1));
  }

  private static long counted(Fetch.Answer answer, String header) {
    return answer
        .number(header)
        .orElseThrow(
            () -> new IllegalStateException("the store's answer has no " + header + " header"));
  }

  private void take(Fetch.Answer answer) {
    answer.body().lines().forEach(arrivals::add);
    arrivals.lose(counted(answer, "Lost"));
    next = counted(answer, "Next");
  }
}
