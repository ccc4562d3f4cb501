package io.trafficgovernor.loadtest.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of a bench, as a table and as JSON; ratios are of CPU time per request. */
final class GatewayTable {
  private final List<Row> rows = new ArrayList<>();

  /**
   * One run.
   *
   * @param load what the load generator saw
   * @param cpuMicros CPU time of the proxy's process for each request
   * @param residentKib its memory at the end
   */
  record Figure(Load load, double cpuMicros, long residentKib) {}

  private record Row(String who, String what, Figure figure) {}

  void add(String who, String what, Figure figure) {
    rows.add(new Row(who, what, figure));
  }

  /**
   * CPU time per request beside that of another in the same kind of run; empty if one of them had
   * none, or answered nothing.
   */
  Optional<Double> ratio(String who, String other, String what) {
    return cpu(who, what).flatMap(mine -> cpu(other, what).map(theirs -> mine / theirs));
  }

  private Optional<Double> cpu(String who, String what) {
    return rows.stream()
        .filter(row -> row.who().equals(who) && row.what().equals(what))
        .filter(row -> row.figure().load().requests() > 0)
        .map(row -> row.figure().cpuMicros())
        .findFirst();
  }

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-12s %-9s %10s %9s %9s %8s %7s %9s %9s %8s %7s"
            .formatted(
                "proxy",
                "run",
                "requests/s",
                "p50 ms",
                "p99 ms",
                "CPU us",
                "RSS MB",
                "x bare",
                "x HAProxy",
                "refused",
                "broken"));
    for (Row row : rows) {
      Figure figure = row.figure();
      lines.add(
          "%-12s %-9s %10.0f %9.2f %9.2f %8.1f %7.0f %9s %9s %8d %7d"
              .formatted(
                  row.who(),
                  row.what(),
                  figure.load().perSecond(),
                  figure.load().p50Millis(),
                  figure.load().p99Millis(),
                  figure.cpuMicros(),
                  figure.residentKib() / 1024.0,
                  text(ratio(row.who(), "bare Vert.x", row.what())),
                  text(ratio(row.who(), "HAProxy", row.what())),
                  figure.load().refused(),
                  figure.load().broken()));
    }
    return lines;
  }

  private static String text(Optional<Double> ratio) {
    return ratio.map("%.2f"::formatted).orElse("-");
  }

  /** For programs. */
  JsonObject json() {
    JsonArray runs = new JsonArray();
    for (Row row : rows) {
      Figure figure = row.figure();
      runs.add(
          new JsonObject()
              .put("proxy", row.who())
              .put("run", row.what())
              .put("requests_per_s", figure.load().perSecond())
              .put("p50_ms", figure.load().p50Millis())
              .put("p99_ms", figure.load().p99Millis())
              .put("cpu_us_per_request", figure.cpuMicros())
              .put("rss_kib", figure.residentKib())
              .put("refused", figure.load().refused())
              .put("broken", figure.load().broken())
              .put("cpu_x_bare", ratio(row.who(), "bare Vert.x", row.what()).orElse(null))
              .put("cpu_x_haproxy", ratio(row.who(), "HAProxy", row.what()).orElse(null)));
    }
    return new JsonObject().put("runs", runs);
  }
}
