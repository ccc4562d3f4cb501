package io.trafficgovernor.loadtest.phase;

import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.rival.Control;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import io.trafficgovernor.loadtest.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries trials out in virtual time, on the scenario's store and clients.
 *
 * @param scenario with one event that takes away a part of the store's speed: the trigger
 * @param calmSeconds from the start to the trigger
 */
record Simulated(Scenario scenario, Control control, double calmSeconds)
    implements Trial.Experiment {
  /** After the trigger; retries of retries have all come and gone by then. */
  private static final double SETTLING_SECONDS = 45;

  private static final double JUDGED_SECONDS = 10;

  @Override
  public Trial.Outcome carryOut(Trial trial) {
    Run run = run(trial);
    double timeout = scenario.classes().at(0).timeoutSeconds();
    long known = run.endNanos() - (long) (timeout * 1e9);
    long over = run.endNanos() - (long) (SETTLING_SECONDS * 1e9);
    Restoration back =
        Restoration.of(run.scenario().population(), run.log().attempts(), over, known);
    return new Trial.Outcome(goodPercent(run.log().attempts(), known), back.allClassesSeconds());
  }

  /** The whole run, to be drawn. */
  Run run(Trial trial) {
    Scenario asked =
        scenario
            .withCapacity(trial.capacity())
            .withRate(trial.demand())
            .withEvents(events(trial), calmSeconds + trial.seconds() + SETTLING_SECONDS);
    return new Simulation(asked, trial.seed()).run(control, scenario.nodes());
  }

  private List<StoreEvent> events(Trial trial) {
    List<StoreEvent> events = new ArrayList<>(scenario.events());
    int place = events.indexOf(trigger(scenario));
    if (trial.seconds() == 0) {
      events.remove(place);
    } else {
      events.set(place, new StoreEvent.Pace(calmSeconds, trial.part(), trial.seconds()));
    }
    return events;
  }

  /**
   * The scenario's own trigger.
   *
   * @throws IllegalArgumentException if it has none
   */
  static StoreEvent.Pace trigger(Scenario scenario) {
    return scenario.events().stream()
        .filter(StoreEvent.Pace.class::isInstance)
        .map(StoreEvent.Pace.class::cast)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "scenario: got %s without an event of the kind pace, allowed one with it"
                        .formatted(scenario.name())));
  }

  private static double goodPercent(AttemptLog log, long knownNanos) {
    long from = knownNanos - (long) (JUDGED_SECONDS * 1e9);
    long all = 0;
    long good = 0;
    for (int i = 0; i < log.size(); i++) {
      long planned = log.plannedNanos(i);
      if (log.first(i) && planned >= from && planned < knownNanos) {
        all++;
        good += log.ending(i).good() ? 1 : 0;
      }
    }
    return all == 0 ? 0 : 100.0 * good / all;
  }
}
