package io.trafficgovernor.loadtest.herd;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.fleet.RunDirectory;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.fleet.StoreProcess;
import io.trafficgovernor.loadtest.live.Door;
import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.live.StatusPoller;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Moments;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A warm store, its death, its cold return, and a moment later the herd. */
final class HerdRun {
  static final int NODES = 3;

  private static final Duration OPEN_BOUND = Duration.ofSeconds(90);
  static final Duration DRAIN_BOUND = Duration.ofMinutes(2);
  private static final Duration IDLE_BOUND = Duration.ofSeconds(15);
  private static final Duration OUTAGE = Duration.ofSeconds(8);

  /** Served well for so long before the store dies, so that the good rate has been measured. */
  private static final Duration WELL = Duration.ofSeconds(8);

  /** The background is watched for so long after the last of the herd. */
  private static final Duration AFTER = Duration.ofSeconds(3);

  private static final long ASK_PERIOD_NANOS = 100_000_000L;

  private final Bench bench;
  private final Setup setup;
  private final Population population;

  /**
   * What is wanted.
   *
   * @param herd the one event of the scenario that is played
   * @param governor executable jar
   * @param main main class of this program, which also runs the store
   * @param directory of this run alone: it is emptied first
   */
  record Setup(
      Scenario scenario,
      StoreEvent.Herd herd,
      long seed,
      Path governor,
      Class<?> main,
      Path directory) {
    Setup {
      requireNonNull(scenario, "scenario");
      requireNonNull(herd, "herd");
    }
  }

  /**
   * What came of it.
   *
   * @param run with the attempts of everybody but the herd
   * @param herd attempts of the herd
   */
  record Outcome(RunRecord run, AttemptLog herd, long cameNanos) {}

  HerdRun(Bench bench, Setup setup) {
    this.bench = bench;
    this.setup = setup;
    this.population = setup.scenario().population();
  }

  /**
   * Plays it. Every process it started is gone afterwards.
   *
   * @throws RunFailedException if something that had to come did not
   */
  Outcome run() {
    var unused = RunDirectory.emptied(setup.directory());
    StoreProcess store =
        StoreProcess.start(
            bench,
            setup.main(),
            setup.scenario().backend().store(),
            setup.seed(),
            setup.directory());
    Governors governors =
        new Governors(
            bench,
            new Governors.Setup(
                setup.governor(),
                NODES,
                population.withRate(setup.scenario().reference().ratePerSecond()),
                "herd-%d".formatted(store.port()),
                store.port(),
                setup.directory()));
    try {
      governors.start();
      governors.awaitReady();
      return new Play(store, governors).run();
    } finally {
      governors.stop();
      store.stop();
    }
  }

  /** The part in which clients ask. */
  private final class Play {
    private final StoreProcess store;
    private final Governors governors;
    private final StatusPoller poller;
    private final OpenLoop everybody;
    private final OpenLoop herd;

    private Play(StoreProcess store, Governors governors) {
      this.store = store;
      this.governors = governors;
      this.poller =
          new StatusPoller(bench.loop(), bench.fetch(), bench.ticker(), governors.operatorPorts());
      this.everybody = clients(setup.seed());
      this.herd = clients(setup.seed() + 1);
    }

    private OpenLoop clients(long seed) {
      List<Door> doors = governors.listenPorts().stream().map(Door::loopback).toList();
      return new OpenLoop(bench.vertx(), bench.loop(), population, doors, seed);
    }

    private Outcome run() {
      bench.tell(
          () -> {
            poller.start();
            store.link().start();
          });
      try {
        return conduct();
      } finally {
        bench.tell(
            () -> {
              everybody.stop();
              herd.stop();
              poller.stop();
              store.link().stop();
            });
      }
    }

    private Outcome conduct() {
      long loaded = bench.ticker().nanos();
      bench.tell(everybody::start);
      governors.awaitEvery(poller, NodeSample::open, OPEN_BOUND, "every governor OPEN under load");
      bench.pass(WELL);
      long died = store.command("/down");
      bench.pass(OUTAGE);
      long returned = store.command("/up");
      bench.pass(Duration.ofMillis((long) (setup.herd().atSeconds() * 1e3)));
      long came = bench.ticker().nanos();
      bench.tell(() -> herd.herd(setup.herd().users(), within()));
      bench.console().line("%d users came".formatted(setup.herd().users()));
      boolean drained = await(() -> served() >= setup.herd().users(), DRAIN_BOUND, "the herd");
      bench
          .console()
          .line(
              "%d of them served after %.1f s%s"
                  .formatted(
                      bench.onLoop(this::served),
                      (bench.ticker().nanos() - came) / 1e9,
                      drained ? "" : ", and no longer waited for"));
      bench.pass(AFTER);
      bench.tell(
          () -> {
            everybody.stop();
            herd.stop();
          });
      long ended = bench.ticker().nanos();
      await(() -> everybody.idle() && herd.idle(), IDLE_BOUND, "the last answers");
      var unused = bench.result(store.link()::catchUp, "the store's log");
      return bench.onLoop(
          () -> new Outcome(record(new Moments(loaded, died, returned, ended)), herd.log(), came));
    }

    private Duration within() {
      return Duration.ofNanos((long) (setup.herd().withinSeconds() * 1e9));
    }

    private int served() {
      AttemptLog log = herd.log();
      int served = 0;
      for (int i = 0; i < log.size(); i++) {
        served += log.ending(i).good() ? 1 : 0;
      }
      return served;
    }

    private boolean await(BooleanSupplier condition, Duration bound, String what) {
      return bench.await(
          bench.loop().until(condition, ASK_PERIOD_NANOS, bound.toNanos()), bound, what);
    }

    private RunRecord record(Moments moments) {
      RunRecord.Driver one = everybody.driver();
      RunRecord.Driver other = herd.driver();
      return new RunRecord(
          "herd",
          true,
          population,
          moments,
          everybody.log(),
          store.link().arrivals(),
          poller.samples(),
          store.link().samples(),
          new RunRecord.Driver(
              one.overflow() + other.overflow(),
              Math.max(one.worstLateNanos(), other.worstLateNanos()),
              one.moved() + other.moved()),
          null,
          null,
          null);
    }
  }
}
