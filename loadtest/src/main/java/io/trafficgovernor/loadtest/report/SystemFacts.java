package io.trafficgovernor.loadtest.report;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.record.Given;
import io.trafficgovernor.loadtest.record.RunRecord;

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

  /**
   * The degraded answer, and how often a run gave it.
   *
   * @param refused attempts of it that a governor refused in that run
   */
  String degradedIn(RunRecord run, long refused) {
    return degraded
        + ": "
        + run.given().map(each -> given(run, each, refused)).orElse("no governor");
  }

  private String given(RunRecord run, Given given, long refused) {
    if (client == NO_CLIENT) {
      return "%d given".formatted(given.ages().answers());
    }
    Given.OfSystem own = given.systems().get(client);
    return switch (run.population().instead(client)) {
      case REJECT -> "%d refused".formatted(refused);
      case STALE -> "%d given, the oldest of %.0f s".formatted(own.stale(), own.oldestSeconds());
      case FAIL_OPEN -> "%d let in, %d used tokens refused".formatted(own.opened(), own.used());
      case JOURNAL -> "%d acknowledged, %d lost".formatted(own.journaled(), own.lost());
    };
  }
}
