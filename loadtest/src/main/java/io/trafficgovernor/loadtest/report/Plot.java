package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.page.Sheet;
import java.util.ArrayList;
import java.util.List;

/** A line plot over time as one SVG element that needs nothing else. */
public final class Plot {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 240;
  private static final int LEFT = 46;
  private static final int RIGHT = 10;
  private static final int TOP = 24;
  private static final int BOTTOM = 58;
  private static final List<String> COLOURS =
      List.of(
          "#1b6ca8", "#d1495b", "#3a7d44", "#8d5a97", "#c97b1e", "#2a9d8f", "#6c757d", "#b5179e",
          "#7f5539", "#4361ee");

  private final String title;
  private final double fromSeconds;
  private final double toSeconds;
  private final double highest;
  private final StringBuilder lines = new StringBuilder();
  private final List<String> names = new ArrayList<>();

  /** An empty plot of that span of time; values above {@code highest} are cut off. */
  public Plot(String title, double fromSeconds, double toSeconds, double highest) {
    this.title = title;
    this.fromSeconds = fromSeconds;
    this.toSeconds = Math.max(toSeconds, fromSeconds + 1);
    this.highest = Math.max(1, highest);
  }

  /** Adds a line with a value a second; it is broken where a value is not known. */
  public Plot line(String name, double firstSeconds, double[] values) {
    return line(name, firstSeconds, 1, values);
  }

  /** Adds a line with a value every so many seconds; it is broken where a value is not known. */
  public Plot line(String name, double firstSeconds, double stepSeconds, double[] values) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        drawing = false;
      } else {
        path.append(drawing ? 'L' : 'M')
            .append("%.1f %.1f ".formatted(x(firstSeconds + i * stepSeconds), y(values[i])));
        drawing = true;
      }
    }
    lines.append(
        "<path d='%s' fill='none' stroke='%s' stroke-width='1.4'><title>%s</title></path>%n"
            .formatted(path, colour(names.size()), escape(name)));
    names.add(name);
    return this;
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private double x(double seconds) {
    double part = (seconds - fromSeconds) / (toSeconds - fromSeconds);
    return LEFT + Math.min(1, Math.max(0, part)) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    double part = Math.min(1, Math.max(0, value / highest));
    return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
  }

  /** The element. */
  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox='0 0 %d %d' role='img'><text x='%d' y='14' class='t'>%s</text>%n"
            .formatted(WIDTH, HEIGHT, LEFT, escape(title)));
    for (int quarter = 0; quarter <= 4; quarter++) {
      double value = highest * quarter / 4;
      svg.append(
          "<path d='M%d %.1fH%d' class='g'/><text x='%d' y='%.1f' class='y'>%.0f</text>%n"
              .formatted(LEFT, y(value), WIDTH - RIGHT, LEFT - 4, y(value) + 3, value));
    }
    double step = step();
    for (double at = Math.ceil(fromSeconds / step) * step; at <= toSeconds; at += step) {
      svg.append(
          "<text x='%.1f' y='%d' class='x'>%.0f s</text>%n"
              .formatted(x(at), HEIGHT - BOTTOM + 14, at));
    }
    svg.append(
        "<path d='M%.1f %dV%d' class='m'><title>the store returns</title></path>%n"
            .formatted(x(0), TOP, HEIGHT - BOTTOM));
    return svg.append(lines).append(legend()).append("</svg>").toString();
  }

  private double step() {
    double span = toSeconds - fromSeconds;
    return span > 120 ? 30 : span > 60 ? 20 : span > 30 ? 10 : 5;
  }

  private String legend() {
    StringBuilder legend = new StringBuilder();
    int perRow = 5;
    int cell = (WIDTH - LEFT) / perRow;
    for (int i = 0; i < names.size(); i++) {
      int x = LEFT + i % perRow * cell;
      int y = HEIGHT - BOTTOM + 30 + i / perRow * 14;
      legend.append(
          "<path d='M%d %dh12' stroke='%s' stroke-width='3'/><text x='%d' y='%d'>%s</text>%n"
              .formatted(x, y - 4, colour(i), x + 16, y, escape(names.get(i))));
    }
    return legend.toString();
  }

  /** Text as it may stand in HTML and SVG. */
  public static String escape(String text) {
    return Sheet.escape(text);
  }
}
