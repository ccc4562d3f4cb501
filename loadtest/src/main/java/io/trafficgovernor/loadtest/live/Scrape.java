package io.trafficgovernor.loadtest.live;

import java.util.function.Predicate;

/** Reads the Prometheus text format. */
public final class Scrape {
  private Scrape() {}

  /**
   * Sum of a metric over all its labels; 0 if it is absent, which for a counter means that nothing
   * was counted yet.
   *
   * @throws IllegalArgumentException if a value is no number
   */
  public static double sum(String text, String name) {
    return sum(text, name, any -> true);
  }

  /** The same over those series only whose labels, {@code a="b",c="d"}, are wanted. */
  public static double sum(String text, String name, Predicate<String> labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> labels.test(labels(line)))
        .mapToDouble(Scrape::value)
        .sum();
  }

  private static String labels(String line) {
    int open = line.indexOf('{');
    return open < 0 ? "" : line.substring(open + 1, line.lastIndexOf('}'));
  }

  /** The value follows the labels; a time stamp may follow the value. */
  private static double value(String line) {
    String rest = line.substring(Math.max(line.lastIndexOf('}') + 1, line.indexOf(' '))).trim();
    String value = rest.contains(" ") ? rest.substring(0, rest.indexOf(' ')) : rest;
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "metric: got '" + line + "', allowed a number at its end", e);
    }
  }
}
