package io.trafficgovernor.loadtest.record;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What one governor said of itself. It was true at some instant between {@code askedNanos} and
 * {@code toldNanos}.
 *
 * @param node which governor, from 0
 * @param ceilingPerSecond for the whole cluster; 0 in OUTAGE
 * @param window requests in flight for the whole cluster
 * @param members nodes that report to the ledger
 * @param gridMembers members of the grid that it sees
 */
public record NodeSample(
    int node,
    long askedNanos,
    long toldNanos,
    String phase,
    long epoch,
    double ceilingPerSecond,
    double window,
    int members,
    int gridMembers,
    List<ClassSample> classes) {
  /** A class as the governor sees it. */
  public record ClassSample(String name, boolean open, double admittedPerSecond) {}

  public NodeSample {
    requireNonNull(phase, "phase");
    classes = List.copyOf(classes);
  }

  /** Whether the governor is in normal service, where only the window binds. */
  public boolean open() {
    return phase.equals("OPEN");
  }

  /** Whether nothing passes but probes. */
  public boolean outage() {
    return phase.equals("OUTAGE");
  }
}
