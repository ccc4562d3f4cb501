package io.trafficgovernor.loadtest.proof;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.rival.PriorityProxy;
import io.trafficgovernor.loadtest.scenario.Measure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/** Everything that is told of a campaign. Not thread-safe. */
public final class Proof {
  private static final double LATER_SECONDS = 1.5;

  private final List<Summary> ours = new ArrayList<>();
  private final List<Summary> beside = new ArrayList<>();
  private final List<Picture> pictures = new ArrayList<>();

  /** Adds what the governor showed: it is judged. */
  public void ours(Summary summary) {
    ours.add(summary);
  }

  /** Adds what another control showed: it is only told. */
  public void beside(Summary summary) {
    beside.add(summary);
  }

  /** Keeps the lines of a run, to be drawn. */
  public void picture(Run run, Run oracle) {
    pictures.add(Picture.of(run, oracle));
  }

  /** What was promised and what came of it; also against the strongest rival, where it ran. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Summary mine : ours) {
      checks.addAll(mine.checks());
      beside.stream()
          .filter(other -> other.name().equals(mine.name()))
          .filter(other -> other.control().equals(PriorityProxy.NAME))
          .forEach(other -> checks.add(notLater(mine, other)));
    }
    return checks;
  }

  /** The rival is told the store's slots and never closes, so it may be a little earlier. */
  private static Check notLater(Summary mine, Summary other) {
    OptionalDouble median = mine.median(Measure.CRITICAL_BACK);
    boolean back = median.orElse(Double.POSITIVE_INFINITY) < Double.POSITIVE_INFINITY;
    double rival = other.median(Measure.CRITICAL_BACK).orElse(Double.POSITIVE_INFINITY);
    return Check.atMost(
        mine.name() + "-critical-back-beside",
        back ? median : OptionalDouble.empty(),
        rival + LATER_SECONDS,
        "median of ours, s; %s has %.2f s, and may be %.1f s earlier"
            .formatted(other.control(), rival, LATER_SECONDS));
  }

  /** The governor's first, then the others'. */
  List<Summary> summaries() {
    List<Summary> all = new ArrayList<>(ours);
    all.addAll(beside);
    return all;
  }

  List<Picture> pictures() {
    return Collections.unmodifiableList(pictures);
  }

  boolean passed() {
    return checks().stream().allMatch(Check::pass);
  }
}
