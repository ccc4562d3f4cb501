package io.trafficgovernor.loadtest.fault;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A fault as it was played; instants are nanoseconds of the clock that all processes share.
 *
 * @param beganNanos when it was done
 * @param undoneNanos when it was undone: restarted, continued, connected again
 * @param settledNanos when the ceiling was used as before, or the patience with it was over
 * @param victims places of those it was done to, from 0
 * @param settled whether the ceiling was used as before in the end
 * @param note for people
 */
public record Played(
    FaultCase fault,
    long beganNanos,
    long undoneNanos,
    long settledNanos,
    List<Integer> victims,
    boolean settled,
    String note) {
  public Played {
    requireNonNull(fault, "fault");
    victims = List.copyOf(victims);
    if (undoneNanos < beganNanos || settledNanos < undoneNanos) {
      throw new IllegalArgumentException(
          "fault: got %d, %d, %d, allowed only rising instants"
              .formatted(beganNanos, undoneNanos, settledNanos));
    }
  }
}
