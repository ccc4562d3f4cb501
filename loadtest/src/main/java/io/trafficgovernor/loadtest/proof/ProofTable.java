package io.trafficgovernor.loadtest.proof;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.measure.Summary;
import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.scenario.Measure;
import java.util.List;
import java.util.OptionalDouble;

/** A proof as a Markdown table: one row for each scenario and control, median (worst). */
final class ProofTable {
  private static final List<Measure> COLUMNS =
      List.of(
          Measure.EFFICIENCY,
          Measure.EFFICIENCY_60,
          Measure.EFFICIENCY_120,
          Measure.CRITICAL_BACK,
          Measure.ALL_BACK,
          Measure.CRITICAL_SERVED,
          Measure.T95,
          Measure.OPEN_AGAIN,
          Measure.RESTARTS,
          Measure.EXCESS_100MS,
          Measure.EXCESS_1S,
          Measure.ORDER_REFUSALS,
          Measure.ATTEMPTS_PER_SUCCESS,
          Measure.BAD_WORK,
          Measure.JAIN,
          Measure.UTILISATION);

  private ProofTable() {}

  static List<Measure> columns() {
    return COLUMNS;
  }

  static String of(Proof proof) {
    StringBuilder text = new StringBuilder("| scenario | control | nodes | seeds |");
    COLUMNS.forEach(column -> text.append(' ').append(heading(column)).append(" |"));
    text.append(" beyond / B | violations |\n|---|---|---|---|");
    text.append("---|".repeat(COLUMNS.size() + 2)).append('\n');
    for (Summary summary : proof.summaries()) {
      text.append(
          "| %s | %s | %d | %d |"
              .formatted(
                  summary.scenario().name(),
                  summary.control(),
                  summary.nodes(),
                  summary.figures().size()));
      COLUMNS.forEach(column -> text.append(' ').append(cell(summary, column)).append(" |"));
      text.append(
          " %.0f / %.0f | %s |%n"
              .formatted(summary.beyond(), summary.bound(), summary.violations()));
    }
    text.append("\nMedian (worst) of the seeds.\n\n");
    for (Check check : proof.checks()) {
      if (!check.pass()) {
        text.append("- ").append(Checks.line(check)).append('\n');
      }
    }
    return text.append(proof.passed() ? "All checks passed.\n" : "").toString();
  }

  static String heading(Measure measure) {
    String unit = measure.unit().isEmpty() ? "" : ", " + measure.unit();
    return measure.tag().replace('-', ' ') + unit;
  }

  static String cell(Summary summary, Measure measure) {
    return number(summary.median(measure)) + " (" + number(summary.worst(measure)) + ")";
  }

  private static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    double number = value.getAsDouble();
    if (Double.isInfinite(number)) {
      return "never";
    }
    return Math.abs(number) < 10 ? "%.2f".formatted(number) : "%.1f".formatted(number);
  }
}
