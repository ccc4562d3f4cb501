package io.trafficgovernor.loadtest.record;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.plan.Population;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything one run left behind.
 *
 * @param name unique among the runs of a report
 * @param governed whether governors stood before the store
 * @param arrivals all that reached the store
 * @param nodes what the governors said, in the order in which it was heard; empty if ungoverned
 * @param store the store, in the order of time
 * @param driver how well the clients did their part
 * @param meters what the governors say they sent, against the log; null if not both were read
 * @param givenOrNull what clients were given without the store; null if there was no governor
 * @param reopenedNanos when every governor was OPEN again; null if the run was not that long
 */
public record RunRecord(
    String name,
    boolean governed,
    Population population,
    Moments moments,
    AttemptLog attempts,
    ArrivalColumns arrivals,
    List<NodeSample> nodes,
    List<StoreSample> store,
    Driver driver,
    @Nullable Meters meters,
    @Nullable Given givenOrNull,
    @Nullable Long reopenedNanos) {

  /**
   * The clients' part.
   *
   * @param overflow attempts not made because a bound was reached; more than 0 spoils the run
   * @param worstLateNanos latest that an attempt was made after its planned instant
   * @param moved attempts that a dead gateway refused and another one took
   */
  public record Driver(long overflow, long worstLateNanos, long moved) {}

  /**
   * Requests between two instants at which nothing was under way.
   *
   * @param sent sum of governor.backend.requests over the nodes
   * @param arrived requests in the store's log, probes not counted
   */
  public record Meters(long sent, long arrived) {}

  public RunRecord {
    requireNonNull(name, "name");
    nodes = List.copyOf(nodes);
    store = List.copyOf(store);
  }

  /** What clients were given without the store, if there was a governor. */
  public Optional<Given> given() {
    return Optional.ofNullable(givenOrNull);
  }

  /** What the governors' meters say, if they were read. */
  public Optional<Meters> readMeters() {
    return Optional.ofNullable(meters);
  }

  /** Seconds from the store's return until every governor was OPEN again, if the run saw that. */
  public Optional<Double> reopenedSeconds() {
    return Optional.ofNullable(reopenedNanos).map(moments::sinceReturn);
  }
}
