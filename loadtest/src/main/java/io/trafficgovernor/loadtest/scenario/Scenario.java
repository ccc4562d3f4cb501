package io.trafficgovernor.loadtest.scenario;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.store.StoreSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is simulated. Times count from the store's return.
 *
 * @param nodes governors, unless the command says otherwise
 * @param reference what the ledger remembers of better times
 * @param population who asks
 * @param events what happens to store and clients, in the order of time
 * @param weather what happens to the cluster
 * @param promises what must hold over the seeds
 */
public record Scenario(
    String name,
    String title,
    int nodes,
    NodeChoice choice,
    Reference reference,
    Backend backend,
    Population population,
    Habits habits,
    Course course,
    List<StoreEvent> events,
    Weather weather,
    List<Promise> promises) {

  /**
   * What stands behind the governors.
   *
   * @param warm whether its cache is full when it returns
   * @param origins addresses it answers at; nodes use them in turn
   * @param retryAfterSeconds what the provider says with a 429; 0 for nothing
   * @param connections a node's pool, whose first requests after a return pay for a connection
   * @param neighbour the system that every answer needs as well
   */
  public record Backend(
      StoreSettings store,
      boolean warm,
      int origins,
      double retryAfterSeconds,
      int connections,
      Optional<StoreSettings> neighbour) {
    public Backend {
      requireNonNull(store, "store");
      requireNonNull(neighbour, "neighbour");
    }

    private Backend scaled(int times) {
      return new Backend(
          store.scaled(times),
          warm,
          origins,
          retryAfterSeconds,
          connections,
          neighbour.map(each -> each.scaled(times)));
    }

    Backend with(StoreSettings other) {
      return new Backend(other, warm, origins, retryAfterSeconds, connections, neighbour);
    }
  }

  /**
   * How clients behave beyond their classes.
   *
   * @param users how many there are; 1 is everybody behind one address
   * @param sessionRequests requests of one session, one after the other
   * @param thinkSeconds mean pause between them
   * @param pentUp demand at the return as a multiple of the usual, decaying
   * @param pentUpSeconds in which it decays to 1/e
   */
  public record Habits(
      int users, int sessionRequests, double thinkSeconds, double pentUp, double pentUpSeconds) {}

  /**
   * The course of a run.
   *
   * @param leadSeconds how long clients knock at the closed door before the return
   * @param leadFactor their rate then, as a part of the usual
   * @param measuredSeconds how long it is judged
   */
  public record Course(double leadSeconds, double leadFactor, double measuredSeconds) {}

  /**
   * What goes wrong in the cluster.
   *
   * @param faults in the order of time
   * @param random whether more of them are drawn from the seed
   * @param randomSeconds until when drawn faults happen; all heals then
   * @param randomPerMinute how many of them
   * @param drift largest relative error of the nodes' clocks, drawn for each
   */
  public record Weather(
      List<Fault> faults,
      boolean random,
      double randomSeconds,
      double randomPerMinute,
      double drift) {
    public static final Weather FAIR = new Weather(List.of(), false, 0, 0, 0);

    public Weather {
      faults = List.copyOf(faults);
    }

    /** From when on nothing goes wrong any more, in seconds after the store's return. */
    public double healedSeconds() {
      double last = random ? randomSeconds : 0;
      return faults.stream().mapToDouble(Fault::endSeconds).reduce(last, Math::max);
    }
  }

  public Scenario {
    requireNonNull(name, "name");
    events = List.copyOf(events);
    promises = List.copyOf(promises);
  }

  /** The classes as admission knows them. */
  public ClassTable classes() {
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

  private Scenario with(
      Reference reference, Backend backend, Population population, Course course) {
    return with(reference, backend, population, course, events);
  }

  private Scenario with(
      Reference reference,
      Backend backend,
      Population population,
      Course course,
      List<StoreEvent> events) {
    return new Scenario(
        name,
        title,
        nodes,
        choice,
        reference,
        backend,
        population,
        habits,
        course,
        events,
        weather,
        promises);
  }

  /** The same, with clients that knock at the closed door before. */
  public Scenario withLead(double seconds) {
    return with(
        reference,
        backend,
        population,
        new Course(seconds, course.leadFactor(), course.measuredSeconds()));
  }

  /** The same, with another part of the clients that waits as long as it is told. */
  public Scenario withHonouring(double part) {
    return with(reference, backend, population.withHonouring(part), course);
  }

  /** The same with that many times the demand, the servers and what the provider allows. */
  public Scenario scaled(int times) {
    return with(
        new Reference(
            times * reference.ratePerSecond(),
            reference.latencySeconds(),
            reference.failureShares(),
            times * reference.peakPerSecond()),
        backend.scaled(times),
        population.withRate(times * population.ratePerSecond()),
        course,
        events.stream().map(event -> event.scaled(times)).toList());
  }

  /** The same with the classes on their own: none waits for another. */
  public Scenario withoutGates() {
    return with(reference, backend, population.withoutGates(), course);
  }

  /** The same with a store of that speed for every key. */
  public Scenario withCapacity(double perSecond) {
    return with(
        reference, backend.with(backend.store().withCapacity(perSecond)), population, course);
  }

  /** The same asked that much, which the ledger remembers as usual. */
  public Scenario withRate(double perSecond) {
    return with(
        new Reference(perSecond, reference.latencySeconds(), reference.failureShares(), perSecond),
        backend,
        population.withRate(perSecond),
        course);
  }

  /** The same with other things happening, and judged for that long. */
  public Scenario withEvents(List<StoreEvent> others, double measuredSeconds) {
    return with(
        reference,
        backend,
        population,
        new Course(course.leadSeconds(), course.leadFactor(), measuredSeconds),
        others);
  }
}
