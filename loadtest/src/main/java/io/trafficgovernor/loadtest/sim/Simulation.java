package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.cluster.ProbeSender;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.measure.RunLog;
import io.trafficgovernor.loadtest.rival.Control;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.witness.Invariants;
import io.trafficgovernor.loadtest.witness.Witness;
import io.trafficgovernor.loadtest.world.Backends;
import io.trafficgovernor.loadtest.world.Door;
import io.trafficgovernor.loadtest.world.EventQueue;
import io.trafficgovernor.loadtest.world.RandomFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One run of a scenario under one control, from one seed. The same seed gives the same run. */
public final class Simulation {
  /** Before the store's return the cluster is idle in OUTAGE for so long, so that it has formed. */
  private static final double FORM_SECONDS = 5;

  private static final long PROBE_TIMEOUT_NANOS = 500_000_000L;
  private static final long LOOK_NANOS = 500_000_000L;
  private static final double DEMAND_STEP_SECONDS = 1;
  private static final long STEP_NANOS = 1_000_000_000L;
  private static final long OPEN_NANOS = 3_000_000_000L;

  private final Scenario scenario;
  private final long seed;
  private final EventQueue truth = new EventQueue();
  private final RunLog log;
  private final Backends backends;
  private final SplittableRandom random;
  private final SplittableRandom clientRandom;
  private final SplittableRandom probeRandom;
  private final SplittableRandom weatherRandom;
  private final long returnNanos;

  /** A run that has not begun. */
  public Simulation(Scenario scenario, long seed) {
    this.scenario = scenario;
    this.seed = seed;
    this.log = new RunLog(scenario.classes().size());
    SplittableRandom root = new SplittableRandom(seed);
    this.clientRandom = root.split();
    this.backends = new Backends(scenario.backend(), truth, root.split());
    this.random = root.split();
    this.probeRandom = root.split();
    this.weatherRandom = root.split();
    double lead = Math.max(FORM_SECONDS, scenario.course().leadSeconds()) + root.nextDouble();
    this.returnNanos = (long) (lead * 1e9);
  }

  /** The whole course; once only. */
  public Run run(Control control, int nodes) {
    Invariants invariants = begin(control, nodes);
    truth.runUntil(returnNanos + nanos(scenario.course().measuredSeconds()));
    return over(control, nodes, invariants);
  }

  /**
   * First the faults, in which all must be safe; then none, in which the ledger must come to say
   * OPEN. Over when it has said so for 3 s, or at the end of the course.
   */
  Run runToOpen(Control control, int nodes) {
    Invariants invariants = begin(control, nodes);
    long end = returnNanos + nanos(scenario.course().measuredSeconds());
    long at = returnNanos + nanos(scenario.weather().healedSeconds()) + OPEN_NANOS;
    long openSince = Long.MAX_VALUE;
    truth.runUntil(at);
    while (at < end && (openSince == Long.MAX_VALUE || at - openSince < OPEN_NANOS)) {
      at += STEP_NANOS;
      truth.runUntil(at);
      openSince = log.phase() == Phase.OPEN ? Math.min(openSince, at) : Long.MAX_VALUE;
    }
    return over(control, nodes, invariants);
  }

  private Invariants begin(Control control, int nodes) {
    Invariants invariants = new Invariants(nodes, scenario.classes());
    List<Witness> witnesses = new ArrayList<>(invariants.witnesses());
    witnesses.add(log);
    Door door =
        control.door(
            new Control.Setting(
                scenario, nodes, truth, backends, this::probe, witnesses, random, returnNanos));
    Clients clients = new Clients(truth, scenario, door, log, clientRandom, returnNanos);
    truth.after(returnNanos - nanos(scenario.course().leadSeconds()), now -> clients.start());
    truth.after(returnNanos, now -> comeBack(clients, now));
    invariants.order().measureFrom(returnNanos + nanos(DEMAND_STEP_SECONDS));
    return invariants;
  }

  private Run over(Control control, int nodes, Invariants invariants) {
    return new Run(
        scenario,
        control.name(),
        nodes,
        seed,
        log,
        invariants,
        backends.store().work(),
        backends.restarts(),
        returnNanos,
        truth.nanos(),
        truth.ran());
  }

  private void comeBack(Clients clients, long nowNanos) {
    backends.comeBack(nowNanos);
    look(nowNanos);
    List<StoreEvent> events = new ArrayList<>(scenario.events());
    if (scenario.weather().random()) {
      events.addAll(RandomFaults.drawStore(scenario.weather(), weatherRandom));
    }
    for (StoreEvent event : events) {
      if (event.atSeconds() == 0) {
        happen(event, clients, nowNanos);
      } else {
        truth.after(nanos(event.atSeconds()), now -> happen(event, clients, now));
      }
    }
  }

  private void happen(StoreEvent event, Clients clients, long nowNanos) {
    if (event instanceof StoreEvent.Demand demand) {
      clients.happen(demand);
    } else if (event instanceof StoreEvent.Herd herd) {
      clients.happen(herd, nowNanos);
    } else {
      backends.happen(event, nowNanos);
    }
  }

  private void look(long nowNanos) {
    log.look(
        new RunLog.StoreAt(
            nowNanos,
            backends.store().capacity(),
            backends.store().hitShare(),
            backends.store().backlog()));
    truth.after(LOOK_NANOS, this::look);
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  /** A probe asks for a key like anybody else's; a 429 means alive. */
  private void probe(ProbeSender.Listener listener) {
    boolean[] told = {false};
    int key = scenario.population().keys().draw(probeRandom);
    long deadline = truth.nanos() + PROBE_TIMEOUT_NANOS;
    backends.submit(
        new Job(
            key,
            deadline,
            (answer, at) -> tell(told, listener, answer == Answer.OK || answer == Answer.QUOTA)),
        truth.nanos());
    truth.after(PROBE_TIMEOUT_NANOS, at -> tell(told, listener, false));
  }

  private static void tell(boolean[] told, ProbeSender.Listener listener, boolean good) {
    if (!told[0]) {
      told[0] = true;
      listener.answered(good);
    }
  }
}
