package io.trafficgovernor.loadtest.phase;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that was found.
 *
 * @param trial the published trigger, with the capacity that was fitted or told
 * @param fit empty if the capacity was told
 * @param published what was published, and what came of it
 * @param without goodput per second under the published trigger without the governor
 * @param with the same with it
 */
record Study(
    String title,
    Trial trial,
    Optional<CapacityFit> fit,
    List<Published> published,
    Thresholds thresholds,
    Diagram diagram,
    Timeline without,
    Timeline with) {
  private static final double FROM_SECONDS = 5;
  private static final double TO_SECONDS = 20;
  private static final double SHARE_OF_SEEDS = 0.9;

  /**
   * An outcome of the real store.
   *
   * @param staysDown what was published
   * @param down seeds with which the simulated one stayed down
   */
  record Published(String words, boolean staysDown, int down, int seeds) {}

  Study {
    published = List.copyOf(published);
  }

  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    fit.ifPresent(
        found ->
            checks.add(
                Check.below(
                    "fit-bounds",
                    OptionalDouble.of(found.lowest()),
                    found.highest(),
                    "lowest capacity at which the lower demand recovers, against the highest at"
                        + " which the usual one stays down")));
    int seeds = thresholds.seconds().size();
    checks.add(
        Check.atLeast(
            "threshold-seeds",
            OptionalDouble.of(thresholds.within(FROM_SECONDS, TO_SECONDS)),
            Math.ceil(SHARE_OF_SEEDS * seeds),
            "of %d seeds have their threshold between %.0f and %.0f s"
                .formatted(seeds, FROM_SECONDS, TO_SECONDS)));
    checks.add(
        Check.none(
            "governed-cells-down",
            diagram.brokenPromises(),
            "cells with a demand of at most %.2f of the capacity that stay down with the governor"
                .formatted(Diagram.PROMISED_SHARE)));
    checks.add(
        Check.atLeast(
            "ungoverned-cells-down",
            OptionalDouble.of(diagram.downWithout()),
            1,
            "cells that stay down without it: or the diagram would show nothing"));
    return checks;
  }

  boolean passed() {
    return checks().stream().allMatch(Check::pass);
  }
}
