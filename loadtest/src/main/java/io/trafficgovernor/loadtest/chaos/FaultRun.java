package io.trafficgovernor.loadtest.chaos;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fault.FaultCase;
import io.trafficgovernor.loadtest.fault.FaultJudge;
import io.trafficgovernor.loadtest.fault.FaultReport;
import io.trafficgovernor.loadtest.fault.FaultRow;
import io.trafficgovernor.loadtest.fault.Played;
import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.fleet.RunDirectory;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.fleet.StoreProcess;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.live.Door;
import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.live.StatusPoller;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cluster under five times the load it is allowed to pass on, to which one fault after the other
 * is done. An operator pins the ceiling, so that it is known from outside what may reach the store.
 */
public final class FaultRun {
  private static final Duration RISE_BOUND = Duration.ofSeconds(90);
  private static final Duration PIN_BOUND = Duration.ofSeconds(20);
  private static final Duration STEADY = Duration.ofSeconds(3);

  /** So long all must have been well before a fault; and attempts that young may still be open. */
  private static final Duration CALM = Duration.ofSeconds(3);

  private static final Duration PENDING = Duration.ofSeconds(2);

  /** A dead client's share is kept for a minute, and is missed for so long. */
  private static final Duration CALM_BOUND = Duration.ofSeconds(75);

  private static final double TOLERANCE = 0.01;
  private static final String BUSY =
      "the ceiling was not used or the two top classes not served before it, on this machine now";
  private static final long LOOK_NANOS = 500_000_000L;

  private final Bench bench;
  private final Setup setup;
  private final Population population;
  private final List<FaultRow> rows = new ArrayList<>();
  private final List<FaultReport.Left> left = new ArrayList<>();

  /**
   * What is wanted.
   *
   * @param voters members of the grid; odd
   * @param cases in this order
   * @param apart whether voters can be cut off: we are in a network namespace of our own
   * @param incident whose clients ask, at the rate of its replay
   * @param governor executable jar
   * @param main main class of this program, which also runs the store
   * @param directory of this run alone: it is emptied first
   */
  public record Setup(
      int voters,
      List<FaultCase> cases,
      boolean apart,
      double ceilingPerSecond,
      Incident incident,
      long seed,
      Path governor,
      Class<?> main,
      Path directory) {
    public Setup {
      cases = List.copyOf(cases);
      requireNonNull(incident, "incident");
      requireNonNull(directory, "directory");
    }
  }

  public FaultRun(Bench bench, Setup setup) {
    this.bench = requireNonNull(bench, "bench");
    this.setup = requireNonNull(setup, "setup");
    this.population =
        setup
            .incident()
            .population()
            .withRate(setup.incident().replay().ratePerSecond())
            .withoutGates()
            .withoutRetries();
  }

  /**
   * Plays them all. Every process it started is gone afterwards.
   *
   * @throws RunFailedException if something that had to come did not
   */
  public FaultReport run() {
    var unused = RunDirectory.emptied(setup.directory());
    StoreProcess store =
        StoreProcess.start(
            bench,
            setup.main(),
            setup.incident().replay().store().settings(),
            setup.seed(),
            setup.directory());
    Governors governors =
        new Governors(
            bench,
            new Governors.Setup(
                setup.governor(),
                setup.voters(),
                1,
                setup.apart(),
                population,
                "chaos-%d".formatted(store.port()),
                store.port(),
                setup.directory()));
    try {
      governors.start();
      governors.awaitReady();
      return played(store, governors);
    } finally {
      governors.stop();
      store.stop();
    }
  }

  private FaultReport played(StoreProcess store, Governors governors) {
    StatusPoller poller =
        new StatusPoller(bench.loop(), bench.fetch(), bench.ticker(), governors.operatorPorts());
    List<Door> doors = governors.listenPorts().stream().map(Door::loopback).toList();
    OpenLoop clients = new OpenLoop(bench.vertx(), bench.loop(), population, doors, setup.seed());
    Hands hands =
        new Hands(
            bench,
            new Hands.Reach(
                setup.voters(),
                setup.ceilingPerSecond(),
                population.ratePerSecond(),
                setup.apart()),
            governors,
            store.link(),
            clients,
            poller,
            setup.directory());
    bench.tell(
        () -> {
          poller.start();
          store.link().start();
          clients.choose(setup.voters(), false);
          clients.start();
        });
    try {
      pin(governors, poller);
      bench.pass(STEADY);
      for (FaultCase each : setup.cases()) {
        if (each.suits(setup.voters())) {
          pinAgain(governors, poller);
          play(each, hands, store, clients, poller);
        }
      }
      FaultReport report = report(clients);
      written(store);
      return report;
    } finally {
      bench.tell(
          () -> {
            clients.stop();
            poller.stop();
            store.link().stop();
          });
    }
  }

  /** Under this load it need never come to OPEN: the clients ask for more than the store can do. */
  private boolean pinnable(NodeSample sample) {
    return sample.open()
        || (sample.phase().equals("RAMPING")
            && sample.ceilingPerSecond() >= setup.ceilingPerSecond());
  }

  private void pin(Governors governors, StatusPoller poller) {
    governors.awaitEvery(poller, this::pinnable, RISE_BOUND, "a ceiling that can be pinned");
    pinned(governors, poller);
    bench
        .console()
        .line(
            "pinned to %.0f/s under %.0f first attempts/s"
                .formatted(setup.ceilingPerSecond(), population.ratePerSecond()));
  }

  /** A pin falls if the store fails under it, which a machine that is too busy may make it do. */
  private void pinAgain(Governors governors, StatusPoller poller) {
    double ceiling = bench.onLoop(() -> poller.latest(0).orElseThrow().ceilingPerSecond());
    if (ceiling < setup.ceilingPerSecond() * (1 - TOLERANCE)) {
      bench.console().line("pinned again: the ceiling had fallen to %.0f/s".formatted(ceiling));
      pinned(governors, poller);
    }
  }

  private void pinned(Governors governors, StatusPoller poller) {
    long epoch = bench.onLoop(() -> poller.latest(0).orElseThrow().epoch());
    governors.pin(0, setup.ceilingPerSecond(), epoch);
    governors.awaitEvery(
        poller, each -> each.phase().equals("FROZEN"), PIN_BOUND, "every governor FROZEN");
  }

  private void play(
      FaultCase fault, Hands hands, StoreProcess store, OpenLoop clients, StatusPoller poller) {
    Optional<String> obstacle = obstacle(fault, hands);
    if (obstacle.isEmpty() && !calm(store, clients, poller)) {
      obstacle = Optional.of(BUSY);
    }
    if (obstacle.isEmpty() && fault == FaultCase.CLOCK && !hands.clockReady()) {
      obstacle = Optional.of("a governor under libfaketime is ill here before any step");
    }
    if (obstacle.isPresent()) {
      left.add(new FaultReport.Left(fault, obstacle.get()));
      return;
    }
    bench.console().line("%s ...".formatted(fault.words()));
    Played played = hands.play(fault);
    var unused = bench.result(store.link()::catchUp, "the store's log");
    FaultRow row =
        bench.onLoop(
            () ->
                new FaultJudge(judging(), store.link().arrivals(), clients.log(), poller.samples())
                    .row(played));
    rows.add(row);
    bench.console().line(FaultReport.line(row));
  }

  /** Why it cannot be played here, in words. */
  private Optional<String> obstacle(FaultCase fault, Hands hands) {
    if (fault.cutsOff() && !setup.apart()) {
      return Optional.of("this machine lets us have no network namespace");
    }
    if (fault == FaultCase.CLOCK && !hands.stepsClocks()) {
      return Optional.of("libfaketime is not installed");
    }
    return Optional.empty();
  }

  /** Whether all is well before a fault is done; waits for it within a bound. */
  private boolean calm(StoreProcess store, OpenLoop clients, StatusPoller poller) {
    return bench.await(
        bench
            .loop()
            .until(
                () -> {
                  long now = bench.ticker().nanos();
                  FaultJudge judge =
                      new FaultJudge(
                          judging(), store.link().arrivals(), clients.log(), poller.samples());
                  return judge.calm(
                      now - CALM.toNanos() - PENDING.toNanos(), now - PENDING.toNanos());
                },
                LOOK_NANOS,
                CALM_BOUND.toNanos()),
        CALM_BOUND,
        "the ceiling to be used");
  }

  private FaultJudge.Setup judging() {
    return new FaultJudge.Setup(
        setup.voters() + 1,
        setup.voters(),
        Governors.EVENT_LOOPS,
        setup.ceilingPerSecond(),
        population);
  }

  /** What reached the store, for {@code loadtest witness}. */
  private void written(StoreProcess store) {
    var unused = bench.result(store.link()::catchUp, "the store's log");
    List<String> lines = bench.onLoop(() -> store.link().arrivals().lines());
    try {
      Files.write(setup.directory().resolve("arrivals.log"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FaultReport report(OpenLoop clients) {
    RunRecord.Driver driver = bench.onLoop(clients::driver);
    return new FaultReport(judging(), setup.apart(), rows, left, driver);
  }
}
