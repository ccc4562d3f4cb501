package io.trafficgovernor.loadtest.live;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.plan.Instead;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The client population: every system's first attempts leave on a Poisson schedule that waits for
 * nobody, and latency counts from the planned instant. A failed attempt is retried after a back-off
 * or, by those who honour it, after Retry-After; a retry keeps its session and key and goes to a
 * gateway drawn anew. To be used on the event loop.
 *
 * <p>Bounds: {@value #IN_FLIGHT_LIMIT} attempts in flight, {@value #WAITING_LIMIT} requests that
 * wait for their retry, honoured waits of 300 s. What a bound refuses is counted and spoils the
 * run.
 */
public final class OpenLoop {
  static final int IN_FLIGHT_LIMIT = 8_000;
  static final int WAITING_LIMIT = 50_000;
  static final int USERS = 20_000;
  private static final long HONOURED_LIMIT_SECONDS = 300;

  /** Part of the accepted tokens that are shown once more, by somebody who has copied them. */
  private static final double COPIED = 0.1;

  /** A copy is shown so much later, and up to {@link #COPY_SECONDS} more; rather soon than late. */
  private static final double SOONEST_COPY_SECONDS = 1;

  private static final double COPY_SECONDS = 30;
  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

  /** Nobody backs off for longer than that many times the first pause. */
  private static final double LONGEST_BACKOFF = 32;

  /** One of a herd tries that often before it gives up. */
  private static final int HERD_RETRIES = 100;

  private final Vertx vertx;
  private final LoopScheduler loop;
  private final Population population;
  private final List<Door> doors;
  private final DoorChoice choice;
  private final HttpClient client;
  private final AttemptLog log = new AttemptLog();
  private final GivenLog given;
  private final SplittableRandom habits;
  private final SplittableRandom root;
  private double pace = 1;
  private boolean stopped;
  private int requests;
  private int inFlight;
  private int waiting;
  private long overflow;
  private long moved;
  private long worstLateNanos;

  /** Clients of these gateways, or of the store itself. */
  public OpenLoop(
      Vertx vertx, LoopScheduler loop, Population population, List<Door> doors, long seed) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.loop = requireNonNull(loop, "loop");
    this.population = requireNonNull(population, "population");
    this.doors = List.copyOf(doors);
    this.choice = new DoorChoice(doors.size());
    this.given = new GivenLog(population.systems().size());
    this.root = new SplittableRandom(seed);
    this.habits = root.split();
    this.client =
        vertx.createHttpClient(
            // An attempt that is given up closes its connection. Without the reset that lingering
            // for 0 s means, each would hold a port for a minute, and the ports would run out.
            new HttpClientOptions().setSoLinger(0).setConnectTimeout(CONNECT_TIMEOUT_MILLIS),
            new PoolOptions().setHttp1MaxSize(IN_FLIGHT_LIMIT).setMaxWaitQueueSize(0));
  }

  /**
   * Takes a gateway out of the clients' choice, or back in, as a balancer does that asks for
   * readiness.
   */
  public void choose(int door, boolean ready) {
    choice.choose(door, ready);
  }

  /** Lets the first gateways have these weights in the clients' choice. */
  public void weigh(List<Double> weights) {
    choice.weigh(weights);
  }

  /**
   * Lets everybody ask at that part of the population's rate from the next attempt on.
   *
   * @param part above 0
   */
  public void pace(double part) {
    pace = part;
  }

  /** Begins every system's schedule. */
  public void start() {
    for (int system = 0; system < population.systems().size(); system++) {
      new Stream(system, root.split()).next();
    }
  }

  /**
   * Lets that many users come within a moment, each with one request that it does not give up; who
   * of them honours Retry-After is spread evenly.
   *
   * @param users 1 to {@value #IN_FLIGHT_LIMIT}
   */
  public void herd(int users, Duration within) {
    SplittableRandom random = root.split();
    for (int i = 0; i < users; i++) {
      int user = (int) ((long) i * USERS / users);
      int system = population.system(random.nextDouble());
      int key = population.keys().draw(random);
      loop.after(
          (long) (random.nextDouble() * within.toNanos()),
          now -> begin(new Request(system, user, key, requests++, HERD_RETRIES), 0, now));
    }
  }

  /** Ends every schedule; attempts under way go on to their ends, but none is retried. */
  public void stop() {
    stopped = true;
  }

  /** Whether nothing is under way. */
  public boolean idle() {
    return inFlight == 0;
  }

  public AttemptLog log() {
    return log;
  }

  /** What clients were given without the store. */
  public GivenLog given() {
    return given;
  }

  /** How well the clients did their part so far. */
  public RunRecord.Driver driver() {
    return new RunRecord.Driver(overflow + log.lost(), worstLateNanos, moved);
  }

  /**
   * A request, whatever it takes to get it answered, but no more retries than that.
   *
   * @param number of its own; its write and its token are known by it
   * @param retries {@link #COPY} if it shows the token of another one, and is not tried again
   */
  record Request(int system, int user, int key, int number, int retries) {
    private static final int COPY = -1;

    private Request copy() {
      return new Request(system, user, key, number, COPY);
    }

    boolean again() {
      return retries == COPY;
    }
  }

  /** One system's first attempts. */
  private final class Stream {
    private final int system;
    private final SplittableRandom random;
    private final double ratePerSecond;

    private Stream(int system, SplittableRandom random) {
      this.system = system;
      this.random = random;
      this.ratePerSecond = population.ratePerSecond() * population.systems().get(system).share();
    }

    private void next() {
      double gapSeconds = -Math.log(1 - random.nextDouble()) / (ratePerSecond * pace);
      loop.after((long) (gapSeconds * 1e9), this::arrive);
    }

    private void arrive(long plannedNanos) {
      if (!stopped) {
        int key = population.keys().draw(random);
        int retries = population.systems().get(system).retries();
        Request request = new Request(system, random.nextInt(USERS), key, requests++, retries);
        begin(request, 0, plannedNanos);
        next();
      }
    }
  }

  private void begin(Request request, int number, long plannedNanos) {
    if (inFlight >= IN_FLIGHT_LIMIT) {
      overflow++;
      return;
    }
    inFlight++;
    SystemTraffic traffic = population.systems().get(request.system());
    long timeoutNanos = traffic.timeout().toNanos();
    Attempt attempt =
        new Attempt(
            new Attempt.Plan(
                request, traffic, population.instead(request.system()), number, plannedNanos),
            loop,
            client,
            this::ended);
    loop.after(timeoutNanos, attempt::giveUp);
    attempt.send(doors, choice.at(habits.nextDouble()));
  }

  private void ended(Attempt attempt, Attempt.Result result) {
    inFlight--;
    moved += result.moved();
    worstLateNanos = Math.max(worstLateNanos, result.lateNanos());
    Attempt.Plan plan = attempt.plan();
    log.add(
        plan.request().system(),
        plan.number(),
        result.door(),
        plan.plannedNanos(),
        result.endedNanos(),
        result.ending());
    settle(plan, result);
    boolean satisfied = result.ending().settled();
    if (!satisfied && plan.number() < plan.request().retries() && !stopped) {
      retry(plan, result);
    }
  }

  /** Keeps account of what was given without the store, and of tokens. */
  private void settle(Attempt.Plan plan, Attempt.Result result) {
    Request request = plan.request();
    boolean token = plan.instead() == Instead.FAIL_OPEN;
    switch (result.ending()) {
      case STALE -> {
        long made = result.told().madeNanos().orElse(0);
        given.stale(
            request.system(), result.told().ageSeconds(), (result.endedNanos() - made) / 1e9);
      }
      case JOURNALED -> given.journaled(request.system(), request.number());
      case USED -> given.used(request.system());
      case OK, OPENED -> {
        if (token) {
          given.accepted(request.system(), request.number(), result.ending() == Ending.OPENED);
          copy(request);
        }
      }
      case SHED, REFUSED, FAILED, BROKEN, TIMEOUT -> {}
    }
  }

  private void copy(Request request) {
    if (request.again() || habits.nextDouble() >= COPIED) {
      return;
    }
    double square = habits.nextDouble() * habits.nextDouble();
    double seconds = SOONEST_COPY_SECONDS + COPY_SECONDS * square;
    // of real time: a loop that is late would make up for it, and show both at once
    vertx.setTimer(
        (long) (seconds * 1e3),
        timer ->
            loop.enter(
                now -> {
                  if (!stopped) {
                    given.shownAgain();
                    begin(request.copy(), 1, now);
                  }
                }));
  }

  private void retry(Attempt.Plan plan, Attempt.Result result) {
    if (waiting >= WAITING_LIMIT) {
      overflow++;
      return;
    }
    waiting++;
    loop.after(
        pause(plan, result.told().retryAfterSeconds().orElse(0)),
        now -> {
          waiting--;
          if (!stopped) {
            begin(plan.request(), plan.number() + 1, now);
          }
        });
  }

  private long pause(Attempt.Plan plan, long retryAfterSeconds) {
    boolean honours = plan.request().user() < population.honouring() * USERS;
    if (retryAfterSeconds > 0 && honours) {
      return Math.min(retryAfterSeconds, HONOURED_LIMIT_SECONDS) * 1_000_000_000L;
    }
    double longer = Math.min(LONGEST_BACKOFF, Math.pow(2, plan.number()));
    double backoff = plan.traffic().backoff().toNanos() * longer;
    return (long) (backoff * (0.5 + habits.nextDouble()));
  }
}
