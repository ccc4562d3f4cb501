package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.herd.HeldRefusals;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.cluster.ProbeSender;
import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.store.StoreModel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One run of a scenario under one control, from one seed. The same seed gives the same run. */
final class Simulation {
  /** Before the store's return the cluster is idle in OUTAGE for so long, so that it has formed. */
  private static final double FORM_SECONDS = 5;

  private static final long PROBE_TIMEOUT_NANOS = 500_000_000L;

  /** Who decides. */
  enum Control {
    GOVERNED,
    ORACLE,
    NONE
  }

  private final Scenario scenario;
  private final ClassTable classes;
  private final VirtualTime time = new VirtualTime();
  private final RunLog log = new RunLog();
  private final StoreModel store;
  private final SplittableRandom random;
  private final SplittableRandom clientRandom;
  private final long returnNanos;

  Simulation(Scenario scenario, long seed) {
    this.scenario = scenario;
    this.classes = scenario.classes();
    SplittableRandom root = new SplittableRandom(seed);
    this.clientRandom = root.split();
    this.store = new StoreModel(scenario.store(), time, root.split());
    this.random = root.split();
    double lead = Math.max(FORM_SECONDS, scenario.leadSeconds()) + random.nextDouble();
    this.returnNanos = (long) (lead * 1e9);
  }

  /** What came of it. */
  record Result(
      Scenario scenario, RunLog log, long returnNanos, long endNanos, int restarts, long events) {}

  Result run(Control control, int nodes) {
    Door door =
        switch (control) {
          case GOVERNED -> governed(nodes);
          case ORACLE -> oracle();
          case NONE -> new OpenDoor(time, store, log);
        };
    Clients clients = new Clients(time, scenario.population(), door, log.attempts(), clientRandom);
    time.after(returnNanos - (long) (scenario.leadSeconds() * 1e9), now -> clients.start());
    time.after(returnNanos, this::storeReturns);
    time.runUntil(returnNanos + (long) (scenario.measuredSeconds() * 1e9));
    return new Result(scenario, log, returnNanos, time.nanos(), store.restarts(), time.ran());
  }

  private void storeReturns(long nowNanos) {
    if (scenario.warmStart()) {
      store.warm();
    }
    store.start(nowNanos);
    for (Scenario.StoreEvent event : scenario.events()) {
      time.after((long) (event.atSeconds() * 1e9), now -> happen(event, now));
    }
  }

  private void happen(Scenario.StoreEvent event, long nowNanos) {
    switch (event.kind()) {
      case STALL -> store.stall((long) (event.value() * 1e9));
      case QUOTA -> store.quota(event.value(), nowNanos);
      case LOSE_CACHE -> store.loseHalfTheCache();
    }
  }

  private Door governed(int nodes) {
    Ledger ledger =
        new Ledger(
            new LedgerSettings(
                classes,
                scenario.reference().ratePerSecond(),
                nodes,
                RampMode.AUTO,
                new RampPlan.Adaptive()));
    SimGrid grid = new SimGrid(time, ledger, log, nodes, random.split());
    grid.begin(ledger.closed(grid.owner(), scenario.reference()));
    List<Door> doors = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      AdmissionController admission = new AdmissionController(classes, time, false);
      new LeaseHolder(
              "node-" + i,
              random.nextLong(),
              admission,
              grid,
              time,
              this::probe,
              LeaseHolder.Listener.NONE)
          .start(random.nextLong(100_000_000L));
      doors.add(
          new GovernedNode(
              time, admission, classes, new HeldRefusals(HeldRefusals.MAX_HELD), store, log));
    }
    SplittableRandom choice = random.split();
    return call -> doors.get(choice.nextInt(doors.size())).send(call);
  }

  private Door oracle() {
    AdmissionController admission = new AdmissionController(classes, time, false);
    int slots = scenario.store().servers();
    boolean quota =
        scenario.events().stream()
            .anyMatch(event -> event.kind() == Scenario.StoreEvent.Kind.QUOTA);
    if (!quota) {
      OracleDoor.open(admission, classes, slots, Double.POSITIVE_INFINITY, 0);
    }
    for (Scenario.StoreEvent event : scenario.events()) {
      if (event.kind() == Scenario.StoreEvent.Kind.QUOTA) {
        time.after(
            returnNanos + (long) (event.atSeconds() * 1e9),
            now -> OracleDoor.open(admission, classes, slots, event.value(), now));
      }
    }
    return new GovernedNode(time, admission, classes, new HeldRefusals(0), store, log);
  }

  private void probe(ProbeSender.Listener listener) {
    boolean[] told = {false};
    long now = time.nanos();
    int key = scenario.population().keys().draw(random);
    store.submit(
        new Job(
            key,
            now + PROBE_TIMEOUT_NANOS,
            (answer, at) -> {
              if (!told[0]) {
                told[0] = true;
                listener.answered(answer == Answer.OK || answer == Answer.QUOTA);
              }
            }),
        now);
    time.after(
        PROBE_TIMEOUT_NANOS,
        at -> {
          if (!told[0]) {
            told[0] = true;
            listener.answered(false);
          }
        });
  }
}
