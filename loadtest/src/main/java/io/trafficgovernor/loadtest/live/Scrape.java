package io.trafficgovernor.loadtest.live;

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
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(Scrape::value)
        .sum();
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
