package io.trafficgovernor.loadtest.replay;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.fleet.StoreProcess;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.live.StatusPoller;
import io.trafficgovernor.loadtest.live.StoreLink;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Moments;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run on real processes: a warm store under full load, its death, its cold return under the
 * provider's quota, and what becomes of that.
 */
final class LiveRun {
  private static final Duration CLUSTER_BOUND = Duration.ofSeconds(60);
  private static final Duration WARM_UP_BOUND = Duration.ofSeconds(90);
  private static final Duration IDLE_BOUND = Duration.ofSeconds(15);

  /** Served well for so long before the store dies, so that the good rate has been measured. */
  private static final Duration WELL = Duration.ofSeconds(8);

  /** Before the return the meters are read while nothing is under way. */
  private static final Duration BEFORE_RETURN = Duration.ofMillis(1500);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final long ASK_PERIOD_NANOS = 100_000_000L;

  private final Bench bench;
  private final Settings settings;
  private final Plan plan;
  private final Path directory;
  private final Population population;

  /**
   * What kind of run.
   *
   * @param name its directory, and the beginning of its checks' ids
   * @param load part of the full load, in (0, 1]
   * @param untilOpen whether it goes on until every governor is OPEN again
   * @param cutOff where an ungoverned run ends, from the store's return on
   */
  record Plan(String name, boolean governed, double load, boolean untilOpen, Duration cutOff) {}

  LiveRun(Bench bench, Settings settings, Plan plan) {
    this.bench = bench;
    this.settings = settings;
    this.plan = plan;
    this.directory = settings.out().resolve(plan.name());
    this.population =
        settings.incident().population().withRate(settings.replay().ratePerSecond() * plan.load());
  }

  /**
   * Runs it. All its processes are gone afterwards.
   *
   * @throws RunFailedException if something that had to come did not
   */
  RunRecord run() {
    emptyDirectory();
    StoreProcess store =
        StoreProcess.start(
            bench, settings.main(), settings.replay().store(), settings.seed(), directory);
    @Nullable Governors governors = plan.governed() ? governors(store.port()) : null;
    try {
      if (governors != null) {
        governors.start();
        governors.awaitReady();
      }
      return new Conducted(store, governors).run();
    } finally {
      if (governors != null) {
        governors.stop();
      }
      store.stop();
    }
  }

  private Governors governors(int storePort) {
    return new Governors(
        bench,
        new Governors.Setup(
            settings.governor(),
            Settings.NODES,
            population,
            "%s-%s-%d".formatted(settings.incident().name(), plan.name(), storePort),
            storePort,
            directory));
  }

  private void emptyDirectory() {
    try {
      if (Files.exists(directory)) {
        try (Stream<Path> files = Files.walk(directory)) {
          for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean until(BooleanSupplier condition, Duration bound, String what) {
    return bench.await(
        bench.loop().until(condition, ASK_PERIOD_NANOS, bound.toNanos()), bound, what);
  }

  /** The part of the run in which clients ask. */
  private final class Conducted {
    private final StoreProcess storeProcess;
    private final StoreLink store;
    private final @Nullable Governors governors;
    private final OpenLoop clients;
    private final StatusPoller poller;
    private final Display display;

    private Conducted(StoreProcess storeProcess, @Nullable Governors governors) {
      this.storeProcess = storeProcess;
      this.store = storeProcess.link();
      this.governors = governors;
      List<Integer> operators = governors == null ? List.of() : governors.operatorPorts();
      poller = new StatusPoller(bench.loop(), bench.fetch(), bench.ticker(), operators);
      List<Integer> doors =
          governors == null ? List.of(storeProcess.port()) : governors.listenPorts();
      clients = new OpenLoop(bench.vertx(), bench.loop(), population, doors, settings.seed());
      display =
          new Display(
              bench.console(),
              bench.loop(),
              new Display.Scene(plan.name(), population, clients, poller, store));
    }

    private RunRecord run() {
      if (governors != null) {
        bench.console().line("operator: " + String.join("  ", governors.operatorUrls()));
      }
      bench.onLoop(this::watch);
      try {
        return conduct();
      } finally {
        bench.onLoop(this::unwatch);
      }
    }

    private boolean watch() {
      poller.start();
      store.start();
      display.start();
      return true;
    }

    private boolean unwatch() {
      clients.stop();
      poller.stop();
      store.stop();
      display.stop();
      return true;
    }

    private RunRecord conduct() {
      awaitNodes(sample -> sample.members() == Settings.NODES, CLUSTER_BOUND, "a cluster of three");
      long loaded = bench.ticker().nanos();
      bench.onLoop(
          () -> {
            clients.start();
            return true;
          });
      display.phase("warm-up");
      awaitNodes(NodeSample::open, WARM_UP_BOUND, "every governor OPEN under load");
      bench.pass(WELL);
      display.phase("outage");
      long died = storeProcess.command("/down");
      bench.pass(settings.replay().outage().minus(BEFORE_RETURN));
      Reading before = read();
      bench.pass(BEFORE_RETURN);
      display.phase("return");
      long returned = comeBack();
      awaitBack(returned);
      @Nullable Long reopened = plan.untilOpen() ? awaitOpen(returned) : null;
      display.phase("end");
      bench.onLoop(
          () -> {
            clients.stop();
            return true;
          });
      long ended = bench.ticker().nanos();
      var unused = until(clients::idle, IDLE_BOUND, "the last answers");
      Reading after = read();
      return bench.onLoop(
          () -> record(new Moments(loaded, died, returned, ended), reopened, before, after));
    }

    private long comeBack() {
      Incident.Replay replay = settings.replay();
      if (Double.isFinite(replay.quotaPerSecond())) {
        storeProcess.command("/quota?rate=%.0f/s".formatted(replay.quotaPerSecond()));
        bench.onLoop(
            () -> {
              bench.loop().after(replay.quotaFor().toNanos(), now -> liftQuota());
              return true;
            });
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
      if (governors == null) {
        return;
      }
      BooleanSupplier all =
          () ->
              poller.latest().size() == Settings.NODES
                  && poller.latest().stream().allMatch(condition);
      if (!until(() -> all.getAsBoolean() || !governors.dead().isEmpty(), bound, what)
          || !governors.dead().isEmpty()) {
        throw new RunFailedException(
            "waited %s for %s; dead: %s; they say %s"
                .formatted(bound, what, governors.dead(), bench.onLoop(poller::latest)));
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
      while (bench.ticker().nanos() - end < 0) {
        bench.pass(LOOK_AGAIN);
        AttemptLog log = bench.onLoop(() -> clients.log().copy());
        long known = bench.ticker().nanos() - 2 * longest;
        if (Restoration.of(population, log, returnedNanos, known).complete()) {
          return;
        }
      }
    }

    private @Nullable Long awaitOpen(long returnedNanos) {
      Duration left = Settings.OPEN_BOUND.minusNanos(bench.ticker().nanos() - returnedNanos);
      boolean open =
          until(() -> poller.latest().stream().allMatch(NodeSample::open), left, "OPEN again");
      return open ? bench.ticker().nanos() : null;
    }

    /** What the meters and the log say; nothing must be under way. */
    private Reading read() {
      var unused = bench.result(store::catchUp, "the store's log");
      long sent = governors == null ? 0 : governors.sent();
      return new Reading(sent, bench.onLoop(() -> store.arrivals().size()));
    }

    private RunRecord record(
        Moments moments, @Nullable Long reopened, Reading before, Reading after) {
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
          governors == null ? null : meters,
          reopened);
    }
  }

  /**
   * One look at the counts.
   *
   * @param sent by all governors since they started
   * @param arrivals size of the store's log, probes included
   */
  private record Reading(long sent, int arrivals) {}
}
