package io.trafficgovernor.loadtest.report;

import static java.util.Objects.requireNonNull;

/**
 * A row of the incident's table.
 *
 * @param client its place in the population; -1 for the store itself, which asks for nothing
 * @param degraded the answer that would have been right while the store was away
 */
public record SystemFacts(
    String name, String className, String impact, String degraded, int client) {
  /** The place of the store itself. */
  public static final int NO_CLIENT = -1;

  public SystemFacts {
    requireNonNull(name, "name");
    requireNonNull(className, "className");
    requireNonNull(impact, "impact");
    requireNonNull(degraded, "degraded");
  }
}
