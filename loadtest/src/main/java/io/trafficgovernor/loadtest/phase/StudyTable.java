package io.trafficgovernor.loadtest.phase;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.page.Checks;
import java.util.function.Function;

/** A study as Markdown. */
final class StudyTable {
  private StudyTable() {}

  static String of(Study study) {
    StringBuilder text = new StringBuilder("# %s%n%n".formatted(study.title()));
    text.append(capacity(study)).append("\n\n");
    text.append("| published | outcome | seeds that stay down here |\n|---|---|---|\n");
    for (Study.Published each : study.published()) {
      text.append(
          "| %s | %s | %d of %d |%n"
              .formatted(
                  each.words(),
                  each.staysDown() ? "stays down" : "recovers",
                  each.down(),
                  each.seeds()));
    }
    text.append('\n').append(thresholds(study.thresholds())).append("\n\n");
    grid(text, "Without the governor", study.diagram(), Diagram.Cell::without);
    grid(text, "With the governor", study.diagram(), Diagram.Cell::with);
    for (Check check : study.checks()) {
      text.append("- ").append(Checks.line(check)).append('\n');
    }
    return text.toString();
  }

  /** How the capacity came to be, in words. */
  static String capacity(Study study) {
    double capacity = study.trial().capacity();
    return study
        .fit()
        .map(
            fit ->
                "Capacity %.0f/s, fitted: the lower demand recovers from %.0f/s on, the usual one"
                        .formatted(capacity, fit.lowest())
                    + " of %.0f/s stays down up to %.0f/s."
                        .formatted(study.trial().demand(), fit.highest()))
        .orElse("Capacity %.0f/s, as told.".formatted(capacity));
  }

  /** Where the thresholds lie, in words. */
  static String thresholds(Thresholds thresholds) {
    if (thresholds.sorted().isEmpty()) {
      return "No trigger of up to %.0f s keeps it down.".formatted(Thresholds.LONGEST_SECONDS);
    }
    return "Shortest trigger after which it stays down: median %.2f s, %.2f to %.2f s, %d seeds."
        .formatted(
            thresholds.median().orElseThrow(),
            thresholds.sorted().get(0),
            thresholds.sorted().get(thresholds.sorted().size() - 1),
            thresholds.seconds().size());
  }

  private static void grid(
      StringBuilder text,
      String title,
      Diagram diagram,
      Function<Diagram.Cell, Trial.Outcome> which) {
    text.append("%s: seconds from the trigger's end until all is back.%n%n".formatted(title));
    text.append("| trigger \\ demand |");
    diagram.demandShares().forEach(share -> text.append(" %.2f |".formatted(share)));
    text.append("\n|---|").append("---|".repeat(diagram.demandShares().size())).append('\n');
    for (int row = 0; row < diagram.lengths().size(); row++) {
      text.append("| %.0f s |".formatted(diagram.lengths().get(row)));
      for (int column = 0; column < diagram.demandShares().size(); column++) {
        text.append(' ').append(cell(which.apply(diagram.at(row, column)))).append(" |");
      }
      text.append('\n');
    }
    text.append('\n');
  }

  /** A cell's outcome in a word. */
  static String cell(Trial.Outcome outcome) {
    if (!outcome.recovered()) {
      return "down, %.0f %%".formatted(outcome.goodPercent());
    }
    return outcome.backSeconds().isPresent()
        ? "%.1f s".formatted(outcome.backSeconds().getAsDouble())
        : "%.1f %%".formatted(outcome.goodPercent());
  }
}
