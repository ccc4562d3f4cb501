package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.store.StoreModel;
import io.trafficgovernor.loadtest.testing.LedgerSketch;
import io.trafficgovernor.loadtest.witness.Invariants;
import io.trafficgovernor.loadtest.witness.Witness.Asked;

/**
 * A made-up run of the six classes of S1: the store returns at 20 s, the run ends at 60 s. Times
 * are seconds after the return.
 */
final class RunFixture {
  static final long SECOND = 1_000_000_000L;
  static final Scenario SCENARIO = Scenarios.named("S1");
  private static final long RETURN = 20 * SECOND;

  private final RunLog log;
  private StoreModel.Work work = new StoreModel.Work(0, 0, 0);

  RunFixture() {
    this(1_000_000);
  }

  /** One whose log holds so many attempts. */
  RunFixture(int mostAttempts) {
    log = new RunLog(SCENARIO.population().classes().size(), mostAttempts);
  }

  static long at(double seconds) {
    return RETURN + Math.round(seconds * SECOND);
  }

  RunLog log() {
    return log;
  }

  RunFixture level(double seconds, LedgerSketch sketch) {
    log.stepped(null, sketch.state(), at(seconds));
    return this;
  }

  RunFixture sent(double seconds, int times) {
    for (int i = 0; i < times; i++) {
      log.sent(new Asked(0, 3, 1, true), at(seconds));
    }
    return this;
  }

  RunFixture arrived(double seconds, int times) {
    for (int i = 0; i < times; i++) {
      log.arrived(new Asked(0, 3, 1, true), at(seconds));
    }
    return this;
  }

  /** A first attempt of that system, whose place is that of its class. */
  RunFixture first(int system, double seconds, double ended, Ending how) {
    log.attempts().add(system, 0, at(seconds), at(ended), how);
    return this;
  }

  RunFixture retry(int system, double seconds, double ended, Ending how) {
    log.attempts().add(system, 1, at(seconds), at(ended), how);
    return this;
  }

  RunFixture work(long finished, long late) {
    work = new StoreModel.Work(finished, late, 1);
    return this;
  }

  Run run() {
    return new Run(
        SCENARIO,
        "governed",
        3,
        1,
        log,
        new Invariants(3, SCENARIO.classes()),
        work,
        0,
        RETURN,
        at(40),
        0);
  }

  Measures measures() {
    return new Measures(run());
  }
}
