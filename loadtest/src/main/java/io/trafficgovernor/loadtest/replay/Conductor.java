package io.trafficgovernor.loadtest.replay;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.fleet.StoreProcess;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.live.Door;
import io.trafficgovernor.loadtest.live.GivenLog;
import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.live.StatusPoller;
import io.trafficgovernor.loadtest.live.StoreLink;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Given;
import io.trafficgovernor.loadtest.record.Moments;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The part of a run in which clients ask. The processes are there and stay. */
final class Conductor {
  private static final Duration CLUSTER_BOUND = Duration.ofSeconds(60);
  private static final Duration WARM_UP_BOUND = Duration.ofSeconds(90);
  private static final Duration IDLE_BOUND = Duration.ofSeconds(15);

  /** The load comes in so many steps, each of so long. */
  private static final int STEPS = 10;

  private static final Duration STEP = Duration.ofMillis(1500);

  /** Served well for so long before the store dies, so that the good rate has been measured. */
  private static final Duration WELL = Duration.ofSeconds(12);

  /** Longest that the journals are waited for after all is well again. */
  private static final Duration DELIVERY_BOUND = Duration.ofSeconds(60);

  /** Before the return the meters are read while nothing is under way. */
  private static final Duration BEFORE_RETURN = Duration.ofMillis(1500);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final long ASK_PERIOD_NANOS = 100_000_000L;

  private final Bench bench;
  private final Settings settings;
  private final LiveRun.Plan plan;
  private final Population population;
  private final StoreProcess storeProcess;
  private final StoreLink store;
  private final @Nullable Governors governors;
  private final @Nullable Journals journals;
  private final OpenLoop clients;
  private final StatusPoller poller;
  private final Display display;

  Conductor(
      Bench bench,
      Settings settings,
      LiveRun.Plan plan,
      Population population,
      StoreProcess storeProcess,
      @Nullable Governors governors) {
    this.bench = bench;
    this.settings = settings;
    this.plan = plan;
    this.population = population;
    this.storeProcess = storeProcess;
    this.store = storeProcess.link();
    this.governors = governors;
    List<Integer> operators = governors == null ? List.of() : governors.operatorPorts();
    journals = governors == null ? null : new Journals(bench, governors);
    poller = new StatusPoller(bench.loop(), bench.fetch(), bench.ticker(), operators);
    List<Integer> ports =
        governors == null ? List.of(storeProcess.port()) : governors.listenPorts();
    List<Door> doors = ports.stream().map(Door::loopback).toList();
    clients = new OpenLoop(bench.vertx(), bench.loop(), population, doors, settings.seed());
    display =
        new Display(
            bench.console(),
            bench.loop(),
            new Display.Scene(plan.name(), population, clients, poller, store));
  }

  /**
   * Lets the clients ask, the store die and return, and waits for what becomes of it.
   *
   * @throws RunFailedException if something that had to come did not
   */
  RunRecord run() {
    if (governors != null) {
      bench.console().line("operator: " + String.join("  ", governors.operatorUrls()));
    }
    bench.tell(this::watch);
    try {
      return conduct();
    } finally {
      bench.tell(this::unwatch);
    }
  }

  private void watch() {
    poller.start();
    store.start();
    display.start();
  }

  private void unwatch() {
    clients.stop();
    poller.stop();
    store.stop();
    display.stop();
  }

  private RunRecord conduct() {
    awaitNodes(sample -> sample.members() == Settings.NODES, CLUSTER_BOUND, "a cluster of three");
    long loaded = bench.ticker().nanos();
    display.phase("warm-up");
    load();
    awaitNodes(NodeSample::open, WARM_UP_BOUND, "every governor OPEN under load");
    if (journals != null) {
      // writes that came while it warmed up are delivered, and nobody is late any more
      journals.awaitEmpty(WARM_UP_BOUND);
    }
    bench.pass(WELL);
    display.phase("outage");
    long died = storeProcess.command("/down");
    bench.pass(settings.replay().outage().minus(BEFORE_RETURN));
    Reading before = read();
    bench.pass(BEFORE_RETURN);
    display.phase("return");
    long returned = comeBack();
    display.returned(returned);
    awaitBack(returned);
    @Nullable Long reopened = plan.untilOpen() ? awaitOpen(returned) : null;
    if (journals != null) {
      display.phase("deliver");
      journals.awaitEmpty(DELIVERY_BOUND);
    }
    display.phase("end");
    bench.tell(clients::stop);
    long ended = bench.ticker().nanos();
    var unused = until(clients::idle, IDLE_BOUND, "the last answers");
    Reading after = read();
    @Nullable Given given = journals == null ? null : given(journals);
    return bench.onLoop(
        () -> record(new Moments(loaded, died, returned, ended), reopened, before, after, given));
  }

  /**
   * The full load comes by and by. All at once, on processes that have just started, it keeps both
   * processors busy with compiling, clients' own included; what comes late then is the machine's
   * doing, the governors take it for the store's, and what they refuse is tried again.
   */
  private void load() {
    bench.tell(
        () -> {
          clients.pace(1.0 / STEPS);
          clients.start();
        });
    for (int step = 2; step <= STEPS; step++) {
      double part = (double) step / STEPS;
      bench.pass(STEP);
      bench.tell(() -> clients.pace(part));
    }
  }

  private Given given(Journals of) {
    GivenLog.Journals held = of.read();
    StoreLink.Done done = bench.result(store::done, "the store's writes");
    return bench.onLoop(() -> clients.given().account(done.requests(), done.repeats(), held));
  }

  private long comeBack() {
    Incident.Replay replay = settings.replay();
    if (Double.isFinite(replay.quotaPerSecond())) {
      storeProcess.command("/quota?rate=%.0f/s".formatted(replay.quotaPerSecond()));
      bench.tell(() -> bench.loop().after(replay.quotaFor().toNanos(), now -> liftQuota()));
    }
    return storeProcess.command("/up");
  }

  private void liftQuota() {
    var unused =
        store
            .command("/quota?rate=off")
            .onFailure(e -> bench.console().error("the quota was not lifted: " + e));
  }

  private void awaitNodes(Predicate<NodeSample> condition, Duration bound, String what) {
    if (governors != null) {
      governors.awaitEvery(poller, condition, bound, what);
    }
  }

  /** Until all is back, but no longer than the bound; without governors for the given time. */
  private void awaitBack(long returnedNanos) {
    if (governors == null) {
      bench.pass(plan.cutOff());
      return;
    }
    long longest =
        settings.incident().classes().stream()
            .mapToLong(each -> each.timeout().toNanos())
            .max()
            .orElse(0);
    long end = returnedNanos + Settings.ALL_BACK_BOUND.toNanos();
    Deque<Disturbance> ahead = new ArrayDeque<>(plan.disturbances());
    while (bench.ticker().nanos() - end < 0) {
      disturb(ahead, governors, returnedNanos);
      AttemptLog log = bench.onLoop(() -> clients.log().copy());
      long known = bench.ticker().nanos() - 2 * longest;
      if (ahead.isEmpty() && Restoration.of(population, log, returnedNanos, known).complete()) {
        return;
      }
    }
  }

  /** Lets some time pass, but no more than until the next disturbance, and makes what is due. */
  private void disturb(Deque<Disturbance> ahead, Governors of, long returnedNanos) {
    Duration step = LOOK_AGAIN;
    if (!ahead.isEmpty()) {
      long due = returnedNanos + ahead.getFirst().afterReturn().toNanos();
      long left = Math.max(0, due - bench.ticker().nanos());
      step = left < step.toNanos() ? Duration.ofNanos(left) : step;
    }
    bench.pass(step);
    while (!ahead.isEmpty() && due(ahead.getFirst(), returnedNanos)) {
      Disturbance now = ahead.removeFirst();
      bench.console().line(now.text());
      now.apply(of);
    }
  }

  private boolean due(Disturbance disturbance, long returnedNanos) {
    long due = returnedNanos + disturbance.afterReturn().toNanos();
    return bench.ticker().nanos() - due >= 0;
  }

  private @Nullable Long awaitOpen(long returnedNanos) {
    Duration left = Settings.OPEN_BOUND.minusNanos(bench.ticker().nanos() - returnedNanos);
    boolean open = until(this::allOpen, left, "OPEN again");
    return open ? bench.ticker().nanos() : null;
  }

  /** Whether every governor that lives says that it is OPEN. */
  private boolean allOpen() {
    return governors != null
        && IntStream.range(0, governors.count())
            .filter(governors::alive)
            .allMatch(node -> poller.latest(node).filter(NodeSample::open).isPresent());
  }

  private boolean until(BooleanSupplier condition, Duration bound, String what) {
    return bench.await(
        bench.loop().until(condition, ASK_PERIOD_NANOS, bound.toNanos()), bound, what);
  }

  /** What the meters and the log say; nothing must be under way. */
  private Reading read() {
    var unused = bench.result(store::catchUp, "the store's log");
    // A governor that was killed takes its meters with it.
    long sent = governors == null || !plan.disturbances().isEmpty() ? 0 : governors.sent();
    return new Reading(sent, bench.onLoop(() -> store.arrivals().size()));
  }

  private RunRecord record(
      Moments moments,
      @Nullable Long reopened,
      Reading before,
      Reading after,
      @Nullable Given given) {
    RunRecord.Meters meters =
        new RunRecord.Meters(
            after.sent() - before.sent(), store.arrivals().requestsSince(before.arrivals()));
    return new RunRecord(
        plan.name(),
        plan.governed(),
        population,
        moments,
        clients.log().copy(),
        store.arrivals(),
        poller.samples(),
        store.samples(),
        clients.driver(),
        governors == null || !plan.disturbances().isEmpty() ? null : meters,
        given,
        reopened);
  }

  /**
   * One look at the counts.
   *
   * @param sent by all governors since they started
   * @param arrivals size of the store's log, probes included
   */
  private record Reading(long sent, int arrivals) {}
}
