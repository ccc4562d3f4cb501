package io.trafficgovernor.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load generator wrk. It is a closed loop: each connection sends its next request when it has
 * the last answer, so its times are those of a proxy that is busy all the time.
 */
final class Wrk {
  private static final String TIME = "\\s+([0-9.]+)(us|ms|s|m)";

  private Wrk() {}

  /** The command for a run. */
  static List<String> command(String url, int connections, int seconds) {
    return List.of(
        "wrk",
        "-t1",
        "-c" + connections,
        "-d" + seconds + "s",
        "--timeout",
        "10s",
        "--latency",
        url);
  }

  /** The same with a connection of its own for each request. */
  static List<String> closing(String url, int connections, int seconds) {
    List<String> command = new ArrayList<>(command(url, connections, seconds));
    command.addAll(command.size() - 1, List.of("-H", "Connection: close"));
    return command;
  }

  /**
   * Reads what wrk prints. Pure.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static Load parse(String text) {
    long broken = 0;
    Matcher errors = Pattern.compile("Socket errors: (.*)").matcher(text);
    if (errors.find()) {
      Matcher count = Pattern.compile("\\d+").matcher(errors.group(1));
      while (count.find()) {
        broken += Long.parseLong(count.group());
      }
    }
    return new Load(
        Long.parseLong(found(text, "(\\d+) requests in").group(1)),
        Double.parseDouble(found(text, "Requests/sec:\\s+([0-9.]+)").group(1)),
        millis(found(text, "50%" + TIME)),
        millis(found(text, "99%" + TIME)),
        optional(text, "Non-2xx or 3xx responses: (\\d+)"),
        broken);
  }

  private static Matcher found(String text, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("wrk: got \"" + text + "\", allowed its own report");
    }
    return matcher;
  }

  private static long optional(String text, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private static double millis(Matcher time) {
    double number = Double.parseDouble(time.group(1));
    return switch (time.group(2)) {
      case "us" -> number / 1000;
      case "ms" -> number;
      case "s" -> number * 1000;
      default -> number * 60_000;
    };
  }
}
