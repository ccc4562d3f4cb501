package io.trafficgovernor.loadtest.chaos;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fault.FaultCase;
import io.trafficgovernor.loadtest.fault.FaultJudge;
import io.trafficgovernor.loadtest.fault.Played;
import io.trafficgovernor.loadtest.fault.Usage;
import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.live.DoorChoice;
import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.live.StatusPoller;
import io.trafficgovernor.loadtest.live.StoreLink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Does faults to governors, undoes them, and waits until all is as it was. */
final class Hands {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(60);
  private static final long ASK_PERIOD_NANOS = 200_000_000L;
  private static final long LOOK_NANOS = 2_000_000_000L;

  /**
   * Older than this, what the store has logged is known here: its log is read four times so often.
   */
  private static final long LAG_NANOS = 1_000_000_000L;

  private static final long SECONDS_OF_STEP = 30;

  /** Demand over the ceiling where the load's places are tried; at more any node uses its part. */
  private static final double NEARLY_ALL = 1.25;

  private static final double ZIPF = 1.2;
  private static final double HOT_PART = 0.7;
  private static final Duration HOT_STAY = Duration.ofSeconds(5);
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private final Bench bench;
  private final Reach reach;
  private final Governors governors;
  private final StoreLink store;
  private final OpenLoop clients;
  private final StatusPoller poller;
  private final Separation separation = new Separation();
  private final Optional<SteppedClock> clock;
  private int clocked;

  /**
   * What there is to be done to.
   *
   * @param voters places 0 and on; the client's place is behind them
   */
  record Reach(int voters, double ceilingPerSecond, double demandPerSecond, boolean apart) {
    /** What part of the demand asks for that many times the ceiling. */
    double pace(double times) {
      return times * ceilingPerSecond / demandPerSecond;
    }

    int client() {
      return voters;
    }

    int minority() {
      return voters / 2;
    }
  }

  Hands(
      Bench bench,
      Reach reach,
      Governors governors,
      StoreLink store,
      OpenLoop clients,
      StatusPoller poller,
      Path directory) {
    this.bench = requireNonNull(bench, "bench");
    this.reach = requireNonNull(reach, "reach");
    this.governors = requireNonNull(governors, "governors");
    this.store = requireNonNull(store, "store");
    this.clients = requireNonNull(clients, "clients");
    this.poller = requireNonNull(poller, "poller");
    this.clock = SteppedClock.in(directory);
  }

  boolean stepsClocks() {
    return clock.isPresent();
  }

  /** Does it and undoes it. */
  Played play(FaultCase fault) {
    int owner = governors.owner();
    return switch (fault) {
      case SKEW -> skewed(fault);
      case HOT_NODE -> hotNode(fault);
      case KILL_OWNER -> killed(fault, List.of(owner));
      case KILL_OTHER -> killed(fault, List.of(after(owner)));
      case KILL_TWO -> killed(fault, List.of(owner, after(owner)));
      case STOP_SHORT, STOP_LONG -> stopped(fault, owner);
      case CUT_OWNER -> cut(fault, minority(owner));
      case CUT_OTHERS -> cut(fault, minority(after(owner)));
      case CLOCK -> clock(fault);
      case ROLLING -> rolling(fault);
      case CLIENT_COMES -> clientComes(fault);
      case CLIENT_DIES -> clientDies(fault);
      case RESTART_OF_ALL -> restartOfAll(fault);
    };
  }

  /** Demand little above the ceiling: what a node cannot use, another one has to get in time. */
  private Played skewed(FaultCase fault) {
    weigh(DoorChoice.zipf(reach.voters(), ZIPF), reach.pace(NEARLY_ALL));
    bench.pass(SETTLING);
    long began = bench.ticker().nanos();
    bench.pass(fault.hold());
    return evenAgain(fault, began);
  }

  private Played hotNode(FaultCase fault) {
    weigh(DoorChoice.hot(reach.voters(), 0, HOT_PART), reach.pace(NEARLY_ALL));
    bench.pass(SETTLING);
    long began = bench.ticker().nanos();
    for (int turn = 1; turn <= fault.hold().toSeconds() / HOT_STAY.toSeconds(); turn++) {
      weigh(
          DoorChoice.hot(reach.voters(), turn % reach.voters(), HOT_PART), reach.pace(NEARLY_ALL));
      bench.pass(HOT_STAY);
    }
    return evenAgain(fault, began);
  }

  private Played evenAgain(FaultCase fault, long began) {
    long undone = bench.ticker().nanos();
    weigh(DoorChoice.zipf(reach.voters(), 0), 1);
    return settled(fault, began, undone, List.of(), 0, "");
  }

  private void weigh(List<Double> weights, double pace) {
    bench.tell(
        () -> {
          clients.weigh(weights);
          clients.pace(pace);
        });
  }

  private int after(int node) {
    return (node + 1) % reach.voters();
  }

  /** As many as are no majority, from that one on. */
  private List<Integer> minority(int first) {
    return IntStream.range(0, reach.minority())
        .mapToObj(step -> (first + step) % reach.voters())
        .toList();
  }

  private Played killed(FaultCase fault, List<Integer> victims) {
    long began = bench.ticker().nanos();
    victims.forEach(this::kill);
    bench.pass(fault.hold());
    long undone = bench.ticker().nanos();
    victims.forEach(governors::restart);
    victims.forEach(this::ready);
    return settled(fault, began, undone, victims, 0, "");
  }

  private void kill(int node) {
    governors.kill(node);
    choose(node, false);
  }

  private void ready(int node) {
    governors.awaitReady(node);
    choose(node, true);
  }

  private void choose(int node, boolean in) {
    bench.tell(
        () -> {
          clients.choose(node, in);
        });
  }

  private Played stopped(FaultCase fault, int victim) {
    long began = bench.ticker().nanos();
    governors.pause(victim);
    bench.pass(fault.hold());
    long undone = bench.ticker().nanos();
    governors.resume(victim);
    return settled(fault, began, undone, List.of(victim), 0, "");
  }

  private Played cut(FaultCase fault, List<Integer> victims) {
    List<String> these = victims.stream().map(governors::clusterHost).toList();
    List<String> those =
        IntStream.range(0, reach.voters())
            .filter(node -> !victims.contains(node))
            .mapToObj(governors::clusterHost)
            .toList();
    long began = bench.ticker().nanos();
    separation.cut(these, those);
    bench.pass(fault.hold());
    long undone = bench.ticker().nanos();
    separation.heal();
    return settled(fault, began, undone, victims, 0, these + " | " + those);
  }

  /**
   * Starts a voter again under a clock that can be stepped.
   *
   * @return whether all is as before with it
   */
  boolean clockReady() {
    SteppedClock stepped = clock.orElseThrow();
    clocked = after(governors.owner());
    choose(clocked, false);
    governors.restart(clocked, stepped.prefix());
    ready(clocked);
    return asBefore(0);
  }

  private Played clock(FaultCase fault) {
    SteppedClock stepped = clock.orElseThrow();
    long began = bench.ticker().nanos();
    stepped.step(SECONDS_OF_STEP);
    bench.pass(fault.hold());
    stepped.step(0);
    long undone = bench.ticker().nanos();
    return settled(fault, began, undone, List.of(clocked), 0, "");
  }

  private Played rolling(FaultCase fault) {
    long began = bench.ticker().nanos();
    List<Integer> all = IntStream.range(0, reach.voters()).boxed().toList();
    for (int node : all) {
      choose(node, false);
      governors.restart(node);
      ready(node);
      var unused = asBefore(0);
    }
    return settled(fault, began, bench.ticker().nanos(), all, 0, "");
  }

  private Played clientComes(FaultCase fault) {
    long began = bench.ticker().nanos();
    governors.start(reach.client(), List.of());
    ready(reach.client());
    bench.pass(fault.hold());
    return settled(fault, began, bench.ticker().nanos(), List.of(), 0, "");
  }

  private Played clientDies(FaultCase fault) {
    if (!governors.alive(reach.client())) {
      governors.start(reach.client(), List.of());
      ready(reach.client());
      bench.pass(fault.hold());
    }
    long began = bench.ticker().nanos();
    kill(reach.client());
    bench.pass(fault.hold());
    return settled(fault, began, bench.ticker().nanos(), List.of(reach.client()), 1, "");
  }

  private Played restartOfAll(FaultCase fault) {
    List<Integer> all = IntStream.range(0, reach.voters()).boxed().toList();
    long began = bench.ticker().nanos();
    all.forEach(this::kill);
    all.forEach(governors::restart);
    all.forEach(this::ready);
    return settled(fault, began, bench.ticker().nanos(), all, 0, "");
  }

  /**
   * The record of a fault, once all is as it was.
   *
   * @param silent nodes that stay away, for which a share is kept
   */
  private Played settled(
      FaultCase fault, long began, long undone, List<Integer> victims, int silent, String note) {
    boolean settled = asBefore(silent);
    List<String> names = new ArrayList<>(victims.stream().map(governors::name).toList());
    String whom = names.isEmpty() ? note : (names + " " + note).strip();
    return new Played(fault, began, undone, bench.ticker().nanos(), victims, settled, whom);
  }

  /** Whether all see each other and the ceiling is used again, within a bound. */
  private boolean asBefore(int silent) {
    double used =
        Usage.GOOD * FaultJudge.usable(reach.ceilingPerSecond(), reach.voters() + 1, silent);
    return bench.await(
        bench
            .loop()
            .until(
                () -> whole() && recent() >= used * LOOK_NANOS / 1e9,
                ASK_PERIOD_NANOS,
                SETTLE_BOUND.toNanos()),
        SETTLE_BOUND,
        "the ceiling to be used again");
  }

  private boolean whole() {
    long now = bench.ticker().nanos();
    return IntStream.range(0, reach.voters())
        .allMatch(
            node ->
                poller
                    .latest(node)
                    .filter(each -> each.gridMembers() == reach.voters())
                    .filter(each -> now - each.toldNanos() < LOOK_NANOS)
                    .isPresent());
  }

  /** Requests that reached the store in two seconds, of which all is known by now. */
  private int recent() {
    long until = bench.ticker().nanos() - LAG_NANOS;
    return Usage.requests(store.arrivals(), until - LOOK_NANOS, until);
  }
}
