package io.trafficgovernor.loadtest.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load generator h2load, for what wrk cannot do: HTTP/2, and a given rate. Its times come from
 * its log, which has a line for each answer: start, status, microseconds.
 */
final class H2Load {
  private static final double MICROS_PER_MILLI = 1e3;

  private H2Load() {}

  /** HTTP/2 in clear text, as fast as it goes: each connection has so many requests under way. */
  static List<String> http2(String url, int connections, int streams, int seconds, Path log) {
    return List.of(
        "h2load", "-c" + connections, "-m" + streams, "-D" + seconds, "--log-file=" + log, url);
  }

  /** HTTP/1.1 at a given rate, whatever the answers take, as long as a connection is free. */
  static List<String> paced(String url, int connections, double rps, int seconds, Path log) {
    return List.of(
        "h2load",
        "--h1",
        "-c" + connections,
        "--rps=" + Math.max(1, Math.round(rps / connections)),
        "-D" + seconds,
        "--log-file=" + log,
        url);
  }

  /**
   * Reads what h2load prints, and its log. Pure.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static Load parse(String text, List<String> log) {
    double[] millis =
        log.stream()
            .mapToDouble(line -> Long.parseLong(line.split("\t", -1)[2]) / MICROS_PER_MILLI)
            .sorted()
            .toArray();
    Matcher counts =
        found(text, "(\\d+) done, \\d+ succeeded, \\d+ failed, (\\d+) errored, (\\d+) timeout");
    Matcher statuses = found(text, "(\\d+) 4xx, (\\d+) 5xx");
    return new Load(
        Long.parseLong(counts.group(1)),
        Double.parseDouble(found(text, "([0-9.]+) req/s").group(1)),
        percentile(millis, 0.5),
        percentile(millis, 0.99),
        Long.parseLong(statuses.group(1)) + Long.parseLong(statuses.group(2)),
        Long.parseLong(counts.group(2)) + Long.parseLong(counts.group(3)));
  }

  private static double percentile(double[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(part * sorted.length) - 1];
  }

  private static Matcher found(String text, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("h2load: got \"" + text + "\", allowed its own report");
    }
    return matcher;
  }
}
