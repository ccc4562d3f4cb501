package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.store.StoreSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is simulated.
 *
 * @param reference what the ledger remembers of better times
 * @param store the store that comes back at time 0
 * @param population who asks, from {@code leadSeconds} before time 0
 * @param leadSeconds how long clients knock at the closed door before the store returns
 * @param measuredSeconds how long the run is judged, from time 0
 * @param events what happens to the store
 */
record Scenario(
    String name,
    Reference reference,
    StoreSettings store,
    boolean warmStart,
    Population population,
    double leadSeconds,
    double measuredSeconds,
    List<StoreEvent> events) {

  /** Something that happens to the store, {@code atSeconds} after its return. */
  record StoreEvent(double atSeconds, Kind kind, double value) {
    enum Kind {
      /** Stands still for {@code value} seconds. */
      STALL,
      /** The provider's quota is {@code value} per second from now on. */
      QUOTA,
      /** Half of the cache is lost. */
      LOSE_CACHE
    }
  }

  Scenario {
    events = List.copyOf(events);
  }

  /** The classes as admission knows them. */
  ClassTable classes() {
    List<RequestClass> table = new ArrayList<>();
    List<String> names = population.classes().stream().map(TrafficClass::name).toList();
    for (TrafficClass each : population.classes()) {
      Set<Integer> after =
          each.after().stream().map(names::indexOf).collect(Collectors.toUnmodifiableSet());
      table.add(
          new RequestClass(
              table.size(),
              each.name(),
              after,
              each.patience().toNanos(),
              each.timeout().toNanos()));
    }
    return new ClassTable(table);
  }

  /** The same, with clients that knock at the closed door before. */
  Scenario withLead(double seconds) {
    return new Scenario(
        name, reference, store, warmStart, population, seconds, measuredSeconds, events);
  }
}
