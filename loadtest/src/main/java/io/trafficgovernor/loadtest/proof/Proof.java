package io.trafficgovernor.loadtest.proof;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.measure.Summary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Everything that is told of a campaign. Not thread-safe. */
public final class Proof {
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

  /** What was promised and what came of it. */
  public List<Check> checks() {
    return ours.stream().flatMap(summary -> summary.checks().stream()).toList();
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
