package io.trafficgovernor.loadtest.phase;

import io.trafficgovernor.loadtest.page.Checks;
import io.trafficgovernor.loadtest.page.Sheet;
import io.trafficgovernor.loadtest.report.Plot;
import java.util.function.Function;

/** A study as one HTML page that asks nothing of the network. */
final class StudyPage {
  private static final int CELL_WIDTH = 62;
  private static final int CELL_HEIGHT = 30;
  private static final int LEFT = 60;
  private static final int TOP = 28;
  private static final String STYLE =
      """
      svg .up { fill: #b9e0c4 } svg .down { fill: #f0b3ae } svg .over { fill: #e6e6e6 }
      """;

  private final Study study;
  private final StringBuilder html = new StringBuilder();

  private StudyPage(Study study) {
    this.study = study;
  }

  static String of(Study study) {
    return new StudyPage(study).write();
  }

  private String write() {
    String verdict = study.passed() ? "PASS" : "FAIL";
    html.append(Sheet.begin(study.title(), verdict, STYLE))
        .append("<p>%s %s</p>%n".formatted(capacity(), thresholds()));
    published();
    html.append(
            "<h2>Phase diagram</h2><p>Seconds from the trigger's end until all is back. Columns:")
        .append(
            " demand as a share of the capacity; rows: length of the trigger. Grey: more demand")
        .append(" than is promised.</p><div class='grid'>\n");
    diagram("Without the governor", Diagram.Cell::without);
    diagram("With the governor", Diagram.Cell::with);
    html.append("</div>\n<h2>The published trigger</h2>").append(goodput());
    html.append(Checks.html(study.checks()));
    return html.append(Sheet.end()).toString();
  }

  private String capacity() {
    return Sheet.escape(StudyTable.capacity(study));
  }

  private String thresholds() {
    return Sheet.escape(StudyTable.thresholds(study.thresholds()));
  }

  private void published() {
    html.append("<table><tr><th>published<th>outcome<th>seeds that stay down here</tr>\n");
    for (Study.Published each : study.published()) {
      html.append(
          "<tr><td>%s<td>%s<td>%d of %d</tr>%n"
              .formatted(
                  Sheet.escape(each.words()),
                  each.staysDown() ? "stays down" : "recovers",
                  each.down(),
                  each.seeds()));
    }
    html.append("</table>\n");
  }

  private void diagram(String title, Function<Diagram.Cell, Trial.Outcome> which) {
    Diagram diagram = study.diagram();
    int columns = diagram.demandShares().size();
    int rows = diagram.lengths().size();
    html.append(
        "<svg viewBox='0 0 %d %d' role='img'><text x='%d' y='14' class='t'>%s</text>%n"
            .formatted(
                LEFT + columns * CELL_WIDTH + 8,
                TOP + rows * CELL_HEIGHT + 24,
                LEFT,
                Sheet.escape(title)));
    for (int row = 0; row < rows; row++) {
      int y = TOP + (rows - 1 - row) * CELL_HEIGHT;
      label(LEFT - 6, y + CELL_HEIGHT / 2 + 3, "y", "%.0f s".formatted(diagram.lengths().get(row)));
      for (int column = 0; column < columns; column++) {
        cell(LEFT + column * CELL_WIDTH, y, diagram.at(row, column), which);
      }
    }
    for (int column = 0; column < columns; column++) {
      int middle = LEFT + column * CELL_WIDTH + CELL_WIDTH / 2;
      String share = "%.2f".formatted(diagram.demandShares().get(column));
      label(middle, TOP + rows * CELL_HEIGHT + 14, "x", share);
    }
    html.append("</svg>\n");
  }

  private void cell(int x, int y, Diagram.Cell cell, Function<Diagram.Cell, Trial.Outcome> which) {
    Trial.Outcome outcome = which.apply(cell);
    String kind = outcome.recovered() ? "up" : cell.promised() ? "down" : "over";
    html.append(
        "<rect x='%d' y='%d' width='%d' height='%d' class='%s'/>%n"
            .formatted(x + 1, y + 1, CELL_WIDTH - 2, CELL_HEIGHT - 2, kind));
    label(x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 3, "x", StudyTable.cell(outcome));
  }

  private void label(int x, int y, String kind, String words) {
    html.append(
        "<text x='%d' y='%d' class='%s'>%s</text>%n".formatted(x, y, kind, Sheet.escape(words)));
  }

  private String goodput() {
    double[] without = study.without().good();
    return new Plot("Answers in time per second", 0, without.length, 1.5 * study.trial().demand())
        .line("without the governor", 0.5, without)
        .line("with the governor", 0.5, study.with().good())
        .line("capacity", 0.5, study.with().capacity())
        .svg();
  }
}
